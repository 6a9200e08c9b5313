"""How many requests run at a time: never more than the setting, fewer while the server limits their rate."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from extract.errors import EndpointError
from extract.outcomes import INTERRUPTED, THROTTLED

# One more connection after this many answers in a row without a limit.
_ANSWERS_BEFORE_MORE = 40


class RateLimiter:
    """Hands out slots; halves their number when the server throttles, and lets it grow back slowly."""

    def __init__(self, connections: int, stop: threading.Event, give_up_at: float) -> None:
        """Starts with all `connections`; `stop`, or the time `give_up_at`, ends all waiting."""
        self.most = connections
        self.now = connections
        self._stop = stop
        self._give_up_at = give_up_at
        self._running = 0
        self._answers = 0
        self._not_before = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator["RateLimiter"]:
        """Waits for a free slot, and until the time that the server asked all requests to wait for."""
        with self._changed:
            while self._running >= self.now or time.monotonic() < self._not_before:
                if self._stop.is_set():
                    raise EndpointError(INTERRUPTED)
                if max(time.monotonic(), self._not_before) > self._give_up_at:
                    raise EndpointError(THROTTLED)
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
        """Notes that the server limits the rate: all requests wait `seconds`, then half as many go on.

        Answers to requests that ran at the same time are throttled at the same time: they count once.
        """
        with self._changed:
            now = time.monotonic()
            if now >= self._not_before:
                self.now = max(1, self.now // 2)
                self._answers = 0
            self._not_before = max(self._not_before, now + seconds)
