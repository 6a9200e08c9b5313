"""How the report writes numbers: counts, shares, bands, steps. None is a dash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qa.report import words

_NONE = "–"  # noqa: RUF001


def count(number: int | None) -> str:
    """A count as in "1,595"."""
    return _NONE if number is None else f"{number:,}"


def percent(share: float | None) -> str:
    """A share of 0 to 1 as in "0.3%": never 0% of something, nor 100% where something is missing."""
    if share is None:
        return _NONE
    shown = f"{100 * share:.1f}".removesuffix(".0")
    if shown == "0" and share > 0:
        return "<0.1%"
    return "99.9%" if shown == "100" and share < 1 else f"{shown}%"


def band(first: int | None) -> str:
    """A school's number as in "40–49"."""  # noqa: RUF002
    return _NONE if first is None else f"{first:,}–{first + 9:,}"  # noqa: RUF001


def five_steps(first: int | None) -> str:
    """A share in steps of five percent as in "90+"; "<5" for the lowest step."""
    if first is None:
        return _NONE
    return f"{first}+" if first else "<5"


def range_of_five(first: int | None) -> str:
    """The same as in "90–95%"."""  # noqa: RUF002
    return _NONE if first is None else f"{first}–{first + 5}%"  # noqa: RUF001


def duration(span: timedelta) -> str:
    """How long something took, as in "1 min 35 s"."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return words.DURATION.format(minutes=minutes, seconds=seconds) if minutes else f"{seconds} s"


def in_words(code: str, known: Mapping[str, str]) -> str:
    """The words for a code, or the code itself."""
    return known.get(code, code)
