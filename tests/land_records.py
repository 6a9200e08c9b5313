"""Records landed in raw.duckdb as a pull lands them, without a network: for tests and `bench.dbt`.

It is in `tests/` because it needs `extract`, which `sandbox` must not import.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from district.endpoints import ENDPOINTS
from district.run_id import started_at
from extract.outcomes import PullState
from extract.store.latest import show_latest
from extract.store.pulls import Pull, write_pull
from extract.store.raw_store import open_store

BATCH = 20_000

Records = Mapping[str, Iterable[Mapping[str, Any] | bytes]]


def land_records(
    path: Path, run_id: str, records: Records, states: Mapping[str, PullState] | None = None
) -> int:
    """Land records as one run in the raw.duckdb at `path`, and return how many rows were landed.

    Args:
        path: the file; made if it is missing.
        run_id: also the time of the pull.
        records: by endpoint, as dictionaries or as lines of JSON. They may be generators of any length.
        states: of the pulls; "complete" where not given. A refused or broken pull keeps no rows.
    """
    landed = 0
    with closing(open_store(path)) as store:
        for endpoint in ENDPOINTS:
            state = (states or {}).get(endpoint.name, "complete")
            rows = 0
            if state in ("complete", "unreconciled"):
                rows = _insert(store, path, run_id, endpoint.name, records.get(endpoint.name, ()))
            write_pull(store, _pull(run_id, endpoint.name, state, rows))
            landed += rows
        show_latest(store)
    return landed


def _insert(
    store: duckdb.DuckDBPyConnection,
    path: Path,
    run_id: str,
    endpoint: str,
    records: Iterable[Mapping[str, Any] | bytes],
) -> int:
    spool = path.with_name(f"{endpoint}.ndjson")
    remaining = iter(records)
    rows = 0
    while batch := [_line(record) for record in islice(remaining, BATCH)]:
        spool.write_bytes(b"\n".join(batch))
        store.execute(
            f"""
            insert into plus360."{endpoint}" (run_id, endpoint, position, landed_at, payload)
            select ?, ?, ? + row_number() over () - 1, ?, json
            from read_json_objects('{spool}', format = 'newline_delimited')
            """,
            [run_id, endpoint, rows, started_at(run_id).replace(tzinfo=None)],
        )
        rows += len(batch)
    spool.unlink(missing_ok=True)
    return rows


def _pull(run_id: str, endpoint: str, state: PullState, rows: int) -> Pull:
    has_rows = state in ("complete", "unreconciled")
    return Pull(
        run_id=run_id,
        endpoint=endpoint,
        state=state,
        rows=rows,
        pages=1,
        reported_total=rows + (state == "unreconciled") if has_rows else None,
        http_status=200 if has_rows else 403,
        seconds=0.1,
        started_at=started_at(run_id),
        finished_at=started_at(run_id) + timedelta(seconds=1),
        message="",
        stripped_labels=[],
        retries=0,
        passes=1,
        outcome=state if has_rows else "not_subscribed",
    )


def _line(record: Mapping[str, Any] | bytes) -> bytes:
    return record if isinstance(record, bytes) else json.dumps(record).encode()
