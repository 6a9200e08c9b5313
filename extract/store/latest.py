"""The schema `latest` of raw.duckdb: the records of the last run alone, a column for each label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import duckdb

from district.endpoints import ENDPOINTS, Endpoint
from extract.store.label_columns import (
    MOST_LABELS,
    RECORD_COLUMNS,
    column_names,
    identifier,
    literal,
    records_query,
)

_Comments = dict[str, dict[str, str]]

# The run whose pull ended last: one that was interrupted has not ended all of its endpoints.
_LATEST = f"""
    select coalesce(max(run_id) filter (endpoints = {len(ENDPOINTS)}), max(run_id))
    from (select run_id, count(*) as endpoints from plus360.pulls group by run_id)
"""
# In the order in which the server sends them.
_LABELS = """
    select label
    from (
        select
            position,
            unnest(labels) as label,
            generate_subscripts(labels, 1) as place
        from (select position, json_keys(payload) as labels from plus360."{endpoint}" where run_id = ?)
    )
    group by label
    order by min(position), min(place)
    limit ?
"""


def latest_run_id(store: duckdb.DuckDBPyConnection) -> str | None:
    """The run whose pull ended last; None before the first."""
    row = store.execute(_LATEST).fetchone()
    return row[0] if row else None


def is_shown(store: duckdb.DuckDBPyConnection) -> bool:
    """Whether the views of the schema latest are there, and are those of the latest run."""
    views = store.execute(
        "select count(*) from duckdb_views() "
        "where database_name = current_database() and schema_name = 'latest'"
    ).fetchone()
    if views != (len(ENDPOINTS) + 1,):
        return False
    shown = store.execute("select max(run_id) from latest.pulls").fetchone()
    return shown == (latest_run_id(store),)


def show_latest(
    store: duckdb.DuckDBPyConnection, labels: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> None:
    """Make the views of the latest run, all of them or none, unless they are there.

    The view of an endpoint has position, a column for each label that a record of the run has, landed_at,
    run_id and payload; where the run received no record, no column for labels.

    Args:
        store: raw.duckdb, open for writing, without a transaction.
        labels: of each endpoint, by run. To read them in a million records takes some seconds.
    """
    if is_shown(store):
        return
    run_id = latest_run_id(store) or ""
    known = (labels or {}).get(run_id)
    store.execute("begin")
    said = _comments(store)
    _show(store, "pulls", _of_run("pulls", run_id), {}, said)
    for endpoint in ENDPOINTS:
        received = _labels(store, run_id, endpoint) if known is None else known[endpoint.name]
        query = records_query(f"({_of_run(endpoint.name, run_id)})", received)
        _show(store, endpoint.name, query, column_names(received), said)
    store.execute("commit")


def _labels(store: duckdb.DuckDBPyConnection, run_id: str, endpoint: Endpoint) -> list[str]:
    rows = store.execute(_LABELS.format(endpoint=endpoint.name), [run_id, MOST_LABELS]).fetchall()
    return [label for (label,) in rows]


def _show(
    store: duckdb.DuckDBPyConnection, table: str, query: str, columns: Mapping[str, str], said: _Comments
) -> None:
    """Make the view of a table, with comments of the table, and of the columns for labels."""
    view = f'latest."{table}"'
    comments = {
        column: comment
        for column, comment in said[table].items()
        if table == "pulls" or column in RECORD_COLUMNS
    } | {
        column: f"The label {label}, as received; null where a record has none.".replace("\0", "")
        for label, column in columns.items()
    }
    kind = "endpoint. How its pull ended" if table == "pulls" else f"{table} record"
    statements = [
        f"create or replace view {view} as {query}",
        f"comment on view {view} is 'One row per {kind}, in the last run whose pull ended.'",
        *(
            f"comment on column {view}.{identifier(column)} is {literal(comment)}"
            for column, comment in comments.items()
        ),
    ]
    store.execute(";\n".join(statements))


def _comments(store: duckdb.DuckDBPyConnection) -> _Comments:
    rows = store.execute(
        """
        select table_name, column_name, comment from duckdb_columns()
        where database_name = 'store' and schema_name = 'plus360' and comment is not null
        """
    ).fetchall()
    said: _Comments = defaultdict(dict)
    for table, column, comment in rows:
        said[table][column] = comment
    return said


def _of_run(table: str, run_id: str) -> str:
    return f'select * from plus360."{table}" where run_id = {literal(run_id)}'
