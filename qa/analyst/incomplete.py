"""What a run did not receive, and why: an answer must not take it for blank."""

from __future__ import annotations

import duckdb

from district.endpoints import ENDPOINTS
from extract.outcomes import BY_CODE, NOT_RECORDED, NOT_REQUESTED

_PULLS = "select endpoint, struct_pack(state, outcome, message) from raw_store.plus360.pulls where run_id = ?"
_NOT_REQUESTED = {"state": "missing", "outcome": NOT_REQUESTED.code, "message": ""}


def incomplete_pulls(con: duckdb.DuckDBPyConnection, run_id: str) -> tuple[list[str], list[str]]:
    """The endpoints of which a run received nothing, and a line for each that is not complete.

    Args:
        con: raw.duckdb is attached as raw_store.
        run_id: a run that is kept.
    """
    pulls = dict(con.execute(_PULLS, [run_id]).fetchall())
    missing, lines = [], []
    for endpoint in (one.name for one in ENDPOINTS):
        pull = pulls.get(endpoint, _NOT_REQUESTED)
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
