"""What a held load would delete, overwrite or keep, by school and by name: it stays with the district."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from district.folder import DistrictFolder, NightFolder
from extract.store.attaching import attach_read_only
from night.decisions.history import Decision, decision_on, runs_after, undecided_run
from night.delivery.record import is_first_delivery
from qa.load.words import field_label
from qa.redaction.spreadsheet import Lists, lists_together, rows_of
from qa.report.words import REASONS
from qa.verdict.document_file import DocumentError, read_document, refuse_earlier_version
from qa.warehouse import open_warehouse

EFFECTS = {
    "delete": "Deleted",
    "departed": "Sent as inactive",
    "kept": "Kept as last loaded",
    "overwrite": "Overwritten",
}
# One row per student or guardian who would be left out, deleted, or newly kept as last loaded because a check
# refuses the record, and one per value to be overwritten.
# {key} are the columns that tell the records apart.
_ROWS = """
    with effects as (select * from load_effects.load_{file}),
    before as (select * from baseline.published.{file}),
    now as (select * from marts.import_{file}),
    before_values as (
        unpivot before on columns(* exclude ({key}, school_id, kept_as)) into name field value value
    ),
    now_values as (
        unpivot now on columns(* exclude ({key}, school_id, kept_as)) into name field value value
    ),
    students as (
        select
            student_id,
            any_value(concat_ws(' ', first_name, last_name)) as student,
            -- Where the student was: the code beside it is that school's.
            coalesce(any_value(school_name) filter (where is_before), any_value(school_name)) as school_name
        from (
            select student_id, first_name, last_name, school_name, true as is_before
            from baseline.published.students
            union all
            select student_id, first_name, last_name, school_name, false as is_before
            from marts.import_students
        )
        group by all
    ),
    changed as (
        select {key}, school_id_before, effect, cause, unnest(changed_fields) as field
        from effects where effect = 'update'
    ),
    listed as (
        select {key}, school_id_before, effect, cause, null as field, null as before, null as now
        from effects where effect in ('delete', 'departed') and is_expected is not true
            and (effect = 'delete' or is_new)
        union all
        select {key}, school_id_before, 'kept', refused_by, null as field, null as before, null as now
        from effects where effect = 'carried' and is_new
        union all
        select {key}, school_id_before, 'overwrite', cause, field, before_values.value, now_values.value
        from changed
        inner join before_values using ({key}, field)
        left join now_values using ({key}, field)
    )
"""
_STUDENTS = (
    _ROWS
    + """
    select
        coalesce(school_name, school_id_before) as school,
        school_id_before as "school code",
        student_id as "student id",
        student,
        effect,
        coalesce(results.title, cause) as cause,
        field,
        before,
        now
    from listed
    left join students using (student_id)
    left join checks.check_results as results on cause = results.check_id
    order by school, "school code", student_id, effect, field
"""
)
_GUARDIANS = (
    _ROWS
    + """,
    guardians as (
        select student_id, contact_id, concat_ws(' ', first_name, last_name) as guardian from before
    )

    select
        coalesce(school_name, school_id_before) as school,
        school_id_before as "school code",
        student_id as "student id",
        student,
        contact_id as "guardian id",
        guardian,
        effect,
        coalesce(results.title, cause) as cause,
        field,
        before,
        now
    from listed
    left join students using (student_id)
    left join guardians using (student_id, contact_id)
    left join checks.check_results as results on cause = results.check_id
    order by school, "school code", student_id, contact_id, effect, field
"""
)


def write_worklists(night: NightFolder) -> dict[Path, int]:
    """Write private/load-students.csv and private/load-guardians.csv of a held run.

    The run's warehouse and the baseline that it was compared with must be there.

    Returns:
        The files, each with its number of rows.
    """
    with lists_together() as lists:
        return _write(night, lists)


def _write(night: NightFolder, lists: Lists) -> dict[Path, int]:
    with open_warehouse(night) as warehouse:
        attach_read_only(warehouse, night.district.baseline, "baseline")
        students, guardians = _files(night)
        queries = {
            students: _STUDENTS.format(file="students", key="student_id"),
            guardians: _GUARDIANS.format(file="guardians", key="student_id, contact_id"),
        }
        return {path: _write_list(path, warehouse.execute(query), lists) for path, query in queries.items()}


def _files(night: NightFolder) -> tuple[Path, Path]:
    return night.worklist("load-students"), night.worklist("load-guardians")


@dataclass(frozen=True)
class Worklists:
    """The worklists of a held run.

    Attributes:
        files: each with its number of rows.
        decision: that was made on the run; None where it waits for one.
        compare: the run's files, where its load was compared with none because nothing was delivered before.
    """

    run_id: str
    files: dict[Path, int]
    decision: Decision | None = None
    compare: Path | None = None


def worklists(folder: DistrictFolder, lists: Lists) -> Worklists | None:
    """The worklists of the run that waits for a decision, written again, or those of a last run that is held.

    The district's lock must be held.

    Args:
        folder: the district's.
        lists: where they are written.

    Returns:
        None where the last run isn't held.

    Raises:
        qa.verdict.document_file.EarlierVersionError: an earlier version of plus360 wrote the run.
    """
    run_id = undecided_run(folder)
    if run_id is not None and folder.night(run_id).warehouse.exists() and folder.baseline.exists():
        night = folder.night(run_id)
        refuse_earlier_version(night)
        if _is_first(night):
            return Worklists(run_id, {}, compare=night.export)
        return Worklists(run_id, _write(night, lists))
    records = runs_after(folder)
    if not records or records[-1].verdict != "held":
        return None
    night = folder.night(records[-1].run_id)
    rows = {path: rows_of(path) for path in _files(night) if path.exists()}
    return Worklists(night.run_id, rows, decision_on(folder, night.run_id))


def _is_first(night: NightFolder) -> bool:
    with suppress(DocumentError):
        return is_first_delivery(read_document(night)[0])
    return False


def _write_list(path: Path, rows: duckdb.DuckDBPyConnection, lists: Lists) -> int:
    columns = [column[0] for column in rows.description or []]
    file = "guardians.csv" if "guardian" in columns else "students.csv"
    return lists.write(path, columns, (_in_words(row, columns, file) for row in _each(rows)))


def _in_words(row: tuple[Any, ...], columns: Sequence[str], file: str) -> list[Any]:
    """A row whose codes are words: what would happen, why, and the field as the import calls it."""
    told = dict(zip(columns, row, strict=True))
    told["effect"] = EFFECTS[told["effect"]]
    told["cause"] = REASONS.get(told["cause"], told["cause"])
    told["field"] = field_label(file, told["field"]) if told["field"] else None
    return list(told.values())


def _each(rows: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := rows.fetchmany(10_000):
        yield from batch
