"""A district is paused, for example while eSchoolPLUS closes a school year: its nightly run does nothing."""

from __future__ import annotations

from datetime import date, datetime

from district.folder import DistrictFolder
from night.decisions.errors import RefusedError
from night.decisions.history import Decision, paused_until, record_decision


def today() -> date:
    """The calendar day where this machine is: people and schedulers mean that one."""
    return datetime.now().astimezone().date()


def pause(folder: DistrictFolder, until: date, reason: str | None) -> None:
    """Pause a district until a day: on that day it runs again.

    Raises:
        RefusedError: the day is not in the future.
    """
    if until <= today():
        raise RefusedError(f"{until} is not in the future: name a day after today with --until")
    record_decision(folder, Decision.now("paused", reason=reason, until=until))


def day_of(text: str) -> date:
    """A day that a person wrote.

    Raises:
        RefusedError: it isn't written as a date.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except (ValueError, OverflowError):
        raise RefusedError("write a date such as 2026-12-01") from None


def resume(folder: DistrictFolder, reason: str | None) -> None:
    """End a district's pause: the next nightly run runs.

    Raises:
        RefusedError: it isn't paused.
    """
    if paused_until(folder, today()) is None:
        raise RefusedError(f"{folder.key} isn't paused, so there is nothing to resume")
    record_decision(folder, Decision.now("resumed", reason=reason))
