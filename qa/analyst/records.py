"""The records of an endpoint as received, and the values of one of their fields."""

from __future__ import annotations

from contextlib import suppress

import duckdb
import pandas as pd

from district.endpoints import BY_NAME
from extract.store.label_columns import MOST_LABELS, column_names, identifier, label_text, records_query
from qa.analyst.errors import DataError, choose, choose_endpoint
from qa.analyst.labels.received import received_labels
from qa.analyst.reader import Reader, query

# So many values of a field are shown, the most frequent ones.
MOST_VALUES = 1_000


def records(reader: Reader, endpoint: str, run_id: str | None = None) -> duckdb.DuckDBPyRelation:
    """The records of an endpoint in a run: position, one column per label, and the record as received.

    Values are text as received; what is blank is NULL. All of it is copied into memory.
    """
    name = choose_endpoint(endpoint).name
    run_id = reader.run_of(run_id)
    labels = _labels(reader, name, run_id)
    source = f'(select * from raw_store.plus360."{name}" where run_id = $run_id)'
    if not labels:
        return reader.relation(
            f"select position, payload from {source}", {"run_id": run_id}, received_only=True
        )
    if len(labels) > MOST_LABELS:
        reader.tell(
            f"{name} has {len(labels):,} labels: {MOST_LABELS} have a column, and payload has all of them."
        )
    columns = [identifier(column) for column in column_names(labels).values()]
    texts = [f"case when trim({column}) <> '' then {column} end as {column}" for column in columns]
    sql = f"select position, {', '.join(texts)}, payload from ({records_query(source, labels)})"
    return reader.relation(sql, {"run_id": run_id}, received_only=True)


def values(reader: Reader, table: str, field: str) -> pd.DataFrame:
    """One row per value of a field, the most frequent first: how many records have it, and their share.

    Args:
        reader: the run's files.
        table: an endpoint (its labels), a mart or another table of the warehouse (its columns).
        field: a label or column, whatever the case. What is blank is one value.
    """
    source, expression = _field_of(reader, table, field)
    sql = query("values").replace("__source__", source).replace("__value__", expression)
    used = {"run_id": reader.run_id} if "$run_id" in sql else {}
    return reader.frame(sql, used | {"most": MOST_VALUES})


def _field_of(reader: Reader, table: str, field: str) -> tuple[str, str]:
    """The source and the SQL expression of a field."""
    columns, built = _columns(reader)
    endpoints = {name.casefold(): name for name in BY_NAME}
    if table.casefold() not in endpoints | columns:
        table = choose(table, [*BY_NAME, *columns], "table")
    endpoint = endpoints.get(table.casefold())
    mart = BY_NAME[endpoint].mart if endpoint else table.casefold()
    its = columns.get(mart, {})
    if endpoint:
        labels = _labels(reader, endpoint, reader.run_id)
        if not labels:
            raise DataError(f"Run {reader.run_id} has no record of {endpoint}.")
        spelled = {label.casefold() for label in labels}
        # A field of the mart is understood too: birth_date of Student.
        if field.casefold() in spelled or field.casefold() not in its:
            label = choose(field, labels, f"label of {endpoint}")
            source = f'(select payload from raw_store.plus360."{endpoint}" where run_id = $run_id)'
            return source, label_text(label)
    column = choose(field, list(its), f"column of {mart}")
    if mart in built:
        reader.require_built()
    return mart, identifier(column)


def _labels(reader: Reader, endpoint: str, run_id: str) -> list[str]:
    """The labels of an endpoint in a run, in the order in which the records have them."""
    if run_id == reader.run_id and reader.is_built:
        with suppress(DataError), reader.open() as con:  # a damaged warehouse is not needed for this
            return received_labels(con, endpoint, run_id, is_built=True)
    with reader.open(received_only=True) as con:
        return received_labels(con, endpoint, run_id, is_built=False)


def _columns(reader: Reader) -> tuple[dict[str, dict[str, None]], set[str]]:
    """The columns of each table of the warehouse and the history; and which tables are the warehouse's."""
    found: dict[str, dict[str, None]] = {}
    built: set[str] = set()
    with reader.open() as con:
        for table, column, is_built in con.execute(query("columns")).fetchall():
            found.setdefault(table, {})[column] = None
            built |= {table} if is_built else set()
    return found, built
