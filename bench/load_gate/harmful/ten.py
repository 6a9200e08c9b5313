"""The ten second nights on the public sample that were all published before the gate judged the load."""

from __future__ import annotations

from random import Random

from bench.load_gate.rows import (
    CONTACT_ENDPOINTS,
    STUDENT_ENDPOINTS,
    Change,
    Records,
    at_school,
    drop,
    guardians,
    key,
    largest_school,
    rewrite,
)
from bench.load_gate.situation import harmful


def guardians_become_contacts(records: Records, rng: Random) -> None:
    for link in guardians(records):
        link["contactType"] = "C"


def contacts_renumbered(records: Records, rng: Random) -> None:
    rewrite(records, CONTACT_ENDPOINTS, "contactId", lambda number: int(number) + 70_000_000)


def students_renumbered(records: Records, rng: Random) -> None:
    rewrite(records, STUDENT_ENDPOINTS, "studentId", lambda number: f"9{key(number)}")


def guardian_links_missing(share_of_links: float) -> Change:
    """A share of StudentContact is missing, all of it guardians: the last pages of a list by type."""

    def change(records: Records, rng: Random) -> None:
        number = int(share_of_links * len(records["StudentContact"]))
        drop(records, "StudentContact", guardians(records)[-number:])

    return change


def families_shifted(records: Records, rng: Random) -> None:
    ids = [student["studentId"] for student in records["Student"]]
    following = dict(zip(map(key, ids), ids[1:] + ids[:1], strict=True))
    for link in records["StudentContact"]:
        link["studentId"] = following[key(link["studentId"])]


def guardians_of_a_school_gone(records: Records, rng: Random) -> None:
    students = at_school(records, largest_school(records))
    drop(records, "StudentContact", [g for g in guardians(records) if key(g["studentId"]) in students])


def phones_emptied(records: Records, rng: Random) -> None:
    rewrite(records, ["ContactPhone"], "phone", lambda _: None)


def names_swapped(records: Records, rng: Random) -> None:
    for row in records["Student"]:
        row["firstName"], row["lastName"] = row["lastName"], row["firstName"]


def one_birth_date(records: Records, rng: Random) -> None:
    rewrite(records, ["Student"], "birthdate", lambda _: "2012-01-01T00:00:00")


def birth_date_unchecked(records: Records, rng: Random) -> None:
    """Someone cleared the Date of Birth checkbox: the label is not sent any more."""
    for row in records["Student"]:
        del row["birthdate"]


SITUATIONS = (
    harmful("every guardian is now a contact", "sample", guardians_become_contacts),
    harmful("contacts renumbered", "sample", contacts_renumbered),
    harmful("students renumbered", "sample", students_renumbered),
    harmful("19% of the links missing", "sample", guardian_links_missing(0.19)),
    harmful("families shifted by one student", "sample", families_shifted),
    harmful("guardians of one school gone", "sample", guardians_of_a_school_gone),
    harmful("phone numbers emptied", "sample", phones_emptied),
    harmful("first and last names swapped", "sample", names_swapped),
    harmful("one birth date for all", "sample", one_birth_date),
    harmful("Date of Birth checkbox cleared", "sample", birth_date_unchecked),
)
