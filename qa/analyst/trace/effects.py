"""What the load of a run does with a student and the guardians: from the files, as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from qa.analyst.reader import query
from qa.analyst.trace import words
from qa.analyst.trace.files import GUARDIANS, STUDENTS, ImportRows, Kept, Row
from qa.analyst.trace.nights import Night, changed_columns

# A record that is neither in this import nor in the last one, and one of which the last one is not known.
NONE, UNKNOWN = "", "unknown"


@dataclass(frozen=True)
class Effect:
    """What a load does with one record of a file.

    Attributes:
        contact_id: "" for the student.
        effect: add, update, same, carried, departed or delete; NONE or UNKNOWN.
        before: the row of the last published import; None where there is none.
        now: the row of this one.
        kept: why it is not in the file as received.
        cause: why it is added or removed, as a code; "" where that is not known.
    """

    file: str
    contact_id: str
    effect: str
    before: Row | None
    now: Row | None
    kept: Kept | None = None
    cause: str = ""

    @property
    def changed(self) -> list[str]:
        """The headings whose values the load changes."""
        return changed_columns(self.before, self.now) if self.before and self.now else []

    @property
    def changes(self) -> str:
        """The changes in a line, as "Grade: 04 to 05"."""
        before, now = self.before or {}, self.now or {}
        return "; ".join(
            f"{heading}: {words.shown(before[heading])} to {words.shown(now[heading])}"
            for heading in self.changed
        )


def effects_of(night: Night, causes: Mapping[tuple[str, str], str] | None = None) -> list[Effect]:
    """What the load of a run does, or would do, with the student and each guardian: the student first.

    Args:
        night: the run.
        causes: why records are added or removed, by file and contact id.
    """
    return [_effect(night, causes or {}, *one) for one in _records(night)]


def causes_of(con: duckdb.DuckDBPyConnection, student_id: str) -> dict[tuple[str, str], str]:
    """Why the load of the built run adds or removes records of a student, by file and contact id."""
    rows = con.execute(query("trace_load"), {"student_id": student_id}).fetchall()
    return {(file, contact_id or ""): cause for file, contact_id, _, cause, *_ in rows if cause}


def import_of_marts(
    con: duckdb.DuckDBPyConnection, student_id: str, kept: Mapping[tuple[str, str], Kept]
) -> ImportRows:
    """What the import would be of a run that has none, because it was stopped: from what was built."""
    columns = {
        file: dict(zip(fields, headings, strict=True))
        for file, headings, fields in con.execute(
            "select file, column_names, field_names from warehouse.marts.import_files"
        ).fetchall()
    }
    students = _rows(con, "import_students", student_id, columns.get(STUDENTS, {}))
    guardians = _rows(con, "import_guardians", student_id, columns.get(GUARDIANS, {}))
    return ImportRows(
        exists=bool(columns),
        student=next((row for _, row in students), None),
        guardians=dict(guardians),
        kept=dict(kept),
    )


def _records(night: Night) -> Iterator[tuple[str, str, tuple[Row | None, Row | None]]]:
    before = night.before or ImportRows(exists=False)
    yield STUDENTS, "", (before.student, night.file.student)
    for contact_id in sorted(before.guardians.keys() | night.file.guardians.keys()):
        yield GUARDIANS, contact_id, (before.guardians.get(contact_id), night.file.guardians.get(contact_id))


def _effect(
    night: Night,
    causes: Mapping[tuple[str, str], str],
    file: str,
    contact_id: str,
    rows: tuple[Row | None, Row | None],
) -> Effect:
    before, now = rows
    kept = night.file.kept.get((file, contact_id))
    if not night.file.exists:
        effect = NONE
    elif now is None:
        effect = "delete" if before else NONE
    elif kept and kept.effect != "refused":
        effect = kept.effect
    elif night.before is None:
        effect = UNKNOWN
    elif before is None:
        effect = "add"
    else:
        effect = "update" if changed_columns(before, now) else "same"
    return Effect(file, contact_id, effect, before, now, kept, causes.get((file, contact_id), ""))


def _rows(
    con: duckdb.DuckDBPyConnection, mart: str, student_id: str, headings: Mapping[str, str]
) -> Sequence[tuple[str, Row]]:
    """Rows of a mart of the import as its file would have them, with their contact ids."""
    if not headings:
        return []
    sql = f"select cast(columns(*) as varchar) from warehouse.marts.{mart} where student_id = ?"
    found = con.execute(sql, [student_id])
    names = [column[0] for column in found.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [
        (row.get("contact_id", ""), {headings[field]: row[field] or "" for field in headings}) for row in rows
    ]
