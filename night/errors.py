"""What can stop a night before it has a verdict, and how any error is told."""

from __future__ import annotations

import traceback
from pathlib import Path

# Rooms whose errors are worded for people, and hold no value of a record.
_OUR_ROOMS = {"extract", "qa", "night"}


class NightError(Exception):
    """A night cannot be run now; its text is one line for people."""


def in_a_line(error: Exception) -> str:
    """An error for the operator. What others worded may quote data: its class and place are enough."""
    if type(error).__module__.split(".")[0] in _OUR_ROOMS:
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}; the last good night stays"
