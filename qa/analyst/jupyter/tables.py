"""DataFrames and relations as tables to search, filter and sort; without a script they are plain tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import duckdb
import pandas as pd
from itables import to_html_datatable
from itables.typing import ITableOptions
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from extract.store.label_columns import identifier
from qa.analyst.visible import MOST_OF_A_RECORD, cut, visible

# So many rows of a DataFrame are in the notebook's file, to be searched; and so many of a relation.
MOST_ROWS = 10_000
MOST_ROWS_OF_RELATION = 1_000
# So few different values are offered as a list to choose from.
MOST_CHOICES = 25
PAGE_ROWS = 10

_PAGES: Sequence[int | str | Mapping[str, object]] = (PAGE_ROWS, 25, 100, {"label": "all", "value": -1})
# Texts up to so many characters are not broken into lines; much longer ones aren't either, but scrolled.
SHORT_TEXT, LONG_TEXT = 40, 400

# The last line undoes JupyterLab's own rule for images, which makes the filters' buttons dots.
_CSS = """
.dt-container table.dataTable td { text-align: left; vertical-align: top; white-space: pre; }
.dt-container table.dataTable th { text-align: left; }
.dt-container table.dataTable .number { text-align: right; font-variant-numeric: tabular-nums; }
.dt-container table.dataTable td.lines { min-width: 24em; white-space: pre-wrap; overflow-wrap: anywhere; }
.dt-container .dtcc-button svg { width: 1em; max-width: none; }
"""
_WORDS = {
    "lengthMenu": "_MENU_ rows per page",
    "info": "_START_ to _END_ of _TOTAL_ rows",
    "infoFiltered": "(filtered from _MAX_)",
    "infoEmpty": "no rows",
    "emptyTable": "no rows",
    "zeroRecords": "no row matches",
}


def table_html(frame: pd.DataFrame, rows: int | None = None) -> str:
    """A DataFrame as HTML: values as they are, blanks empty, nothing shortened.

    Args:
        frame: the rows to show; of more than MOST_ROWS, the first.
        rows: how many rows there are, where the frame has only the first of them.
    """
    there = len(frame) if rows is None else rows
    shown = frame.head(MOST_ROWS)
    columns = [shown.iloc[:, number] for number in range(shown.shape[1])]
    texts = [column.map(_writer(column)).astype(object) for column in columns]
    named = not isinstance(shown.index, pd.RangeIndex)
    options: ITableOptions = {
        "connected": False,
        "allow_html": False,
        "showIndex": named,
        "classes": "display compact",
        "css": _CSS,
        "style": "table-layout:auto;width:auto;margin:0;caption-side:top",
        "columnDefs": _column_definitions(columns, texts, offset=shown.index.nlevels if named else 0),
        "display_logo_when_loading": False,
        "text_in_header_can_be_selected": False,
        "maxBytes": 0,
        "maxColumns": 0,
        "pageLength": PAGE_ROWS,
        "lengthMenu": _PAGES,
        "language": _WORDS,
    }
    if len(shown) > PAGE_ROWS:
        options["columnControl"] = ["searchDropdown"]
    caption = f"{len(shown):,} of {there:,} rows" if len(shown) < there else None
    return to_html_datatable(_plain(shown, texts), caption, **options)


def relation_html(relation: duckdb.DuckDBPyRelation) -> str:
    """The first rows of a relation as HTML, with how many there are.

    Of records as received, the column `payload` is left out: the others have all that is in it.
    """
    shown = [name for name in relation.columns if name != "payload" or relation.columns[0] != "position"]
    first = relation.project(", ".join(map(identifier, shown))).limit(MOST_ROWS_OF_RELATION)
    return table_html(first.df(), relation.shape[0])


def _plain(shown: pd.DataFrame, texts: list[pd.Series]) -> pd.DataFrame:
    frame = pd.DataFrame(dict(enumerate(texts)), index=shown.index)
    return frame.set_axis(shown.columns.map(_heading), axis=1)


def _heading(name: object) -> object:
    """A column's name: a label may be anything."""
    return visible(name) if isinstance(name, str) else name


def _column_definitions(
    columns: list[pd.Series], texts: list[pd.Series], offset: int
) -> list[dict[str, object]]:
    numbers, lines, choices = [], [], []
    for place, (column, text) in enumerate(zip(columns, texts, strict=True), start=offset):
        if is_numeric_dtype(column) and not is_bool_dtype(column):
            numbers.append(place)
        elif SHORT_TEXT < text.str.len().max() <= LONG_TEXT:
            lines.append(place)
        if len(text) > PAGE_ROWS and text.nunique() <= MOST_CHOICES:
            choices.append(place)
    definitions: list[dict[str, object]] = [
        {"targets": numbers, "className": "number"},
        {"targets": lines, "className": "lines"},
        {"targets": choices, "columnControl": [["searchList"]]},
    ]
    return [definition for definition in definitions if definition["targets"]]


def _writer(column: pd.Series) -> Callable[[object], str]:
    if is_bool_dtype(column):
        return lambda value: "" if pd.isna(value) else ("yes" if value else "no")  # type: ignore[call-overload]
    if is_numeric_dtype(column) and str(column.name).startswith("share"):
        return lambda value: "" if pd.isna(value) else f"{value:.1%}"  # type: ignore[call-overload]
    if is_numeric_dtype(column):
        return lambda value: "" if pd.isna(value) else _number(value)  # type: ignore[call-overload]
    return _text


def _number(value: object) -> str:
    text = f"{value:.4f}".rstrip("0") if isinstance(value, float) else str(value)
    return text.removesuffix(".")


def _text(value: object) -> str:
    return cut(_written(value), MOST_OF_A_RECORD)


def _written(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return _nested(value)
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _nested(value: dict[object, object] | list[object] | tuple[object, ...]) -> str:
    if isinstance(value, dict) or any(isinstance(item, dict | list | tuple) for item in value):
        return json.dumps(value, ensure_ascii=False, default=str)
    return ", ".join("" if item is None else str(item) for item in value)
