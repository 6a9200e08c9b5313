"""What changed in a student's records from one night to the next: compared as `d.changes` compares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb

from district.endpoints import BY_NAME
from qa.analyst.frames import rows_of
from qa.analyst.nights.differences import Differences, differences_in
from qa.analyst.trace import words
from qa.analyst.trace.nights import Night

_TABLE = "traced_records"


def record_changes(con: duckdb.DuckDBPyConnection, nights: Sequence[Night]) -> dict[str, str]:
    """By run, what is not as in the last run before that received the student, as "grade: 05 to 06"."""
    received = [night for night in nights if night.records]
    con.execute(f"create or replace temp table {_TABLE} (run_id varchar, position bigint, payload json)")
    for night in received:
        rows = [(night.run_id, one.position, one.payload) for one in night.records]
        con.executemany(f"insert into {_TABLE} values (?, ?, ?)", rows)
    return {
        now.run_id: "; ".join(
            _told(differences_in(con, BY_NAME["Student"], _TABLE, before.run_id, now.run_id))
        )
        for before, now in pairwise(received)
        if _payloads(before) != _payloads(now)  # most nights change nothing
    }


def _told(found: Differences) -> Iterator[str]:
    for row in rows_of(found.told):
        yield f"{row['field']}: {words.shown(row['before'])} to {words.shown(row['after'])}"
    for change in ("added", "removed"):
        if number := found.counts[change]:
            yield f"records {change}: {number}"


def _payloads(night: Night) -> list[str]:
    return [one.payload for one in night.records]
