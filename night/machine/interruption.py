"""Ctrl-C, a scheduler's SIGTERM, a closed terminal: noticed where it suits the one who waits."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from types import FrameType, TracebackType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = "interrupted. Nothing from this run was published"

# Whether a signal of raise_on() came. Libraries in C++ or with their own handling turn the KeyboardInterrupt
# into errors of their own, or into a result: after a signal, whatever arrives is its doing.
_came = threading.Event()


class Interruption:
    """Counts the signals that ask this process to end, and wakes who waits for `fileno()`.

    A KeyboardInterrupt would come between any two lines, also where a result is being written down.
    """

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Interruption:
        self._wakes, self._woken = os.pipe()
        os.set_blocking(self._woken, False)
        self._before = {number: signal.signal(number, self._notice) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._wakes)
        os.close(self._woken)

    def _notice(self, *_: object) -> None:
        self.count += 1
        with suppress(BlockingIOError):  # so many came that it is full: it wakes all the same
            os.write(self._woken, b".")

    def fileno(self) -> int:
        """Readable once a signal came that `seen` was not told of yet."""
        return self._wakes

    def seen(self) -> None:
        """Wait for the next one from here on."""
        os.read(self._wakes, 64)


def raise_on(*numbers: signal.Signals) -> None:
    """From here on, the first such signal is a KeyboardInterrupt; more do not disturb the cleaning up."""
    for number in numbers:
        signal.signal(number, _raise)


def came() -> bool:
    """Whether this process was asked to end since raise_on()."""
    return _came.is_set()


def end_if_it_came() -> None:
    """End here what a library went on with after the signal.

    Raises:
        KeyboardInterrupt: this process was asked to end.
    """
    if came():
        raise KeyboardInterrupt


def _raise(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    _came.set()
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
