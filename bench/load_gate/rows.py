"""A district's records as the API sends them, and what every situation needs to find or change in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

Row = dict[str, Any]
Records = dict[str, list[Row]]
# Changes its own copy of the records; the same random numbers give the same change.
Change = Callable[[Records, Random], None]

STUDENT_ENDPOINTS = ("Student", "StudentContact", "UDRegUser")
CONTACT_ENDPOINTS = ("Contact", "ContactAddress", "ContactPhone", "StudentContact")
NAMES = ("firstName", "middleName", "lastName")


def copied(records: Records) -> Records:
    return {endpoint: [dict(row) for row in rows] for endpoint, rows in records.items()}


def key(value: object) -> str:
    """An id to compare: as text, without the blanks of a `char` column."""
    return str(value).strip()


def in_turn(*changes: Change) -> Change:
    """Several changes as one."""

    def change(records: Records, rng: Random) -> None:
        for each in changes:
            each(records, rng)

    return change


def some(rng: Random, rows: list[Row], share: float) -> list[Row]:
    """A share of the rows at random, at least one."""
    return rng.sample(rows, min(len(rows), max(1, round(share * len(rows)))))


def guardians(records: Records) -> list[Row]:
    return [link for link in records["StudentContact"] if key(link["contactType"]) == "G"]


def guardian_contacts(records: Records) -> list[Row]:
    ids = {link["contactId"] for link in guardians(records)}
    return [contact for contact in records["Contact"] if contact["contactId"] in ids]


def active(records: Records) -> list[Row]:
    return [student for student in records["Student"] if student["currentStatus"] == "A"]


def by_student(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row["studentId"])].append(row)
    return found


def largest_school(records: Records) -> str:
    return Counter(key(student["building"]) for student in active(records)).most_common(1)[0][0]


def at_school(records: Records, school: str) -> set[str]:
    return {key(s["studentId"]) for s in records["Student"] if key(s["building"]) == school}


def drop(records: Records, endpoint: str, gone: Iterable[Row]) -> None:
    ids = {id(row) for row in gone}
    records[endpoint] = [row for row in records[endpoint] if id(row) not in ids]


def drop_students(records: Records, ids: set[str]) -> None:
    """Students leave every endpoint; a contact stays only with a student who stays."""
    for endpoint in STUDENT_ENDPOINTS:
        records[endpoint] = [row for row in records[endpoint] if key(row["studentId"]) not in ids]
    linked = {link["contactId"] for link in records["StudentContact"]}
    for endpoint in CONTACT_ENDPOINTS[:3]:
        records[endpoint] = [row for row in records[endpoint] if row["contactId"] in linked]


def rewrite(records: Records, endpoints: Iterable[str], label: str, value: Callable[[Any], Any]) -> None:
    """Replace every value of one label."""
    for endpoint in endpoints:
        for row in records[endpoint]:
            row[label] = value(row[label])


def rename_label(records: Records, endpoint: str, label: str, name: str) -> None:
    for row in records[endpoint]:
        row[name] = row.pop(label)


def shift(rows: list[Row], labels: Iterable[str]) -> None:
    """Each row gets the values of the next row."""
    values = [{label: row[label] for label in labels} for row in rows]
    for row, value in zip(rows, values[1:] + values[:1], strict=True):
        row.update(value)
