"""How one student's records differ from night to night: compared as those of all students are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import duckdb

from district.endpoints import BY_NAME
from qa.analyst.nights.differences import Differences, differences_in

_TABLE = "records_of_one_student"


def night_by_night(
    con: duckdb.DuckDBPyConnection, received: Mapping[str, Sequence[tuple[int, str]]]
) -> dict[str, Differences]:
    """By run, what is not as in the run before; runs in which everything is the same are left out.

    Args:
        con: as `Reader.open` gives it.
        received: the student's records, position and payload, by run, the oldest first.
    """
    con.execute(f"create or replace temp table {_TABLE} (run_id varchar, position bigint, payload json)")
    for run_id, records in received.items():
        rows = [(run_id, position, payload) for position, payload in records]
        con.executemany(f"insert into {_TABLE} values (?, ?, ?)", rows)
    return {
        after: differences_in(con, BY_NAME["Student"], _TABLE, before, after)
        for before, after in pairwise(received)
        if [payload for _, payload in received[before]] != [payload for _, payload in received[after]]
    }
