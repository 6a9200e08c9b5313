"""What a new district's labels leave open: labels without a field, fields without a label, and guesses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache

import duckdb
import pandas as pd

from district.endpoints import ENDPOINTS, Endpoint
from district.run_id import started_at
from extract.preflight.field_labels import FieldLabels, known_labels
from extract.store.label_columns import pointer
from qa.analyst.labels.evidence import IDS, Kind, Values, kind_of
from qa.analyst.labels.guesses import Field, Guess, Known, guesses, is_nearly_empty
from qa.analyst.labels.mapping import read_mapping
from qa.analyst.labels.received import received_labels
from qa.analyst.pulls import rows_received
from qa.analyst.reader import Reader, query

# So many values of a label are looked at.
SAMPLE = 1_000
_FILLED = "select label, filled from stg_plus360__labels where endpoint = $endpoint"
_COLUMNS = {
    "endpoint": "string", "label": "string", "field": "string", "is_likely": "boolean",
    "confidence": "Float64", "reason": "string", "records": "Int64", "filled": "Int64",
    "example": "string",
}  # fmt: skip


def unmapped(reader: Reader) -> pd.DataFrame:
    """One row per label that no field maps, with the field it may be; and per field that no label fills.

    A field that is filled is no guess, unless nearly every record leaves it blank. Of one field, one label at
    most is likely. Labels that a district defines itself (UDRegUser) are there only with a guess.

    Returns:
        endpoint, label (NA: no label fills the field), field (NA: no guess), is_likely, confidence (0 to 1),
        reason, records of the endpoint, filled (how many fill the label), an example of a value.
    """
    reader.tell_newer()
    with reader.open() as con:
        known = cache(lambda: _known_ids(con))
        lines = [line for endpoint in ENDPOINTS for line in _lines(con, reader, endpoint, known)]
    return pd.DataFrame(lines, columns=list(_COLUMNS)).astype(_COLUMNS)


def _lines(
    con: duckdb.DuckDBPyConnection,
    reader: Reader,
    endpoint: Endpoint,
    known_ids: Callable[[], Mapping[Kind, Collection[str]]],
) -> Iterator[dict[str, object]]:
    sent = received_labels(con, endpoint.name, reader.run_id, is_built=reader.is_built)
    if not sent:
        return
    mapping = read_mapping(con, endpoint.name)
    records = rows_received(con, reader.run_id, endpoint.name)
    fields = list(_missing(endpoint, mapping, _filled(con, reader, endpoint, sent), records))
    open_labels = [label for label in sent if mapping.field(label) is None]
    values = _values(con, reader, endpoint, open_labels) if open_labels else {}
    needs_ids = values and any(kind_of(field.name) in IDS for field in fields)
    known = Known(known_ids() if needs_ids else {}, started_at(reader.run_id).date())
    found = guesses(values, fields, known)
    for label in open_labels:
        guess = found.get(label)
        if guess or not endpoint.has_own_labels:
            yield _line(endpoint, label, guess, values[label], records)
    likely = {guess.field for guess in found.values() if guess.is_likely}
    for field in fields:
        if field.name in mapping.expected and not field.is_sent and field.name not in likely:
            sent_as = f"No label fills it. Other districts send it as {' or '.join(field.labels)}."
            yield _line(endpoint, None, Guess("", field.name, 0.0, sent_as), Values([], 0, 0), records)


def _line(
    endpoint: Endpoint, label: str | None, guess: Guess | None, values: Values, records: int
) -> dict[str, object]:
    return {
        "endpoint": endpoint.name,
        "label": label,
        "field": guess.field if guess else None,
        "is_likely": bool(guess and guess.is_likely),
        "confidence": guess.confidence if guess else None,
        "reason": guess.reason if guess else None,
        "records": records,
        "filled": values.filled,
        "example": next(iter(values.texts), None),
    }


def _missing(
    endpoint: Endpoint, mapping: FieldLabels, filled: Mapping[str, int], records: int
) -> Iterator[Field]:
    """The fields of an endpoint that no label fills, or in next to none of the records."""
    known: dict[str, list[str]] = {}
    for row in known_labels():
        if row["endpoint"] == endpoint.name:
            known.setdefault(row["field"], []).append(row["label"])
    of_field: dict[str, int] = {}
    for label, number in filled.items():
        if field := mapping.field(label):
            of_field[field] = of_field.get(field, 0) + number
    for field, labels in known.items():
        if field not in of_field or is_nearly_empty(of_field[field], records):
            yield Field(field, labels, field in of_field)


def _filled(
    con: duckdb.DuckDBPyConnection, reader: Reader, endpoint: Endpoint, labels: Collection[str]
) -> dict[str, int]:
    """How many records fill each label that an endpoint sent."""
    if reader.is_built:
        with suppress(duckdb.CatalogException):
            return dict(con.execute(_FILLED, {"endpoint": endpoint.name}).fetchall())
    found = con.execute(query("labels_filled"), _asked(reader, endpoint, labels)).fetchall()
    return dict.fromkeys(labels, 0) | dict(found)


def _values(
    con: duckdb.DuckDBPyConnection, reader: Reader, endpoint: Endpoint, labels: Collection[str]
) -> dict[str, Values]:
    """The values of labels, a sample of them; of labels that are blank everywhere, none."""
    asked = _asked(reader, endpoint, labels) | {"most": SAMPLE}
    found = con.execute(query("label_samples"), asked).fetchall()
    filled = {label: Values(sample, distinct, number) for label, number, distinct, sample in found}
    return {label: filled.get(label, Values([], 0, 0)) for label in labels}


def _asked(reader: Reader, endpoint: Endpoint, labels: Collection[str]) -> dict[str, object]:
    return {
        "table": f"raw_store.plus360.{endpoint.name}",
        "run_id": reader.run_id,
        "pointers": [pointer(label) for label in labels],
        "labels": list(labels),
    }


def _known_ids(con: duckdb.DuckDBPyConnection) -> dict[Kind, set[str]]:
    ids: dict[Kind, set[str]] = {}
    with suppress(duckdb.CatalogException):  # no run was built yet
        for kind, one in con.execute(query("known_ids")).fetchall():
            ids.setdefault(kind, set()).add(one)
    return ids
