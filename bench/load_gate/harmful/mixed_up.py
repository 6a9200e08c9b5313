"""The right values at the wrong person: sorted, shifted, repeated or merged."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from bench.load_gate.rows import (
    NAMES,
    Change,
    Records,
    by_student,
    drop,
    guardian_contacts,
    guardians,
    key,
    largest_school,
    shift,
    some,
)
from bench.load_gate.situation import harmful

ADDRESS = ("apartment", "complex", "streetNumber", "streetName", "streetType", "streetSuffix", "city", "zip")


def shifted(endpoint: str, *labels: str) -> Change:
    """A column was sorted, or lost its first cell: each record has the next one's values."""
    return lambda records, rng: shift(records[endpoint], labels)


def names_of_guardians_shifted(records: Records, rng: Random) -> None:
    shift(guardian_contacts(records), NAMES)


def students_swapped_in_pairs(records: Records, rng: Random) -> None:
    """Two students have each other's id; families and schools stay with the ids."""
    rows = records["Student"]
    for one, other in zip(rows[::2], rows[1::2], strict=False):
        one["studentId"], other["studentId"] = other["studentId"], one["studentId"]


def state_codes_swapped(records: Records, rng: Random) -> None:
    one, other = records["School"][:2]
    one["stateCodeEquiv"], other["stateCodeEquiv"] = other["stateCodeEquiv"], one["stateCodeEquiv"]


def school_row_lost(records: Records, rng: Random) -> None:
    school = largest_school(records)
    drop(records, "School", [row for row in records["School"] if key(row["building"]) == school])


def all_at_one_school(records: Records, rng: Random) -> None:
    school = largest_school(records)
    for student in records["Student"]:
        student["building"] = school


def guardians_doubled(records: Records, rng: Random) -> None:
    """Every guardian was entered again under another contact id."""
    again = {
        contact["contactId"]: int(contact["contactId"]) + 60_000_000 for contact in guardian_contacts(records)
    }
    for endpoint in ("Contact", "ContactAddress", "ContactPhone"):
        records[endpoint] += [
            row | {"contactId": again[row["contactId"]]}
            for row in records[endpoint]
            if row["contactId"] in again
        ]
    records["StudentContact"] += [
        link | {"contactId": again[link["contactId"]], "contactPriority": 3} for link in guardians(records)
    ]


def students_doubled(share: float) -> Change:
    """Students were entered again under new ids, with their families."""

    def change(records: Records, rng: Random) -> None:
        links = by_student(records["StudentContact"])
        for student in some(rng, records["Student"], share):
            number = f"8{key(student['studentId'])}"
            records["StudentContact"] += [
                link | {"studentId": number} for link in links[key(student["studentId"])]
            ]
            records["Student"].append(student | {"studentId": number})

    return change


def siblings_share_one_name(records: Records, rng: Random) -> None:
    """A join without the student: each family's last child got the first child's name and birth date."""
    first: dict[object, dict[str, object]] = {}
    families: dict[object, list[dict[str, object]]] = defaultdict(list)
    mothers = {key(link["studentId"]): link["contactId"] for link in reversed(guardians(records))}
    for student in records["Student"]:
        family = mothers.get(key(student["studentId"]))
        if family is not None:
            families[family].append(student)
            first.setdefault(family, student)
    for family, children in families.items():
        for child in children:
            child.update({label: first[family][label] for label in ("firstName", "gender", "birthdate")})


def contacts_sorted_apart(records: Records, rng: Random) -> None:
    """Contact ids were sorted without the rest of the record."""
    ids = sorted(contact["contactId"] for contact in records["Contact"])
    rows = sorted(records["Contact"], key=lambda row: (row["lastName"] or "", row["firstName"] or ""))
    for row, number in zip(rows, ids, strict=True):
        row["contactId"] = number


SITUATIONS = (
    harmful("addresses shifted by one", "sample", shifted("ContactAddress", *ADDRESS)),
    harmful("phones shifted between contacts", "sample", shifted("ContactPhone", "phone")),
    harmful("guardians' names shifted by one", "sample", names_of_guardians_shifted),
    harmful("emails shifted by one", "300", shifted("Contact", "email")),
    harmful("state ids shifted by one", "sample", shifted("Student", "stateReportId")),
    harmful("birth dates shifted by one", "300", shifted("Student", "birthdate")),
    harmful("students swapped their ids in pairs", "sample", students_swapped_in_pairs),
    harmful("state codes of two schools swapped", "sample", state_codes_swapped),
    harmful("School loses a row", "sample", school_row_lost),
    harmful("all students at one school", "sample", all_at_one_school),
    harmful("every guardian entered twice", "sample", guardians_doubled),
    harmful("half of the students entered twice", "300", students_doubled(0.5)),
    harmful("siblings got the first child's name", "300", siblings_share_one_name),
    harmful("contact ids sorted apart from names", "300", contacts_sorted_apart),
    harmful("names shifted in a district of 30", "30", shifted("Student", *NAMES)),
)
