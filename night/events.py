"""What a nightly run reports while it runs: small facts, no personal values, for a terminal and for a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from night.machine.interruption import end_if_it_came

Step = Literal["prepare", "extract", "build", "check", "report", "publish", "deliver", "done"]
STEPS: tuple[Step, ...] = ("prepare", "extract", "build", "check", "report", "publish", "deliver", "done")


@dataclass(frozen=True)
class NightEvent:
    """One step of one district's nightly run began or moved on.

    Attributes:
        run_id: the run's; with it, others can record how the run ended when its own process can't.
    """

    district: str
    step: Step
    detail: str = ""
    rows: int = 0
    expected_rows: int | None = None
    begins: bool = False
    """True on the first event of a step: what a log without a live display prints."""
    run_id: str = ""


Listener = Callable[[NightEvent], None]


class Steps:
    """Tells the listener which step is at work, and keeps the seconds of each."""

    def __init__(
        self, district: str, listen: Listener, start: datetime | None = None, *, run_id: str = ""
    ) -> None:
        self.district = district
        self.run_id = run_id
        self.listen = listen
        self.seconds: dict[str, float] = {}
        self._at: Step = STEPS[0]
        self._ahead = datetime.now(UTC) - start if start else timedelta()

    def now(self) -> datetime:
        """The time in the run: for one that is said to start at another moment, counted from there."""
        return datetime.now(UTC) - self._ahead

    @contextmanager
    def step(self, name: Step) -> Iterator[None]:
        """Everything inside belongs to the step; none begins or goes well after an interruption."""
        end_if_it_came()
        began, self._at = time.monotonic(), name
        self.listen(NightEvent(self.district, name, begins=True, run_id=self.run_id))
        try:
            yield
            end_if_it_came()
        finally:
            self.seconds[name] = round(time.monotonic() - began, 3)

    def wait(self, words: str) -> None:
        """Tell what the step at work waits for."""
        self.listen(NightEvent(self.district, self._at, detail=words, begins=True, run_id=self.run_id))
