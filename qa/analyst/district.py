"""A district's raw data for an analyst, in notebooks/explore.ipynb or any Python.

Every query opens the files read-only and closes them at once: an open notebook never blocks a nightly run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd

from district.endpoints import BY_NAME, ENDPOINTS
from district.errors import Plus360Error
from district.folder import DistrictFolder
from extract.store.attaching import attach_read_only
from qa.warehouse import attach_warehouse

_LABELS = """
    with occurrences as (
        select unnest(json_keys(payload)) as label, payload
        from plus360."{endpoint}" where run_id = $run_id
    ),
    entries as (
        select label, json_extract(payload, '$."' || replace(label, '"', '\\"') || '"') as entry
        from occurrences
    ),
    texts as (
        select label, json_type(entry) as type, nullif(trim(entry ->> '$'), '') as text from entries
    )
    select
        label,
        count(*) as records,
        count(text) as filled,
        string_agg(distinct lower(type), ', ' order by lower(type)) filter (where type <> 'NULL') as types,
        mode(regexp_replace(regexp_replace(regexp_replace(
            text[:40], '[\\p{{Lu}}]', 'A', 'g'), '[\\p{{Ll}}]', 'a', 'g'), '[0-9]', '9', 'g')) as usual_shape
    from texts
    group by label
    order by label
"""


class DataError(Plus360Error):
    """The data that was asked for does not exist, or a nightly run is using the file."""


class District:
    """One district's raw store, and its published warehouse where there is one."""

    def __init__(self, district: str, data: Path | None = None) -> None:
        """Find a district's folder.

        Args:
            district: its key in the settings.
            data: the folder of all districts; PLUS360_DATA, or ./data, if none is given.
        """
        folder = DistrictFolder.of(data or Path(os.environ.get("PLUS360_DATA", "data")), district)
        self._raw, self._folder = folder.raw, folder
        if not self._raw.exists():
            raise DataError(f"There is no raw.duckdb of the district {district!r} in the data folder.")

    def sql(self, query: str, parameters: dict[str, object] | None = None) -> pd.DataFrame:
        """The result of a query over plus360."Student", plus360.pulls, warehouse.marts.students ..."""
        try:
            with closing(duckdb.connect(":memory:")) as con:
                attach_read_only(con, self._raw, "raw_store")
                published = self._folder.published
                if published and published.warehouse.exists():
                    attach_warehouse(con, published, "warehouse")
                con.execute("use raw_store")
                return con.execute(query, parameters or {}).df()
        except duckdb.IOException as error:
            raise DataError(
                "A nightly run is writing to this district. Try again when it has finished."
            ) from error

    def nights(self) -> pd.DataFrame:
        """The pulls that are kept, newest first."""
        return self.sql("""
            select
                run_id, min(started_at) as started_at,
                count(*) filter (where state = 'complete') as complete, sum(rows)::bigint as rows
            from plus360.pulls group by run_id order by run_id desc
        """)

    def endpoints(self, run_id: str | None = None) -> pd.DataFrame:
        """How each endpoint's pull ended in a run, the latest if none is named."""
        return self.sql(
            """
            select endpoint, state, rows, pages, reported_total, http_status, seconds, message
            from plus360.pulls where run_id = $run_id order by list_position($order, endpoint)
            """,
            {"run_id": run_id or self.latest(), "order": [endpoint.name for endpoint in ENDPOINTS]},
        )

    def records(self, endpoint: str, run_id: str | None = None, limit: int | None = 1000) -> pd.DataFrame:
        """Records of an endpoint as received, one column per label; all of them with limit=None."""
        table = f'plus360."{_known(endpoint)}"'
        payloads = self.sql(
            f"select payload from {table} where run_id = $run_id order by position limit $limit",
            {"run_id": run_id or self.latest(), "limit": limit},
        )["payload"]
        return pd.DataFrame.from_records([json.loads(payload) for payload in payloads])

    def labels(self, endpoint: str, run_id: str | None = None) -> pd.DataFrame:
        """The labels of an endpoint: records that carry and fill them, JSON types, the usual shape of values.

        A shape is a value with every letter as A or a, and every digit as 9.
        """
        return self.sql(_LABELS.format(endpoint=_known(endpoint)), {"run_id": run_id or self.latest()})

    def latest(self) -> str:
        """The run id of the latest run."""
        runs: Sequence[str] = (
            self.sql("select max(run_id) as run_id from plus360.pulls")["run_id"].dropna().tolist()
        )
        if not runs:
            raise DataError("No data has been pulled from this district yet.")
        return runs[0]


def _known(endpoint: str) -> str:
    if endpoint not in BY_NAME:
        raise DataError(f"There is no endpoint {endpoint!r}; there are {', '.join(BY_NAME)}.")
    return endpoint
