"""What happened to one student in each run that is kept.

The records of fourteen nights are gigabytes. A server sends students in the same order every night, so a
student is looked for near the position that one run has. Only the runs where the student is not there are
read whole: that takes a second or two with 100,000 students.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import duckdb

from district.folder import DistrictFolder, NightFolder
from qa.analyst.reader import query
from qa.analyst.trace.family import STUDENT_ID, is_the_same
from qa.analyst.trace.files import ImportRows, Row, import_rows

# So many positions on each side are near: new students move those after them.
_NEAR = 4_000
_COMPLETE = "complete"


@dataclass(frozen=True)
class Received:
    """A student's record as received: its place in the pull, and its JSON."""

    position: int
    payload: str


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

    @property
    def is_published(self) -> bool:
        """Whether its import was loaded: it was published, or held and released."""
        return self.verdict == "published" or self.decision == "released"

    @property
    def is_complete(self) -> bool:
        """Whether all students were received."""
        return self.pulled == _COMPLETE


def nights_of(
    con: duckdb.DuckDBPyConnection,
    folder: DistrictFolder,
    student_id: str,
    position: int | None,
    names: Collection[str] = (STUDENT_ID,),
) -> list[Night]:
    """A student in every run that is kept, the oldest first.

    Args:
        con: raw_store is attached to it.
        folder: the district's.
        student_id: the student.
        position: of the student's record in any run; None where it is unknown.
        names: what the id may be called, in lower case without underscores.
    """
    runs = con.execute(query("trace_runs")).fetchall()
    received = _received(con, [run_id for run_id, *_ in runs], student_id, position, names)
    found: dict[str, Night] = {}
    published = ""
    for run_id, pulled, verdict, decision in runs:
        baseline = _baseline_of(folder.night(run_id))
        compared_with, before = _compared(folder, baseline, published, found, student_id)
        night = Night(
            run_id,
            pulled or "",
            verdict or "",
            decision or "",
            received.get(run_id, ()),
            import_rows(folder.night(run_id), student_id),
            before,
            compared_with,
            published,
            found[published].file if published else None,
        )
        found[run_id] = night
        if night.is_published and night.file.exists:
            published = run_id
    return list(found.values())


def changed_columns(before: Row, now: Row) -> list[str]:
    """The headings under which two rows of a file differ; a heading of one of them alone is no change."""
    return [heading for heading in now if heading in before and before[heading] != now[heading]]


def _received(
    con: duckdb.DuckDBPyConnection,
    runs: Sequence[str],
    student_id: str,
    position: int | None,
    names: Collection[str],
) -> dict[str, list[Received]]:
    """The records of a student by run."""
    text = student_id.lstrip("0") or student_id  # zeros before it may be missing in some runs
    found: dict[str, list[Received]] = {}
    if position is not None:
        near = {"first": max(position - _NEAR, 0), "last": position + _NEAR, "text": text}
        _add(found, con.execute(query("trace_near"), near).fetchall(), student_id, names)
    missing = [run_id for run_id in runs if run_id not in found]
    if missing:
        rows = con.execute(query("trace_anywhere"), {"runs": missing, "text": text}).fetchall()
        _add(found, rows, student_id, names)
    return found


def _add(
    found: dict[str, list[Received]],
    rows: Sequence[tuple[str, int, str]],
    student_id: str,
    names: Collection[str],
) -> None:
    for run_id, position, payload in rows:
        record = json.loads(payload)
        if any(is_the_same(label, value, names, student_id) for label, value in record.items()):
            found.setdefault(run_id, []).append(Received(position, payload))


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
