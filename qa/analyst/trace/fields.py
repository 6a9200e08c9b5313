"""Field by field: what was received, what staging made of it, and what is in the mart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from qa.analyst.reader import query
from qa.analyst.trace import words
from qa.analyst.trace.family import Family, Record
from qa.analyst.trace.tables import table

COLUMNS = (
    "endpoint",
    "record",
    "field",
    "label",
    "received",
    "staging",
    "mart",
    "difference",
    "quarantined",
    "position",
)
# Fields whose column says what it means: a flag begins with is_ or has_.
_COLUMNS = {
    "use_for_mailing": "is_for_mailing",
    "phone_listing": "is_listed",
    "ferpa_name": "has_ferpa_name",
    "ferpa_address": "has_ferpa_address",
    "ferpa_phone": "has_ferpa_phone",
    "transports_to": "is_transporting_to",
    "transports_from": "is_transporting_from",
}
_FLAGS = {"true": ("1", "true", "t", "y", "yes"), "false": ("0", "false", "f", "n", "no")}


def column_of(field: str) -> str:
    """The column of staging and mart that a field fills."""
    return _COLUMNS.get(field) or (field.replace("mails_", "is_mailed_") if "mails_" in field else field)


def fields_of(con: duckdb.DuckDBPyConnection, family: Family) -> pd.DataFrame:
    """One row per label of each record of the family; see COLUMNS."""
    fields = {
        (endpoint, label): field for endpoint, label, field in con.execute(query("trace_labels")).fetchall()
    }
    rows: list[dict[str, object]] = []
    for endpoint in dict.fromkeys(record.endpoint for record in family.records):
        records = [record for record in family.records if record.endpoint == endpoint]
        positions = [record.position for record in records]
        mart = records[0].entity
        staged = _values(con, f"staging.stg_plus360__{mart}", positions)
        marts = _values(con, f"marts.{mart}", positions)
        for record in records:
            rows += _rows(record, fields, staged.get(record.position, {}), marts.get(record.position, {}))
    return table(rows, COLUMNS)


def _rows(
    record: Record,
    fields: Mapping[tuple[str, str], str | None],
    staged: Mapping[str, str | None],
    mart: Mapping[str, str | None],
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for label, value in record.pairs():
        field = fields.get((record.endpoint, label))
        column = column_of(field) if field else None
        received = None if value is None or str(value).strip() == "" else str(value)
        in_staging, in_mart = (its.get(column) if column else None for its in (staged, mart))
        kept = in_mart if column in mart else in_staging
        is_own = (
            record.endpoint == "UDRegUser" and field is None
        )  # the district's own fields stay as they are
        difference = _difference(received, kept) if column and not record.quarantined else None
        rows.append(
            {
                "endpoint": record.endpoint,
                "record": record.key,
                "field": field,
                "label": label,
                "received": received,
                "staging": in_staging,
                "mart": in_mart,
                "difference": words.NOT_RECOGNIZED if field is None and not is_own else difference,
                "quarantined": words.why(record.quarantined) or None,
                "position": record.position,
            }
        )
    return rows


def _difference(received: str | None, kept: str | None) -> str | None:
    """What normalizing did to a value; None where it is the same, also a date or flag only written so."""
    if received is None:
        return None
    if kept is None:
        return words.DIFFERENCES["lost"]
    plain = received.strip()
    is_date = plain[:10] == kept[:10] and plain[10:11] in ("", "T", " ") and len(kept) >= len("2014-01-02")
    is_flag = plain.lower() in _FLAGS.get(kept, ())
    return None if plain == kept or is_date or is_flag else words.DIFFERENCES["changed"]


def _values(
    con: duckdb.DuckDBPyConnection, table: str, positions: Sequence[int]
) -> dict[int, dict[str, str | None]]:
    """The rows at these positions, every value as text."""
    sql = f"select cast(columns(*) as varchar) from warehouse.{table} where position in ({', '.join(map(str, positions))})"  # noqa: E501
    found = con.execute(sql)
    names = [column[0] for column in found.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {int(row["position"]): row for row in rows}
