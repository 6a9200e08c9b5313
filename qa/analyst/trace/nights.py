"""What happened to one student in each run that is kept.

The records of fourteen nights are gigabytes. A server sends students in the same order every night, so a
student is looked for near the position that one run has. Only the runs where the student is not there are
read whole: that takes a second or two with 100,000 students.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import duckdb

from district.folder import DistrictFolder, NightFolder
from extract.preflight.field_labels import matching_name
from qa.analyst.labels.mapping import read_mapping
from qa.analyst.reader import query
from qa.analyst.trace.family import same_id
from qa.analyst.trace.files import ImportRows, Row, import_rows

# So many positions on each side are near: new students move those after them.
_NEAR = 4_000
_COMPLETE = "complete"
# What is no part of an id, at its ends.
_BLANKS = " \t\r\n\u00a0"


@dataclass(frozen=True)
class Received:
    """A student's record as received: its place in the pull, its JSON, and the ids in it."""

    position: int
    payload: str
    ids: frozenset[str]


@dataclass(frozen=True)
class Night:
    """One student in one run.

    Attributes:
        pulled: how the pull of Student ended; "" where nothing is known of it.
        verdict: of the run; "" where it has none.
        decision: of a person on the held run: released or discarded; "" where there is none.
        records: the student's records in the order received. Several where the id was sent twice.
        file: the student in the run's import.
        before: the student in the import that this one is compared with; None where none is kept. It is the
            last published one; where the import is delivered, the last one that was delivered.
        compared_with: the run of that import; "" where there is none.
        published: the last run before this one that was published; "" where none is kept.
        in_published: the student in its import; None where none is kept.
        other_ids: ids received that differ only in zeros before them, as 00123 from 123: other students for
            the import.
    """

    run_id: str
    pulled: str = ""
    verdict: str = ""
    decision: str = ""
    records: Sequence[Received] = field(default_factory=tuple)
    file: ImportRows = field(default_factory=lambda: ImportRows(exists=False))
    before: ImportRows | None = None
    compared_with: str = ""
    published: str = ""
    in_published: ImportRows | None = None
    other_ids: Sequence[str] = field(default_factory=tuple)

    @property
    def is_published(self) -> bool:
        """Whether its import was loaded: it was published, or held and released."""
        return self.verdict == "published" or self.decision == "released"

    @property
    def is_complete(self) -> bool:
        """Whether all students were received."""
        return self.pulled == _COMPLETE


def nights_of(
    con: duckdb.DuckDBPyConnection, folder: DistrictFolder, student_id: str, position: int | None
) -> list[Night]:
    """A student in every run that is kept, the oldest first.

    Args:
        con: raw_store is attached to it.
        folder: the district's.
        student_id: the student, exactly so.
        position: of the student's record in any run; None where it is unknown.
    """
    runs = con.execute(query("trace_runs")).fetchall()
    received = _received(con, [run_id for run_id, *_ in runs], student_id, position)
    found: dict[str, Night] = {}
    published = ""
    for run_id, pulled, verdict, decision in runs:
        baseline = _baseline_of(folder.night(run_id))
        compared_with, before = _compared(folder, baseline, published, found, student_id)
        its = received.get(run_id, ())
        night = Night(
            run_id,
            pulled or "",
            verdict or "",
            decision or "",
            [one for one in its if student_id in one.ids],
            import_rows(folder.night(run_id), student_id),
            before,
            compared_with,
            published,
            found[published].file if published else None,
            sorted({other for one in its if student_id not in one.ids for other in one.ids}),
        )
        found[run_id] = night
        if night.is_published and night.file.exists:
            published = run_id
    return list(found.values())


def changed_columns(before: Row, now: Row) -> list[str]:
    """The headings under which two rows of a file differ; a heading of one of them alone is no change."""
    return [heading for heading in now if heading in before and before[heading] != now[heading]]


def _received(
    con: duckdb.DuckDBPyConnection, runs: Sequence[str], student_id: str, position: int | None
) -> dict[str, list[Received]]:
    """By run, the records of a student, and those whose id differs only in zeros before it."""
    fields = read_mapping(con, "Student").fields
    names = {name for name, filled in fields.items() if filled == "student_id"}
    text = student_id.lstrip("0") or student_id
    rows: list[tuple[str, int, str]] = []
    if position is not None:
        near = {"first": max(position - _NEAR, 0), "last": position + _NEAR, "text": text}
        rows = con.execute(query("trace_near"), near).fetchall()
    found = _found(rows, student_id, names)
    missing = [run for run in runs if not any(student_id in one.ids for one in found.get(run, ()))]
    if missing:
        rows = con.execute(query("trace_anywhere"), {"runs": missing, "text": text}).fetchall()
        found = {run: its for run, its in found.items() if run not in missing}
        found |= _found(rows, student_id, names)
    return found


def _found(
    rows: Sequence[tuple[str, int, str]], student_id: str, names: Collection[str]
) -> dict[str, list[Received]]:
    found: dict[str, list[Received]] = {}
    for run_id, position, payload in rows:
        ids = frozenset(one for one in _ids(payload, names) if same_id(one) == same_id(student_id))
        if ids:
            found.setdefault(run_id, []).append(Received(position, payload, ids))
    return found


def _ids(payload: str, names: Collection[str]) -> Iterator[str]:
    """The student ids of a record, as the import reads them: numbers as they are written."""
    pairs = json.loads(payload, object_pairs_hook=list, parse_int=str, parse_float=str)
    return (str(value).strip(_BLANKS) for label, value in pairs if value and matching_name(label) in names)


def _compared(
    folder: DistrictFolder, baseline: str, published: str, found: Mapping[str, Night], student_id: str
) -> tuple[str, ImportRows | None]:
    """The run whose import a load is compared with, and the student in it."""
    if baseline and baseline not in found:  # its records are no longer kept; its import may be
        rows = import_rows(folder.night(baseline), student_id)
        if rows.exists:
            return baseline, rows
    run_id = baseline if baseline in found else published
    return run_id, found[run_id].file if run_id else None


def _baseline_of(night: NightFolder) -> str:
    """The run whose import a run's own was compared with, as its qa.json says; "" where it says nothing."""
    with suppress(OSError, ValueError):
        load = json.loads(night.qa_json.read_text(encoding="utf-8")).get("load")
        return str((load or {}).get("baseline_run_id") or "")
    return ""
