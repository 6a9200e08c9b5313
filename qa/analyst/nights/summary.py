"""A comparison as a person sees it in a notebook: a few tables, readable without scripts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from district.endpoints import BY_NAME
from district.run_id import started_at
from qa.analyst.errors import DataError
from qa.analyst.visible import cut

if TYPE_CHECKING:
    from qa.analyst.nights.comparison import Comparison

MOST_ROWS = 10


def summary_html(comparison: Comparison) -> str:
    """The records of each endpoint, the fields that changed most, labels, and schools."""
    before, after = (
        f"{started_at(run):%a %b %d %Y, %H:%M} UTC" for run in (comparison.before, comparison.after)
    )
    parts = [
        f"<h3>From {before} to {after}</h3>",
        f"<p>Runs {escape(comparison.before)} and {escape(comparison.after)}</p>",
        _table("Records", comparison.rows, "Nothing was received."),
        _table("Fields that changed", comparison.fields, "No field of a record changed."),
        _table("Labels that appeared or are no longer sent", comparison.labels, "The labels are the same."),
        _schools(comparison),
    ]
    return "".join(parts)


def _schools(comparison: Comparison) -> str:
    try:
        schools = comparison.schools
    except DataError as error:
        return f"<h4>Schools</h4><p>{escape(str(error))}</p>"
    moves = schools[["added", "removed", "moved_in", "moved_out", "changed"]].sum(axis=1)
    return _table(BY_NAME["School"].name + "s", schools[moves > 0], "No student changed.")


def _table(title: str, frame: pd.DataFrame, nothing: str) -> str:
    if frame.empty:
        return f"<h4>{title}</h4><p>{nothing}</p>"
    more = len(frame) - MOST_ROWS
    rest = f"<p>{more:,} more</p>" if more > 0 else ""
    numbers = {column: pd.api.types.is_numeric_dtype(frame[column]) for column in frame}
    head = _line("th", list(frame.columns), numbers.values())
    rows = frame.head(MOST_ROWS).astype(object).to_numpy()
    body = "".join(_line("td", cells, numbers.values()) for cells in rows)
    return f"<h4>{title}</h4><table>{head}{body}</table>{rest}"


def _line(tag: str, cells: Iterable[object], numbers: Iterable[bool]) -> str:
    whole = (
        f'<{tag} style="text-align: {"right" if is_number else "left"}">{escape(cut(_text(cell)))}</{tag}>'
        for cell, is_number in zip(cells, numbers, strict=True)
    )
    return f"<tr>{''.join(whole)}</tr>"


def _text(cell: object) -> str:
    if cell is pd.NA:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
