"""Bar charts of counted values: a table with bars in it, readable without a script, style or screen."""

from __future__ import annotations

from html import escape

import pandas as pd
from IPython.display import HTML
from pandas.api.types import is_numeric_dtype

from qa.analyst.errors import DataError, choose
from qa.analyst.visible import cut

# So many bars are drawn; the rest are counted in a line below.
MOST_BARS = 30
# The report's color: it stands out from white and from JupyterLab's dark ground.
_BAR = "#5b7fa6"
_BLANK = "(blank)"
# JupyterLab makes all columns of a table equally wide, and long texts run over their neighbors.
_TABLE = "table-layout:auto;width:100%;max-width:52em;margin:0;border-collapse:collapse"
_NAME = "text-align:left;white-space:normal"
_NAME_OF_LONG_WORDS = f"{_NAME};min-width:10em;overflow-wrap:anywhere"
# Words of more characters are broken where the line ends.
_LONG_WORD = 24
_COUNT = "text-align:right;white-space:nowrap"


def bars(frame: pd.DataFrame, value: str = "records") -> HTML:
    """A bar for each row, as long as its number.

    Args:
        frame: counts, as `District.values` gives them.
        value: the column with the numbers. The columns before it name the bars: those with texts, and
            where these don't tell the bars apart, those with numbers, too.

    Raises:
        DataError: there is no such column, or it has no numbers.
    """
    if value == "records" and value not in frame.columns:
        value = next((name for name in frame.columns if is_numeric_dtype(frame[name])), value)
    value = choose(value, list(frame.columns), "column")
    if not is_numeric_dtype(frame[value]):
        raise DataError(f"The column {value} has no numbers to draw.")
    names = _names(frame, value)
    shown = frame.head(MOST_BARS)
    longest = float(shown[value].max()) if shown[value].notna().any() else 0.0
    total = float(frame[value].sum())
    head = "".join(
        f'<th scope="col" style="text-align:left;white-space:nowrap">{_text(name)}</th>' for name in names
    )
    head += f'<th scope="col" style="{_COUNT}">{_text(value)}</th>'
    body = "".join(_row(row, names, value, longest) for _, row in shown.iterrows())
    more = len(frame) - len(shown)
    rest = f"<p>{more:,} more rows, with {total - float(shown[value].sum()):,.0f} in all.</p>" if more else ""
    return HTML(  # type: ignore[no-untyped-call]
        f'<div style="overflow-x:auto"><table style="{_TABLE}"><thead><tr>{head}'
        f'<th aria-hidden="true" style="width:40%"></th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>{rest}"
    )


def _names(frame: pd.DataFrame, value: str) -> list[str]:
    """The columns before the value that name its bars."""
    before = list(frame.columns[: list(frame.columns).index(value)])
    texts = [name for name in before if not is_numeric_dtype(frame[name])]
    return texts if texts and not frame.duplicated(texts).any() else before


def _row(row: pd.Series, names: list[str], value: str, longest: float) -> str:
    number = row[value]
    cells = "".join(_name(_text(row[name]) or _BLANK) for name in names)
    width = 0.0 if pd.isna(number) or not longest else 100 * max(float(number), 0.0) / longest
    bar = (
        f'<div style="width:{width:.2f}%;min-width:1px;height:1em;background:{_BAR};border-radius:2px"></div>'
    )
    return (
        f'<tr>{cells}<td style="{_COUNT}">{_number(number)}</td>'
        f'<td aria-hidden="true" style="text-align:left;min-width:5em">{bar}</td></tr>'
    )


def _name(text: str) -> str:
    has_long = max(map(len, text.split()), default=0) > _LONG_WORD
    return f'<td style="{_NAME_OF_LONG_WORDS if has_long else _NAME}">{text}</td>'


def _number(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return f"{value:,.4g}" if isinstance(value, float) and value % 1 else f"{int(value):,}"  # type: ignore[call-overload]


def _text(value: object) -> str:
    return "" if pd.isna(value) else escape(cut(value))  # type: ignore[call-overload]
