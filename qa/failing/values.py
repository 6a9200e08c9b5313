"""Reads which records fail a check, with their values and names: for the district's own eyes only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import duckdb

_BATCH = 10_000
# Who has no school, and what is of no student, comes last.
_ORDER = "school, school_id, student, student_id, contact_id, check_id, position"
# The page of a guardian [doc]. No page of a student is documented, nor of another contact.
_GUARDIAN_PAGE = "Student/Registration/ContactDetail"
_GUARDIAN_QUERY = {"contactType": "Guardian", "PageEditMode": "Modify", "ContactEditMode": "Modify"}


@dataclass(frozen=True)
class FailingRecord:
    """A row of checks.failing_values: a record that fails a check.

    Attributes:
        entity: the kind of record.
        field: a code, like the reason.
        value: as received; None where nothing was.
        school: the name of the student's school, or of the school at fault.
        student: the student of the record, or the one through whom its contact is found.
        contact: whose record it is; None where it is about no contact.
        is_guardian: whether the contact is a guardian of the student.
    """

    check_id: str
    entity: str
    record_key: str
    field: str
    reason: str
    value: str | None
    school_id: str | None
    school: str | None
    student_id: str | None
    student: str | None
    contact_id: str | None
    contact: str | None
    is_guardian: bool

    def url(self, sis_url: str) -> str:
        """The guardian's page in eSchoolPLUS; "" for other records, and where the district has no address.

        Args:
            sis_url: where the district's staff open eSchoolPLUS, with a slash at its end; "" where unknown.
        """
        if not (sis_url and self.is_guardian and self.contact_id and self.student_id):
            return ""
        return guardian_page(sis_url, self.contact_id, self.student_id)


def guardian_page(sis_url: str, contact_id: str, student_id: str) -> str:
    """The address of a guardian's page in eSchoolPLUS, as the guardian of one student."""
    whose = {"contactId": contact_id, **_GUARDIAN_QUERY, "StudentId": student_id}
    return f"{sis_url}{_GUARDIAN_PAGE}?{urlencode(whose)}"


def failing_records(
    con: duckdb.DuckDBPyConnection,
    check_ids: Sequence[str],
    most: int | None = None,
    *,
    is_held: bool = False,
) -> Iterator[FailingRecord]:
    """The records that fail one of these checks, by school, then by student; never all of them in memory.

    Args:
        con: a warehouse.
        check_ids: the checks.
        most: how many; by default all.
        is_held: whether the run is, so that those that its load explains are left out.
    """
    rows = con.execute(
        f"""
        select
            check_id, entity, record_key, field, reason, value, school_id, school, student_id, student,
            contact_id, contact, is_guardian
        from checks.failing_values
        where list_contains($check_ids, check_id) and not ($is_held and is_of_held_load)
        order by {_ORDER}
        {"" if most is None else f"limit {most}"}
        """,
        {"check_ids": list(check_ids), "is_held": is_held},
    )
    while batch := rows.fetchmany(_BATCH):
        yield from (FailingRecord(*row) for row in batch)


def count_failing(
    con: duckdb.DuckDBPyConnection, check_ids: Sequence[str], *, is_held: bool = False
) -> dict[str, int]:
    """How many records fail each of these checks, where any does; as failing_records."""
    rows = con.execute(
        "select check_id, count(*) from checks.failing_values where list_contains($check_ids, check_id) "
        "and not ($is_held and is_of_held_load) group by check_id",
        {"check_ids": list(check_ids), "is_held": is_held},
    )
    return dict(rows.fetchall())


def has_failing_values(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the build came to them."""
    found = con.execute(
        "from duckdb_views() where schema_name = 'checks' and view_name = 'failing_values'"
    ).fetchone()
    return found is not None
