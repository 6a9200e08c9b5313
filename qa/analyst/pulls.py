"""Which runs a district has, and what one of them did not receive."""

from __future__ import annotations

import duckdb

from district.endpoints import ENDPOINTS
from extract.outcomes import BY_CODE, NOT_RECORDED, NOT_REQUESTED
from qa.analyst.errors import DataError

_RUNS = "select run_id, count(*) from raw_store.plus360.pulls group by run_id order by run_id desc"
_PULLS = "select endpoint, struct_pack(state, outcome, message) from raw_store.plus360.pulls where run_id = ?"


def chosen_pull(con: duckdb.DuckDBPyConnection, run_id: str | None) -> str:
    """The run that is named, or the latest one whose pull ended.

    Raises:
        DataError: there is none.
    """
    runs: dict[str, int] = dict(con.execute(_RUNS).fetchall())
    if not runs:
        raise DataError("No data has been pulled from this district yet.")
    if run_id:
        if run_id not in runs:
            raise DataError(f"There is no run {run_id!r}; there are {', '.join(runs)}.")
        return run_id
    # A run that is being pulled has not ended all its endpoints yet.
    ended = [run for run, endpoints in runs.items() if endpoints == len(ENDPOINTS)]
    return (ended or list(runs))[0]


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
