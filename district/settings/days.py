"""Days as a person writes them in the settings."""

from datetime import date
from typing import Literal

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def holiday(text: str) -> tuple[date, date]:
    """The first and the last day of a holiday: "2026-12-25", or "2026-12-21..2027-01-01".

    Raises:
        ValueError: it isn't written like that.
    """
    first, dots, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last if dots else first)
