"""How a family's records are spoiled: small functions that `sandbox.defects.catalog` names and combines.

Each changes the records of one family (or one school) and says which checks fail of it, how often. Every
planting takes a family of its own, so the counts of defects planted together add up. Counts follow the
checks' own words: of a doubled key the records beyond the first fail, of a suspicion (one state id, one
person, one priority for two) every record that is part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.population.source import Record, text

FamilyRows = dict[str, list[Record]]
# How many records fail: of the check that the defect is named by, or of each check.
Failed = int | dict[str, int]


@dataclass(frozen=True)
class Spare:
    """Numbers that nobody in the district has, for one planting; `nth` counts the plantings of a defect."""

    nth: int
    student_id: int
    contact_id: int
    state_id: str


# Changes the records in place and tells what fails; None, and nothing changed, where the family does not fit.
Plant = Callable[[FamilyRows, Spare], Failed | None]


@dataclass(frozen=True)
class Defect:
    """A way to spoil a family's records; a rate is a share of the records of `endpoint`."""

    endpoint: str
    plant: Plant


def change(endpoint: str, label: str, *values: str, among: str = "all") -> Defect:
    """One record gets another value, one of several in turn."""

    def plant(rows: FamilyRows, spare: Spare) -> Failed | None:
        record = next(_AMONG[among](rows, endpoint), None)
        if record is None:
            return None
        record[label] = values[spare.nth % len(values)]
        return 1

    return Defect(endpoint, plant)


def double(endpoint: str, among: str = "all") -> Defect:
    """One record comes twice, the second changed later."""

    def plant(rows: FamilyRows, _spare: Spare) -> Failed | None:
        record = next(_AMONG[among](rows, endpoint), None)
        if record is None:
            return None
        rows[endpoint].append(record | {"changeDateTime": _a_year_later(record)})
        return 1

    return Defect(endpoint, plant)


def stray(endpoint: str, **values: str) -> Defect:
    """A record comes that belongs to nobody: a copy under a spare id, or of another type."""

    def plant(rows: FamilyRows, spare: Spare) -> Failed | None:
        record = next(iter(rows[endpoint]), None)
        if record is None:
            return None
        spares: dict[str, object] = {"studentId": spare.student_id, "contactId": spare.contact_id}
        changed = {label: spares[label] if value == "spare" else value for label, value in values.items()}
        rows[endpoint].append(record | changed)
        return 1

    return Defect(endpoint, plant)


def blank_student_id(rows: FamilyRows, _spare: Spare) -> Failed | None:
    """A student without an id has no links and no fields either: nothing could point at it."""
    student = rows["Student"][0]
    _drop(rows, "StudentContact", lambda link: _same(link, student, "studentId"))
    _drop(rows, "UDRegUser", lambda fields: _same(fields, student, "studentId"))
    student["studentId"] = " " * 10
    return 1


def odd_student_id(rows: FamilyRows, spare: Spare) -> Failed | None:
    """A student goes by an id with a hyphen, a hash, a blank, or too many digits, wherever it is named."""
    student_id = text(rows["Student"][0], "studentId")
    odd_ids = (f"{student_id}-1", f"#{student_id}", f"{student_id[:3]} {student_id[3:]}", student_id * 4)
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        for record in rows[endpoint]:
            if text(record, "studentId") == student_id:
                record["studentId"] = odd_ids[spare.nth % 4]
    return 1


def one_state_id(rows: FamilyRows, _spare: Spare) -> Failed | None:
    """Two siblings have the state id of one of them."""
    if len(rows["Student"]) < 2:
        return None
    first, second = rows["Student"][:2]
    second["stateReportId"] = first["stateReportId"]
    return 2


def without_links(contact_type: str) -> Defect:
    """One student loses its links of a type."""

    def plant(rows: FamilyRows, _spare: Spare) -> Failed | None:
        student = rows["Student"][0]
        _drop(
            rows,
            "StudentContact",
            lambda link: _same(link, student, "studentId") and link["contactType"] == contact_type,
        )
        return 1

    return Defect("Student", plant)


def guardians_without_phone(rows: FamilyRows, _spare: Spare) -> Failed | None:
    """No guardian of an only child has a phone."""
    if len(rows["Student"]) > 1:
        return None
    guardians = _contact_ids(rows, "G")
    _drop(rows, "ContactPhone", lambda phone: phone["contactId"] in guardians)
    return 1


