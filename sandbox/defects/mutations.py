"""How to put a defect into a family's records: small functions for `sandbox.defects.catalog`.

Each changes the records of one family (or one school) and returns how many records then fail which check.
Each defect gets a family of its own, so the counts of several defects add up. Counts follow the checks: with
a duplicate key, the records after the first fail; with a suspected duplicate (two students with one state
id, a person entered twice, two guardians with one priority), every record involved fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.population.source import Record, text

FamilyRows = dict[str, list[Record]]
# How many records fail: the check that the defect is named for, or each check.
Failed = int | dict[str, int]


@dataclass(frozen=True)
class UnusedIds:
    """Ids that no one in the district has; `nth` counts how often the defect was planted before."""

    nth: int
    student_id: int
    contact_id: int
    state_id: str


# Changes the records in place and returns what fails. None: the family doesn't fit, and nothing was changed.
Plant = Callable[[FamilyRows, UnusedIds], Failed | None]


@dataclass(frozen=True)
class Defect:
    """A defect; how often it is planted can be given as a share of the records of `endpoint`."""

    endpoint: str
    plant: Plant


def change(endpoint: str, label: str, *values: str, among: str = "all") -> Defect:
    """One record gets another value: the next of `values` each time."""

    def plant(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
        record = next(_AMONG[among](rows, endpoint), None)
        if record is None:
            return None
        record[label] = values[unused.nth % len(values)]
        return 1

    return Defect(endpoint, plant)


def duplicate(endpoint: str, among: str = "all") -> Defect:
    """One record is sent twice; the second was changed later."""

    def plant(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
        record = next(_AMONG[among](rows, endpoint), None)
        if record is None:
            return None
        rows[endpoint].append(record | {"changeDateTime": _a_year_later(record)})
        return 1

    return Defect(endpoint, plant)


def add_copy(endpoint: str, **values: str) -> Defect:
    """One more record: a copy of another one with these values; "unused" stands for an id that no one has."""

    def plant(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
        record = next(iter(rows[endpoint]), None)
        if record is None:
            return None
        ids: dict[str, object] = {"studentId": unused.student_id, "contactId": unused.contact_id}
        rows[endpoint].append(record | {k: ids[k] if v == "unused" else v for k, v in values.items()})
        return 1

    return Defect(endpoint, plant)


def without_links(contact_type: str) -> Defect:
    """One student has no links of a type."""

    def plant(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
        student = rows["Student"][0]
        drop(
            rows,
            "StudentContact",
            lambda link: same(link, student, "studentId") and link["contactType"] == contact_type,
        )
        return 1

    return Defect("Student", plant)


def guardians_without_phone(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """No guardian of an only child has a phone."""
    if len(rows["Student"]) > 1:
        return None
    guardians = _contact_ids(rows, "G")
    drop(rows, "ContactPhone", lambda phone: phone["contactId"] in guardians)
    return 1


def guardian_entered_twice(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
    """A guardian was entered again for the youngest child instead of being linked."""
    guardian = next((c for c in _AMONG["guardians"](rows, "Contact") if c["email"]), None)
    if guardian is None or len(rows["Student"]) < 2:
        return None
    original, youngest = guardian["contactId"], rows["Student"][-1]
    for endpoint in ("Contact", "ContactAddress", "ContactPhone"):
        copies = [record for record in rows[endpoint] if record["contactId"] == original]
        rows[endpoint] += [copy | {"contactId": unused.contact_id} for copy in copies]
    for link in rows["StudentContact"]:
        is_youngest = same(link, youngest, "studentId")
        if is_youngest and link["contactId"] == original and link["contactType"] == "G":
            link["contactId"] = unused.contact_id
    return 2


def guardian_without_rights(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """A guardian is neither a legal nor a custodial guardian, nor does the guardian live with the student."""
    link = next(_AMONG["guardian links"](rows, "StudentContact"))
    link |= dict.fromkeys(("legalGuard", "custGuard", "livingWith"), "N")
    return 1


def odd_priority(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
    """In turn: a guardian with priority 99, and two guardians of one student with the same priority."""
    links = [link for link in rows["StudentContact"] if link["contactType"] == "G"]
    links = [link for link in links if same(link, rows["Student"][0], "studentId")]
    if len(links) < 2:
        return None
    links[1]["contactPriority"] = 99 if unused.nth % 2 == 0 else links[0]["contactPriority"]
    return 1 + unused.nth % 2


def new_label(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
    """A label that plus360 doesn't know, a different one each time."""
    rows["Student"][0][f"newColumn{unused.nth + 1}"] = ""
    return 1


def lost_contact(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """A Contact record is missing, but the records that refer to it are sent."""
    contact = next(_AMONG["emergency"](rows, "Contact"), None)
    if contact is None:
        return None
    rows["Contact"].remove(contact)
    orphans = {
        check: sum(same(record, contact, "contactId") for record in rows[endpoint])
        for check, endpoint in (
            ("student_contacts__contact_id__exists", "StudentContact"),
            ("contact_addresses__contact_id__exists", "ContactAddress"),
            ("contact_phones__contact_id__exists", "ContactPhone"),
        )
    }
    return {check: number for check, number in orphans.items() if number}


def same(record: Record, other: Record, label: str) -> bool:
    """Whether two records have the same value."""
    return text(record, label) == text(other, label)


def drop(rows: FamilyRows, endpoint: str, matches: Callable[[Record], bool]) -> None:
    """Remove the records that match."""
    rows[endpoint] = [record for record in rows[endpoint] if not matches(record)]


def _a_year_later(record: Record) -> str:
    moment = str(record["changeDateTime"])
    return f"{int(moment[:4]) + 1}{moment[4:]}".replace("-02-29", "-02-28")


def _contact_ids(rows: FamilyRows, *contact_types: str) -> set[object]:
    return {link["contactId"] for link in rows["StudentContact"] if link["contactType"] in contact_types}


def _of_contacts(rows: FamilyRows, endpoint: str, inside: str, outside: str) -> Iterator[Record]:
    ids = _contact_ids(rows, *inside) - _contact_ids(rows, *outside)
    return (record for record in rows[endpoint] if record["contactId"] in ids)


# Which of a family's records a defect may change, so that only its own check fails.
_AMONG: Mapping[str, Callable[[FamilyRows, str], Iterator[Record]]] = {
    "all": lambda rows, endpoint: iter(rows[endpoint]),
    "guardians": lambda rows, endpoint: _of_contacts(rows, endpoint, "G", ""),
    "only guardians": lambda rows, endpoint: _of_contacts(rows, endpoint, "G", "PM"),
    "no guardians": lambda rows, endpoint: _of_contacts(rows, endpoint, "PMC", "G"),
    "emergency": lambda rows, endpoint: _of_contacts(rows, endpoint, "C", "PMG"),
    "with email": lambda rows, endpoint: (c for c in rows[endpoint] if c["email"]),
    "physical links": lambda rows, endpoint: (link for link in rows[endpoint] if link["contactType"] == "P"),
    "guardian links": lambda rows, endpoint: (link for link in rows[endpoint] if link["contactType"] == "G"),
}


def blank_school(label: str) -> Callable[[list[Record], int], None]:
    """A school has no value for a label."""

    def plant(schools: list[Record], which: int) -> None:
        schools[which][label] = ""

    return plant


def duplicate_school(schools: list[Record], which: int) -> None:
    """A school is sent twice; the second record was changed later."""
    schools.append(schools[which] | {"changeDateTime": _a_year_later(schools[which])})
