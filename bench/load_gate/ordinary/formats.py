"""The same records, written in another way; and fields that someone filled."""

from __future__ import annotations

from random import Random

from bench.load_gate.rows import (
    CONTACT_ENDPOINTS,
    STUDENT_ENDPOINTS,
    Change,
    Records,
    guardian_contacts,
    key,
    rewrite,
)
from bench.load_gate.situation import ordinary


def ids_as_numbers(records: Records, rng: Random) -> None:
    rewrite(records, STUDENT_ENDPOINTS, "studentId", int)
    rewrite(records, ["Student", "School"], "building", int)


def ids_padded(records: Records, rng: Random) -> None:
    rewrite(records, STUDENT_ENDPOINTS, "studentId", lambda value: f"{key(value):<10}")
    rewrite(records, CONTACT_ENDPOINTS, "contactId", lambda value: f" {value} ")
    rewrite(records, ["StudentContact"], "contactType", lambda value: f"{key(value):<5}")


def ids_as_decimals(records: Records, rng: Random) -> None:
    rewrite(records, CONTACT_ENDPOINTS, "contactId", float)


def records_in_another_order(records: Records, rng: Random) -> None:
    for rows in records.values():
        rng.shuffle(rows)


def fields_in_another_order(records: Records, rng: Random) -> None:
    for rows in records.values():
        for number, row in enumerate(rows):
            rows[number] = dict(sorted(row.items(), reverse=True))


def labels_in_other_case(records: Records, rng: Random) -> None:
    for rows in records.values():
        for number, row in enumerate(rows):
            rows[number] = {label[0].upper() + label[1:]: value for label, value in row.items()}


def blanks_as_null(records: Records, rng: Random) -> None:
    for rows in records.values():
        for row in rows:
            row.update({label: None for label, value in row.items() if value == ""})


def dates_without_time(records: Records, rng: Random) -> None:
    rewrite(records, ["Student"], "birthdate", lambda text: text[:10])


def phones_formatted(records: Records, rng: Random) -> None:
    rewrite(records, ["ContactPhone"], "phone", lambda text: text and f"({text[:3]}) {text[3:6]}-{text[6:]}")


def a_new_label(records: Records, rng: Random) -> None:
    for student in records["Student"]:
        student["counselor"] = "Room 12"


def without(share: float, label: str) -> Change:
    """A field that is not used yet by some."""

    def change(records: Records, rng: Random) -> None:
        for contact in guardian_contacts(records):
            if rng.random() < share:
                contact[label] = ""

    return change


def emails_filled(records: Records, rng: Random) -> None:
    """A registration form asked for emails: two in five guardians get their first."""
    for contact in guardian_contacts(records):
        if not contact["email"] or rng.random() < 0.02:
            contact["email"] = f"family{contact['contactId']}@example.org"


def thousand_phones_fixed(records: Records, rng: Random) -> None:
    """A project: 1,000 numbers of guardians are brought up to date."""
    ids = {contact["contactId"] for contact in guardian_contacts(records)}
    phones = [phone for phone in records["ContactPhone"] if phone["contactId"] in ids]
    for phone in rng.sample(phones, 1_000):
        phone["phone"] = f"591{rng.randrange(2_200_000, 9_999_999)}"


def middle_names_filled(records: Records, rng: Random) -> None:
    for student in records["Student"]:
        student["middleName"] = student["middleName"] or rng.choice(("Lee", "Ann", "Ray", "Joy"))


def home_phones_added(records: Records, rng: Random) -> None:
    """Families who had no home phone on file."""
    known = {row["contactId"] for row in records["ContactPhone"] if key(row["phoneType"]) == "H"}
    model = records["ContactPhone"][0]
    for contact in guardian_contacts(records):
        if contact["contactId"] not in known and rng.random() < 0.4:
            phone = {"phoneType": "H", "phone": f"590{rng.randrange(2_200_000, 9_999_999)}"}
            records["ContactPhone"].append(model | phone | {"contactId": contact["contactId"]})


SITUATIONS = (
    ordinary("ids sent as numbers", "sample", ids_as_numbers),
    ordinary("ids padded with blanks", "sample", ids_padded),
    ordinary("contact ids sent as 12.0", "300", ids_as_decimals),
    ordinary("records in another order", "sample", records_in_another_order),
    ordinary("fields in another order", "300", fields_in_another_order),
    ordinary("labels in another case", "300", labels_in_other_case),
    ordinary("blanks sent as null", "300", blanks_as_null),
    ordinary("birth dates sent without a time", "300", dates_without_time),
    ordinary("phones sent with parentheses", "300", phones_formatted),
    ordinary("a new label", "sample", a_new_label),
    ordinary("1,000 phones fixed in a district of 5,000", "5000", thousand_phones_fixed),
    ordinary("middle names filled", "sample", middle_names_filled),
    ordinary("home phones added", "300", home_phones_added),
    ordinary("first emails for two in five", "300", without(0.3, "email"), emails_filled, is_first=True),
)
