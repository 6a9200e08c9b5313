"""Which runs a district has, and what one of them did not receive."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from district.endpoints import ENDPOINTS
from extract.outcomes import BY_CODE, NOT_RECORDED, NOT_REQUESTED
from qa.analyst.errors import DataError

_RUNS = "select distinct run_id from raw_store.plus360.pulls order by run_id desc"
_LATEST = "select max(run_id) from raw_store.latest.pulls"
_ROWS = "select rows from raw_store.plus360.pulls where run_id = ? and endpoint = ?"
_COMPLETE = (
    "select run_id from raw_store.plus360.pulls where endpoint = ? and state = 'complete' and run_id < ? "
    "order by run_id"
)
_PULLS = "select endpoint, struct_pack(state, outcome, message) from raw_store.plus360.pulls where run_id = ?"


def chosen_pull(con: duckdb.DuckDBPyConnection, run_id: str | None) -> str:
    """The run that is named, or the latest one whose pull ended.

    Raises:
        DataError: there is none.
    """
    runs = [run for (run,) in con.execute(_RUNS).fetchall()]
    if not runs:
        raise DataError("No data has been pulled from this district yet.")
    if run_id:
        if run_id not in runs:
            raise DataError(f"There is no run {run_id!r}; there are {', '.join(runs)}.")
        return run_id
    row = con.execute(_LATEST).fetchone()
    return str(row[0]) if row else runs[0]


def rows_received(con: duckdb.DuckDBPyConnection, run_id: str, endpoint: str) -> int:
    """How many records a run stored of an endpoint."""
    row = con.execute(_ROWS, [run_id, endpoint]).fetchone()
    return int(row[0]) if row else 0


def complete_before(con: duckdb.DuckDBPyConnection, endpoint: str, run_id: str) -> list[str]:
    """The runs before one that received all records of an endpoint, the oldest first."""
    return [run for (run,) in con.execute(_COMPLETE, [endpoint, run_id]).fetchall()]


def lacking(missing: Collection[str], needed: Collection[str], so: str) -> str:
    """What an answer lacks as endpoints that it needs were not received, in a sentence; "" if all were.

    Args:
        missing: the endpoints that the run did not receive.
        needed: those that the answer needs.
        so: what follows from it.
    """
    its = [endpoint for endpoint in missing if endpoint in needed]
    was, it = ("were", "they were") if len(its) > 1 else ("was", "it was")
    said = f"{' and '.join(its)} {was} not received in this run, so {so.format(it_was=it)}."
    return said if its else ""


def not_received(con: duckdb.DuckDBPyConnection, run_id: str) -> tuple[list[str], list[str]]:
    """The endpoints that a run did not receive, and a line for each that it did not receive completely."""
    pulls = dict(con.execute(_PULLS, [run_id]).fetchall())
    missing, lines = [], []
    for endpoint in (one.name for one in ENDPOINTS):
        pull = pulls.get(endpoint, {"state": "missing", "outcome": NOT_REQUESTED.code, "message": ""})
        why = pull["message"] or BY_CODE.get(pull["outcome"], NOT_RECORDED).meaning
        if pull["state"] == "unreconciled":
            lines.append(f"{endpoint} was not received completely in this run: {why}.")
        elif pull["state"] != "complete":
            missing.append(endpoint)
            lines.append(
                f"{endpoint} was not received in this run: {why}. What it would have sent is unknown here, "
                "not blank."
            )
    return missing, lines
