"""What can be wrong with the students of a family and their ids: functions for `sandbox.defects.catalog`."""

from __future__ import annotations

from sandbox.defects.mutations import Failed, FamilyRows, UnusedIds, drop, same
from sandbox.population.source import text


def blank_student_id(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """A student without an id, and so without links and district-defined fields."""
    student = rows["Student"][0]
    drop(rows, "StudentContact", lambda link: same(link, student, "studentId"))
    drop(rows, "UDRegUser", lambda fields: same(fields, student, "studentId"))
    student["studentId"] = " " * 10
    return 1


def odd_student_id(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
    """A student's id has a hyphen, a hash, a space, or too many digits, in every record that refers to it."""
    student_id = text(rows["Student"][0], "studentId")
    odd_ids = (f"{student_id}-1", f"#{student_id}", f"{student_id[:3]} {student_id[3:]}", student_id * 4)
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        for record in rows[endpoint]:
            if text(record, "studentId") == student_id:
                record["studentId"] = odd_ids[unused.nth % 4]
    return 1


def shared_state_id(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """Two siblings, who are not twins, have the same state id."""
    if len(rows["Student"]) < 2:
        return None
    first, second = rows["Student"][:2]
    if same(first, second, "birthdate"):
        return None
    second["stateReportId"] = first["stateReportId"]
    return 2


def twins_with_one_state_id(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """Two siblings have the same birth date and the same state id."""
    if len(rows["Student"]) < 2:
        return None
    first, second = rows["Student"][:2]
    second |= {label: first[label] for label in ("stateReportId", "birthdate")}
    return 2


def id_without_its_zeros(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """A sibling's id is another's with zeros before it, in every record that refers to the sibling."""
    if len(rows["Student"]) < 2:
        return None
    first, second = (text(student, "studentId") for student in rows["Student"][:2])
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        for record in rows[endpoint]:
            if text(record, "studentId") == second:
                record["studentId"] = f"00{first}"
    return 2


def student_entered_twice(rows: FamilyRows, unused: UnusedIds) -> Failed | None:
    """A student is entered a second time under another id, with the same links and fields."""
    student = rows["Student"][0]
    for endpoint in ("StudentContact", "UDRegUser"):
        copies = [record for record in rows[endpoint] if same(record, student, "studentId")]
        rows[endpoint] += [copy | {"studentId": unused.student_id} for copy in copies]
    rows["Student"].append(student | {"studentId": unused.student_id, "stateReportId": unused.state_id})
    return 2


def lost_student(rows: FamilyRows, _unused: UnusedIds) -> Failed | None:
    """A Student record is missing, but its links and district-defined fields are sent."""
    student = rows["Student"].pop(0)
    links = sum(same(link, student, "studentId") for link in rows["StudentContact"])
    return {"student_contacts__student_id__exists": links, "ud_fields__student_id__exists": 1}
