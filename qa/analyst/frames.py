"""Results as an analyst expects them: pandas DataFrames with one kind of blank."""

from __future__ import annotations

import duckdb
import pandas as pd

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_TEXT = {"VARCHAR", "JSON", "ENUM", "UUID"}


def frame_of(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of an executed query. What is missing is always pd.NA, and so is text that is blank.

    Whole numbers are Int64, text is string, flags are boolean; a date is a datetime.date, a time a datetime.
    """
    types = [str(column[1]).partition("(")[0] for column in result.description or []]
    frame = result.df()
    for number, kind in enumerate(types):
        frame.isetitem(number, _with_one_blank(frame.iloc[:, number], kind).array)
    return frame


def _with_one_blank(column: pd.Series, kind: str) -> pd.Series:
    if kind in _TEXT:
        text = column.astype("string")
        return text.mask((text.str.strip() == "").fillna(value=False), pd.NA)
    if kind in _WHOLE:
        return column.astype("Int64")
    if kind == "BOOLEAN":
        return column.astype("boolean")
    if kind in ("DOUBLE", "FLOAT", "DECIMAL", "HUGEINT"):
        return column.astype("Float64")
    values = column.dt.date if kind == "DATE" else column
    return values.astype(object).where(column.notna(), pd.NA)
