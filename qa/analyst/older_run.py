"""An older run's records under the names that raw.duckdb's schema `latest` has for the last run's."""

from __future__ import annotations

import duckdb

from district.endpoints import ENDPOINTS
from extract.store.label_columns import literal, records_query


def show_run(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Make the views memory.latest.* of one run, unless raw_store.latest is of that run.

    A view has a column for each label that any build has seen; null where the run did not receive it.

    Args:
        con: raw.duckdb is attached as raw_store.
        run_id: a run that is kept.
    """
    if con.execute("select max(run_id) from raw_store.latest.pulls").fetchone() == (run_id,):
        return
    of_run = f"where run_id = {literal(run_id)}"
    seen = con.execute("select endpoint, label from raw_store.history.labels order by rowid").fetchall()
    con.execute("create schema memory.latest")
    con.execute(f"create view memory.latest.pulls as select * from raw_store.plus360.pulls {of_run}")
    for endpoint in ENDPOINTS:
        records = f'(select * from raw_store.plus360."{endpoint.name}" {of_run})'
        labels = [label for of, label in seen if of == endpoint.name]
        con.execute(f'create view memory.latest."{endpoint.name}" as {records_query(records, labels)}')
