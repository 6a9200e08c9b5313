"""The labels of an endpoint: what is in them, which field they fill, and since when they are sent."""

from __future__ import annotations

from contextlib import suppress

import duckdb
import pandas as pd

from district.endpoints import Endpoint
from district.run_id import started_at
from extract.preflight.field_labels import FieldLabels
from extract.store.label_columns import pointer
from qa.analyst.errors import choose_endpoint
from qa.analyst.frames import frame_of
from qa.analyst.labels.mapping import read_mapping
from qa.analyst.pulls import rows_received
from qa.analyst.reader import Reader, query

_BUILT = "select label from stg_plus360__labels where endpoint = $endpoint order by label"
_FIRST = "select json_keys(payload) from query_table($table) where run_id = $run_id order by position limit 1"
_TEXT = ["label", "field", "shapes", "types"]
_NUMBERS = ["records", "filled", "distinct_values"]


def labels(reader: Reader, endpoint: str) -> pd.DataFrame:
    """One row per label, in the order in which the records have them; then those that are no longer sent.

    Args:
        reader: the run's files.
        endpoint: its name, or its mart's.

    Returns:
        label, field (NA: no field maps it), records that have it, filled, share of the records that fill it,
        distinct_values, shapes (letters as A and a, digits as 9; the usual three), types, first_night and
        last_night (UTC; NA: not known), is_new (no earlier run received it; the first run has no new labels).
    """
    chosen = choose_endpoint(endpoint)
    reader.tell_newer()
    with reader.open() as con:
        names = received_labels(con, chosen.name, reader.run_id, is_built=reader.is_built)
        sent = _profile(con, chosen, reader.run_id, names)
        known = frame_of(
            con.execute(query("labels_remembered"), {"endpoint": chosen.name, "run_id": reader.run_id})
        )
        mapping = read_mapping(con, chosen.name)
        total = rows_received(con, reader.run_id, chosen.name)
    known["label"] = known["label"].fillna("")
    order = dict.fromkeys([*names, *known["label"]])
    whole = sent.set_index("label").join(known.set_index("label"), how="outer")
    table = whole.reindex(list(order)).rename_axis("label").reset_index()
    return _told(table, mapping, reader.run_id, total)


def received_labels(
    con: duckdb.DuckDBPyConnection, endpoint: str, run_id: str, *, is_built: bool
) -> list[str]:
    """The labels that an endpoint sent in a run: those of its first record, then the others.

    Args:
        con: as `Reader.open` gives it.
        endpoint: its name.
        run_id: the run.
        is_built: whether the warehouse is this run's, which knows them: to read all records takes seconds.
    """
    table = f"raw_store.plus360.{endpoint}"
    found: list[str] = []
    if is_built:
        with suppress(duckdb.CatalogException):  # the build stopped before it
            found = [label for (label,) in con.execute(_BUILT, {"endpoint": endpoint}).fetchall()]
    if not found:
        sent = con.execute(query("labels_received"), {"table": table, "run_id": run_id}).fetchall()
        found = [label for (label,) in sent]
    first = con.execute(_FIRST, {"table": table, "run_id": run_id}).fetchone()
    return list(dict.fromkeys([*(first[0] if first and first[0] else []), *found]))


def _profile(
    con: duckdb.DuckDBPyConnection, endpoint: Endpoint, run_id: str, names: list[str]
) -> pd.DataFrame:
    pointers = [pointer(name) for name in names]
    table = f"raw_store.plus360.{endpoint.name}"
    asked = {"table": table, "run_id": run_id, "pointers": pointers, "labels": names}
    found = frame_of(con.execute(query("label_profile"), asked))
    found["label"] = found["label"].fillna("")  # a label may be empty
    return found


def _told(table: pd.DataFrame, mapping: FieldLabels, run_id: str, total: int) -> pd.DataFrame:
    is_sent = table["records"].notna()
    fields = [mapping.field(label) for label in table["label"]]
    is_earlier = table["first_run_id"].notna()
    has_earlier = bool(is_earlier.any())
    first = table["first_run_id"].fillna(run_id)
    last = table["last_run_id"].mask(is_sent & (table["last_run_id"].fillna("") < run_id), run_id)
    told = table.assign(
        field=pd.array(fields, dtype="string"),
        share=(table["filled"].fillna(0) / max(total, 1)).astype("Float64").round(3),
        first_night=first.map(_night).astype(object),
        last_night=last.map(_night, na_action="ignore").astype(object),
        is_new=(is_sent & ~is_earlier & has_earlier).astype("boolean"),
        records=table["records"].fillna(0),
        filled=table["filled"].fillna(0),
        distinct_values=table["distinct_values"].fillna(0),
    )
    columns = ["label", "field", "records", "filled", "share", "distinct_values", "shapes", "types",
               "first_night", "last_night", "is_new"]  # fmt: skip
    return told[columns].astype(dict.fromkeys(_TEXT, "string") | dict.fromkeys(_NUMBERS, "Int64"))


def _night(run_id: str) -> object:
    return started_at(run_id).date()