def entered_twice(rows: FamilyRows, spare: Spare) -> Failed | None:
    """A student with everything that hangs on it, once more under another id."""
    student = rows["Student"][0]
    for endpoint in ("StudentContact", "UDRegUser"):
        copies = [record for record in rows[endpoint] if _same(record, student, "studentId")]
        rows[endpoint] += [copy | {"studentId": spare.student_id} for copy in copies]
    rows["Student"].append(student | {"studentId": spare.student_id, "stateReportId": spare.state_id})
    return 2


def guardian_doubled(rows: FamilyRows, spare: Spare) -> Failed | None:
    """A guardian was entered anew for the youngest child, instead of being linked."""
    guardian = next((c for c in _AMONG["guardians"](rows, "Contact") if c["email"]), None)
    if guardian is None or len(rows["Student"]) < 2:
        return None
    original, youngest = guardian["contactId"], rows["Student"][-1]
    for endpoint in ("Contact", "ContactAddress", "ContactPhone"):
        copies = [record for record in rows[endpoint] if record["contactId"] == original]
        rows[endpoint] += [copy | {"contactId": spare.contact_id} for copy in copies]
    for link in rows["StudentContact"]:
        if (
            link["contactId"] == original
            and link["contactType"] == "G"
            and _same(link, youngest, "studentId")
        ):
            link["contactId"] = spare.contact_id
    return 2


def odd_priority(rows: FamilyRows, spare: Spare) -> Failed | None:
    """By turns a guardian parked at 99, and two guardians of one student with the same priority."""
    links = [link for link in rows["StudentContact"] if link["contactType"] == "G"]
    links = [link for link in links if _same(link, rows["Student"][0], "studentId")]
    if len(links) < 2:
        return None
    links[1]["contactPriority"] = 99 if spare.nth % 2 == 0 else links[0]["contactPriority"]
    return 1 + spare.nth % 2


def new_label(rows: FamilyRows, spare: Spare) -> Failed | None:
    """A label comes that nobody has heard of, a new one with each planting."""
    rows["Student"][0][f"newColumn{spare.nth + 1}"] = ""
    return 1


def lost_contact(rows: FamilyRows, _spare: Spare) -> Failed | None:
    """A Contact record does not come: what hung on it hangs in the air."""
    contact = next(_AMONG["emergency"](rows, "Contact"), None)
    if contact is None:
        return None
    rows["Contact"].remove(contact)
    orphans = {
        check: sum(_same(record, contact, "contactId") for record in rows[endpoint])
        for check, endpoint in (
            ("student_contacts__contact_id__exists", "StudentContact"),
            ("contact_addresses__contact_id__exists", "ContactAddress"),
            ("contact_phones__contact_id__exists", "ContactPhone"),
        )
    }
    return {check: number for check, number in orphans.items() if number}


def lost_student(rows: FamilyRows, _spare: Spare) -> Failed | None:
    """A Student record does not come: links and district-defined fields of nobody."""
    student = rows["Student"].pop(0)
    links = sum(_same(link, student, "studentId") for link in rows["StudentContact"])
    return {"student_contacts__student_id__exists": links, "ud_fields__student_id__exists": 1}


def _same(record: Record, other: Record, label: str) -> bool:
    return text(record, label) == text(other, label)


def _drop(rows: FamilyRows, endpoint: str, goes: Callable[[Record], bool]) -> None:
    rows[endpoint] = [record for record in rows[endpoint] if not goes(record)]


def _a_year_later(record: Record) -> str:
    moment = str(record["changeDateTime"])
    return f"{int(moment[:4]) + 1}{moment[4:]}".replace("-02-29", "-02-28")


def _contact_ids(rows: FamilyRows, *contact_types: str) -> set[object]:
    return {link["contactId"] for link in rows["StudentContact"] if link["contactType"] in contact_types}


def _of_contacts(rows: FamilyRows, endpoint: str, inside: str, outside: str) -> Iterator[Record]:
    ids = _contact_ids(rows, *inside) - _contact_ids(rows, *outside)
    return (record for record in rows[endpoint] if record["contactId"] in ids)


# Which of a family's records a defect may take, so that it trips one check and not its neighbours.
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
    """A school loses one of its values."""

    def plant(schools: list[Record], which: int) -> None:
        schools[which][label] = ""

    return plant


def double_school(schools: list[Record], which: int) -> None:
    """A school comes twice, the second changed later."""
    schools.append(schools[which] | {"changeDateTime": _a_year_later(schools[which])})
