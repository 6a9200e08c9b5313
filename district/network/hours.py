"""The hours in which a district's server may be asked for data, such as 8:00 p.m. to 5:00 a.m."""

import re
from datetime import datetime, time
from typing import NamedTuple

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


class Hours(NamedTuple):
    """A window of each day, by the district's clock: `start` is in it and `end` is not."""

    start: time
    end: time

    @classmethod
    def of(cls, text: str) -> "Hours":
        """The window that a person wrote as "20:00-05:00".

        Raises:
            ValueError: it isn't written like that, or it would be empty.
        """
        match = _HOURS.fullmatch(text)
        if match is None:
            raise ValueError("is not two times of a day")
        start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
        hours = cls(time(start_hour, start_minute), time(end_hour, end_minute))
        if hours.start == hours.end:
            raise ValueError("has the same time twice")
        return hours

    def contain(self, moment: datetime) -> bool:
        """Whether a moment is in the window, which may pass midnight."""
        now = moment.time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        """As people read it: "8:00 p.m. to 5:00 a.m."."""
        return f"{clock_time(self.start)} to {clock_time(self.end)}"


def clock_time(moment: time) -> str:
    """A time of the day as people read it: "8:05 p.m."."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'a' if moment.hour < 12 else 'p'}.m."
