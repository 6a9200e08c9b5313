"""How the product's database columns hold values: `char` is padded with spaces, flags are Y and N."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random


def flag(value: bool) -> str:
    """A flag."""
    return "Y" if value else "N"


def padded(value: object, length: int) -> str:
    """A value in a `char` column of this length."""
    return str(value).ljust(length)


def number_or_text(rng: Random, number: int) -> int | str:
    """A number that is sometimes written as a string."""
    return str(number) if rng.random() < 0.02 else number


def changed_at(rng: Random, school_year: int) -> str:
    """A time in the year before this school year began."""
    start = datetime(school_year - 1, 8, 10, 7)  # noqa: DTZ001 - the product's times have no zone
    return (start + timedelta(minutes=rng.randrange(525_000))).isoformat()
