"""Results as an analyst expects them: pandas DataFrames with one kind of blank."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_SUMS = {"HUGEINT", "UHUGEINT"}  # what sum() makes of whole numbers
_BROKEN = {"DOUBLE", "FLOAT", "DECIMAL"}
_TEXT = {"VARCHAR", "JSON", "ENUM", "UUID"}
# The largest whole number that a float holds without a loss.
_EXACT = 2**53


def frame_of(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of an executed query. What is missing is always pd.NA, and so is text that is blank.

    Whole numbers are Int64, other numbers Float64, text is string, flags are boolean; a date is a
    datetime.date, a time a pandas Timestamp, a list a list, a struct a dict.
    """
    types = [str(column[1]) for column in result.description or []]
    frame = result.df()
    columns = {
        number: _with_one_blank(frame.iloc[:, number], kind) for number, kind in enumerate(types)
    }  # by their numbers: names may occur twice
    return pd.DataFrame(columns, index=frame.index).set_axis(frame.columns, axis=1)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a DataFrame, each by its columns; what is missing is None."""
    values = frame.astype(object)
    return [
        {str(column): value for column, value in row.items()}
        for row in values.where(values.notna(), None).to_dict("records")
    ]


def _with_one_blank(column: pd.Series, kind: str) -> pd.Series:
    kind = kind if kind.endswith("]") else kind.partition("(")[0]
    if kind in _TEXT:
        return _text(column)
    if kind in _WHOLE:
        return column.astype("Int64")
    if kind == "BOOLEAN":
        return column.astype("boolean")
    if kind in _SUMS | _BROKEN:
        numbers = column.astype("Float64")
        is_whole = kind in _SUMS and bool((numbers.abs() < _EXACT).all())
        return numbers.astype("Int64") if is_whole else numbers
    values = column.dt.date if kind == "DATE" and hasattr(column, "dt") else column
    missing = column.isna()
    values = values.astype(object)
    if kind.endswith("]"):
        values = values.map(lambda value: value.tolist() if isinstance(value, np.ndarray) else value)
    return values.where(~missing, pd.NA)


def _text(column: pd.Series) -> pd.Series:
    text = column.astype("string")
    blank = [value for value in text.dropna().unique() if not value.strip()]
    return text.mask(text.isin(blank), pd.NA) if blank else text
