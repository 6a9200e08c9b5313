"""How many requests run at once: never more than the setting, fewer while the server asks for patience."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from extract.errors import BrokenError

# One more connection after so many answers in a row without complaint.
_ANSWERS_BEFORE_MORE = 40


class RateLimiter:
    """Hands out turns; halves their number when the server throttles, and lets it grow back slowly."""

    def __init__(self, connections: int, stop: threading.Event, give_up_at: float) -> None:
        """Begins with all `connections`; `stop`, or the moment `give_up_at`, ends all waiting."""
        self.most = connections
        self.now = connections
        self._stop = stop
        self._give_up_at = give_up_at
        self._running = 0
        self._answers = 0
        self._not_before = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator["RateLimiter"]:
        """Waits for a free turn, and for the moment the server asked all of us to wait for."""
        with self._changed:
            while self._running >= self.now or time.monotonic() < self._not_before:
                if self._stop.is_set():
                    raise BrokenError("stopped")
                if max(time.monotonic(), self._not_before) > self._give_up_at:
                    raise BrokenError(
                        "the server asks to wait for longer than the time budget lasts. Run at a quieter "
                        "time, or raise time_budget_seconds"
                    )
                left = self._not_before - time.monotonic()
                self._changed.wait(min(left, 0.5) if left > 0 else 0.5)
            self._running += 1
        try:
            yield self
        finally:
            with self._changed:
                self._running -= 1
                self._answers += 1
                if self._answers >= _ANSWERS_BEFORE_MORE and self.now < self.most:
                    self.now, self._answers = self.now + 1, 0
                self._changed.notify()

    def throttled(self, seconds: float) -> None:
        """Notes that the server asked for patience: everybody waits `seconds`, then half as many go on.

        Answers to requests that were under way together complain together: they count once.
        """
        with self._changed:
            moment = time.monotonic()
            if moment >= self._not_before:
                self.now = max(1, self.now // 2)
                self._answers = 0
            self._not_before = max(self._not_before, moment + seconds)
