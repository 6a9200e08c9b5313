"""What each endpoint's pull returned, from the raw store."""

from __future__ import annotations

from typing import Any

import duckdb

from district.endpoints import ENDPOINTS, Endpoint
from district.run_id import started_at
from extract.outcomes import BY_CODE, NOT_RECORDED, NOT_REQUESTED
from qa.contract import Pull
from qa.redaction.labels import kind_of

# An endpoint without a row in plus360.pulls: the run ended before it was requested.
_NOT_REQUESTED: dict[str, Any] = {
    "state": "missing", "rows": 0, "pages": 0, "reported_total": None, "http_status": None, "seconds": 0.0,
    "retries": 0, "passes": 0, "stripped_labels": [], "message": "", "outcome": NOT_REQUESTED.code,
}  # fmt: skip


def read_pulls(store: duckdb.DuckDBPyConnection, run_id: str) -> list[Pull]:
    """What each of the seven endpoints returned in a run, in the order of the setup guide."""
    columns = [
        "endpoint", "state", "rows", "pages", "reported_total", "http_status", "seconds", "retries", "passes",
        "stripped_labels", "message", "outcome",
    ]  # fmt: skip
    rows = store.execute(
        f"select {', '.join(columns)} from plus360.pulls where run_id = ?", [run_id]
    ).fetchall()
    pulls = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    last_complete = dict(
        store.execute(
            """
            select endpoint, max(run_id) from plus360.pulls
            where state = 'complete' and run_id <= ?
            group by endpoint
            """,
            [run_id],
        ).fetchall()
    )
    return [
        _pull(endpoint, pulls.get(endpoint.name, _NOT_REQUESTED), last_complete.get(endpoint.name))
        for endpoint in ENDPOINTS
    ]


def read_rows_before(store: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, int]:
    """Rows of each endpoint the last time before a run that it was complete."""
    return dict(
        store.execute(
            """
            select endpoint, arg_max(rows, run_id) from plus360.pulls
            where state = 'complete' and run_id < ?
            group by endpoint
            """,
            [run_id],
        ).fetchall()
    )


def read_removed_labels(store: duckdb.DuckDBPyConnection, run_id: str) -> list[tuple[str, str]]:
    """Endpoint and label of everything that was removed from a run before it was stored."""
    return store.execute(
        "select endpoint, unnest(stripped_labels) as label from plus360.pulls where run_id = ? order by all",
        [run_id],
    ).fetchall()


def _pull(endpoint: Endpoint, pull: dict[str, Any], last_complete: str | None) -> Pull:
    outcome = BY_CODE.get(pull["outcome"], NOT_RECORDED)
    told = {key: value for key, value in pull.items() if key != "message"} | {
        "endpoint": endpoint.name,
        "subscription": endpoint.subscription,
        "stripped_labels": sorted({kind_of(label) for label in pull["stripped_labels"]}),
        "outcome": outcome.code,
        "answer": outcome.meaning,
        "answer_detail": pull["message"] or None,
        "last_complete": started_at(last_complete) if last_complete else None,
    }
    return Pull.model_validate(told)
