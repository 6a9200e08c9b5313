"""The nights of a district: to which one a run belongs, on which a run is due, and when it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAY = timedelta(days=1)
# A night's run is missing at 6 a.m., or two hours after the latest of the last five began, at noon at last.
_MISSING_AFTER = timedelta(hours=18)
_SLACK = timedelta(hours=2)
_RECENT_RUNS = 5
# Holidays may be longer than a year; who never has a run day again waits for no run.
_SEARCHED_DAYS = 800


def holiday(text: str) -> tuple[date, date]:
    """The first and the last day of a holiday: "2026-12-25", or "2026-12-21..2027-01-01".

    Raises:
        ValueError: it isn't written like that.
    """
    first, dots, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last if dots else first)


@dataclass(frozen=True)
class RunCalendar:
    """When a district's runs are due. A night begins at noon and is named by the day of that noon.

    So the run of Monday, 5 p.m. and that of Tuesday, 2 a.m. are of one night, Monday's.

    Attributes:
        zone: the district's time zone; None for that of this machine.
        run_days: the days whose night has a run.
        holidays: first and last days whose nights have none.
    """

    zone: ZoneInfo | None = None
    run_days: tuple[Weekday, ...] = WEEKDAYS
    holidays: tuple[tuple[date, date], ...] = ()

    def local(self, moment: datetime) -> datetime:
        """A moment by the district's clock."""
        return moment.astimezone(self.zone)

    def night_of(self, moment: datetime) -> date:
        """The night to which a run belongs that starts at a moment: the day whose noon came last."""
        local = self.local(moment)
        return local.date() if local.hour >= 12 else local.date() - _DAY

    def is_run_night(self, night: date) -> bool:
        """Whether a run is due in a night."""
        if WEEKDAYS[night.weekday()] not in self.run_days:
            return False
        return not any(first <= night <= last for first, last in self.holidays)

    def next_run_night(self, after: date) -> date | None:
        """The first night after another in which a run is due; None where none is for years."""
        nights = (after + number * _DAY for number in range(1, _SEARCHED_DAYS))
        return next((night for night in nights if self.is_run_night(night)), None)

    def missing_at(self, after: date, starts: Sequence[datetime] = ()) -> datetime | None:
        """When the next run after a night is missing, if none has started by then; None where none is due.

        Args:
            after: the night of the last run.
            starts: of the district's runs, the oldest first: a district that runs late is late.
        """
        night = self.next_run_night(after)
        if night is None:
            return None
        offsets = [self._since_noon(start) for start in starts[-_RECENT_RUNS:]]
        span = max([_MISSING_AFTER, *(offset + _SLACK for offset in offsets)])
        return self._at(night, min(span, _DAY))

    def _since_noon(self, start: datetime) -> timedelta:
        """How long after noon a run began, by the clock on the wall."""
        return self.local(start).replace(tzinfo=None) - datetime.combine(self.night_of(start), time(12))

    def _at(self, night: date, span: timedelta) -> datetime:
        """So long after the noon of a night, by the clock on the wall: in UTC."""
        wall = datetime.combine(night, time(12)) + span
        return (wall.replace(tzinfo=self.zone) if self.zone else wall.astimezone()).astimezone(UTC)
