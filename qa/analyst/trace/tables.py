"""The tables of a trace: DataFrames, what is missing is always pd.NA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pandas as pd

from qa.analyst.frames import rows_of
from qa.analyst.nights.differences import Differences
from qa.analyst.nights.one_student import night_by_night
from qa.analyst.trace import words
from qa.analyst.trace.effects import NONE, UNKNOWN, Effect, effects_of
from qa.analyst.trace.family import Family
from qa.analyst.trace.files import STUDENTS
from qa.analyst.trace.nights import Night

RAW = ("endpoint", "record", "name", "quarantined", "position", "payload")
CHECKS = ("level", "record", "title", "field", "value", "reason", "fix", "where", "who", "check_id")
DECISIONS = ("file", "record", "name", "decision", "why", "since", "runs", "check_id")
FILE = ("file", "record", "name", "heading", "last_published", "in_this_run", "changed")
LOAD = ("file", "record", "name", "effect", "why", "changes", "since", "check_id")
NIGHTS = (
    "started_at",
    "state",
    "received",
    "record_changed",
    "in_file",
    "effect",
    "changes",
    "guardians",
    "run_id",
)


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a DataFrame with these columns: text is string, whole numbers Int64, flags boolean."""
    return pd.DataFrame({column: _series([row.get(column) for row in rows]) for column in columns})


def _series(values: Sequence[object]) -> pd.Series:
    known = [pd.NA if value is None else value for value in values]
    kinds = {type(value) for value in known if value is not pd.NA}
    if kinds <= {str}:
        return pd.Series(known, dtype="string")
    return pd.Series(known, dtype={int: "Int64", bool: "boolean"}.get(next(iter(kinds)), "object"))


def raw_table(family: Family) -> pd.DataFrame:
    """One row per record of the family, as received."""
    return table(
        [
            {
                "endpoint": one.endpoint,
                "record": one.key,
                "name": one.name or None,
                "quarantined": words.why(one.quarantined) or None,
                "position": one.position,
                "payload": one.payload,
            }
            for one in family.records
        ],
        RAW,
    )


def file_table(effects: Sequence[Effect], student_id: str, names: Mapping[str, str]) -> pd.DataFrame:
    """One row per record and heading: the last published import, and this run's."""
    rows: list[dict[str, object]] = []
    for one in effects:
        before, now = one.before or {}, one.now or {}
        record = one.contact_id or student_id
        rows += [
            {
                "file": one.file,
                "record": record,
                "name": names.get(record),
                "heading": heading,
                "last_published": before.get(heading) or None,
                "in_this_run": now.get(heading) or None,
                "changed": heading in one.changed,
            }
            for heading in (now or before)
        ]
    return table(rows, FILE)


def load_table(effects: Sequence[Effect], student_id: str, names: Mapping[str, str]) -> pd.DataFrame:
    """One row per record that is in this import or the last one: what the load does with it, and why."""
    return table(
        [
            {
                "file": one.file,
                "record": one.contact_id or student_id,
                "name": names.get(one.contact_id or student_id),
                "effect": words.EFFECTS.get(one.effect),
                "why": words.why(one.cause) or None,
                "changes": one.changes or None,
                "since": words.moment(one.kept.since).date() if one.kept and one.kept.since else None,
                "check_id": (one.kept.check_id if one.kept else "") or None,
            }
            for one in effects
            if one.effect != NONE
        ],
        LOAD,
    )


def nights_table(con: duckdb.DuckDBPyConnection, nights: Sequence[Night]) -> pd.DataFrame:
    """One row per kept run, the newest first."""
    received = {
        night.run_id: [(one.position, one.payload) for one in night.records]
        for night in nights
        if night.records
    }
    changes = {run_id: "; ".join(_told(found)) for run_id, found in night_by_night(con, received).items()}
    return table([_night_row(night, changes.get(night.run_id)) for night in reversed(nights)], NIGHTS)


def _told(found: Differences) -> Iterator[str]:
    for row in rows_of(found.told):
        yield f"{row['field']}: {words.shown(row['before'])} to {words.shown(row['after'])}"
    for change in ("added", "removed"):
        if number := found.counts[change]:
            yield f"records {change}: {number}"


def _night_row(night: Night, changed: str | None) -> dict[str, object]:
    student = effects_of(night)[0]
    return {
        "started_at": words.moment(night.run_id),
        "state": words.state(night),
        "received": _received(night),
        "record_changed": changed or None,
        "in_file": _in_file(night, student),
        "effect": words.EFFECTS.get(student.effect) if student.effect != UNKNOWN else None,
        "changes": student.changes or None,
        "guardians": len(night.file.guardians) if night.file.exists else None,
        "run_id": night.run_id,
    }


def _received(night: Night) -> str:
    if night.records:
        number = len(night.records)
        return words.RECEIVED if number == 1 else words.RECEIVED_TIMES.format(n=number)
    return words.NOT_RECEIVED if night.is_complete else words.NOT_PULLED


def _in_file(night: Night, student: Effect) -> str:
    if not night.file.exists:
        return words.NO_FILE
    kept = night.file.kept.get((STUDENTS, ""))
    if student.now is None:
        return words.KEPT["refused"] if kept and kept.effect == "refused" else words.NOT_IN_FILE
    return words.KEPT[kept.effect] if kept else words.AS_RECEIVED
