"""An update or a setting of the SIS renamed a label or changed what a code means."""

from __future__ import annotations

from random import Random

from bench.load_gate.rows import (
    CONTACT_ENDPOINTS,
    STUDENT_ENDPOINTS,
    Change,
    Records,
    active,
    at_school,
    guardians,
    key,
    largest_school,
    rename_label,
    rewrite,
    some,
)
from bench.load_gate.situation import harmful


def label_renamed(endpoint: str, label: str, name: str) -> Change:
    return lambda records, rng: rename_label(records, endpoint, label, name)


def code_becomes(endpoint: str, label: str, codes: dict[str, str]) -> Change:
    """Codes of a table that was numbered again; other codes stay."""
    return lambda records, rng: rewrite(records, [endpoint], label, lambda code: codes.get(key(code), code))


def all_get(endpoint: str, label: str, value: object) -> Change:
    return lambda records, rng: rewrite(records, [endpoint], label, lambda _: value)


def relation_codes_numbered(records: Records, rng: Random) -> None:
    known = sorted({key(link["relationCode"]) for link in guardians(records) if link["relationCode"]})
    numbers = {code: f"{900 + number}" for number, code in enumerate(known)}
    code_becomes("StudentContact", "relationCode", numbers)(records, rng)


def flags_flipped(*labels: str) -> Change:
    """The meaning of Y and N was reversed."""

    def change(records: Records, rng: Random) -> None:
        for label in labels:
            code_becomes("StudentContact", label, {"Y": "N", "N": "Y"})(records, rng)

    return change


def new_status_code(records: Records, rng: Random) -> None:
    """A code that no one has mapped yet, for 150 in 962 students."""
    for student in some(rng, active(records), 150 / 962):
        student["currentStatus"] = "X"


def school_withdrawn(records: Records, rng: Random) -> None:
    """The students of one school were all withdrawn by a mass update."""
    students = at_school(records, largest_school(records))
    for student in active(records):
        if key(student["studentId"]) in students:
            student["currentStatus"] = "W"


def ids_zero_padded(endpoints: tuple[str, ...], label: str) -> Change:
    return lambda records, rng: rewrite(records, endpoints, label, lambda number: key(number).zfill(10))


def one_mass_update(records: Records, rng: Random) -> None:
    """A mass update put one contact into every guardian's place."""
    first = guardians(records)[0]["contactId"]
    for link in guardians(records):
        if key(link["contactPriority"]) == "1":
            link["contactId"] = first


SITUATIONS = (
    harmful(
        "label of the contact type renamed",
        "sample",
        label_renamed("StudentContact", "contactType", "ctType"),
    ),
    harmful("label of the birth date renamed", "300", label_renamed("Student", "birthdate", "studentBirth")),
    harmful("label of the contact id renamed", "300", label_renamed("Contact", "contactId", "contactNumber")),
    harmful("label of the last name renamed", "300", label_renamed("Student", "lastName", "surname")),
    harmful(
        "label of contacts' last name renamed", "sample", label_renamed("Contact", "lastName", "surname")
    ),
    harmful("label of the phone renamed", "300", label_renamed("ContactPhone", "phone", "phoneText")),
    harmful(
        "label of the legal guardian flag renamed",
        "300",
        label_renamed("StudentContact", "legalGuard", "legal"),
    ),
    harmful("contact type G becomes 1", "sample", code_becomes("StudentContact", "contactType", {"G": "1"})),
    harmful(
        "contact types G and C swapped",
        "300",
        code_becomes("StudentContact", "contactType", {"G": "C", "C": "G"}),
    ),
    harmful("gender as 1 and 2", "sample", code_becomes("Student", "gender", {"M": "1", "F": "2"})),
    harmful("gender codes swapped", "300", code_becomes("Student", "gender", {"M": "F", "F": "M"})),
    harmful("relation codes numbered", "300", relation_codes_numbered),
    harmful(
        "mothers and fathers swapped",
        "300",
        code_becomes("StudentContact", "relationCode", {"MOTH": "FATH ", "FATH": "MOTH "}),
    ),
    harmful(
        "phone types numbered",
        "300",
        code_becomes("ContactPhone", "phoneType", {"C": "1", "W": "2", "H": "3"}),
    ),
    harmful(
        "home and cell phones swapped", "300", code_becomes("ContactPhone", "phoneType", {"C": "H", "H": "C"})
    ),
    harmful("a new status code for one in six", "sample", new_status_code),
    harmful("all students INACTIVE", "sample", all_get("Student", "currentStatus", "I")),
    harmful("all students GRADUATED in November", "300", all_get("Student", "currentStatus", "G")),
    harmful("a school withdrawn by mistake", "sample", school_withdrawn),
    harmful(
        "custody and legal flags flipped", "sample", flags_flipped("legalGuard", "custGuard", "livingWith")
    ),
    harmful("every legal guardian flag set to N", "300", all_get("StudentContact", "legalGuard", "N")),
    harmful("living with: N for all", "300", all_get("StudentContact", "livingWith", "N")),
    harmful("student ids padded with zeros", "sample", ids_zero_padded(STUDENT_ENDPOINTS, "studentId")),
    harmful("contact ids padded with zeros", "300", ids_zero_padded(CONTACT_ENDPOINTS, "contactId")),
    harmful("one contact is everyone's first guardian", "300", one_mass_update),
)
