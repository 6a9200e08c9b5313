"""What a command costs: seconds, and the CPU and memory of all processes that it starts."""

import ctypes
import os
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Usage:
    """What some work cost.

    Attributes:
        seconds: from its start to its end.
        cpu: seconds of all its processes.
        server: CPU seconds of the sandbox, which runs in this process.
        peak_mb: the most memory that one of its processes had.
    """

    seconds: float
    cpu: float
    server: float
    peak_mb: float


def adopt_orphans() -> None:
    """Be the parent of what our processes leave, so that the system counts it as ours (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(work: Callable[[], None]) -> Usage:
    """Do some work in child processes, once per process: memory is the most since this process began."""
    _wait_for_orphans()  # of what came before
    began, served, before = time.perf_counter(), time.process_time(), _of_children()
    work()
    seconds = time.perf_counter() - began
    _wait_for_orphans()
    after = _of_children()
    return Usage(
        seconds=seconds,
        cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        server=time.process_time() - served,
        peak_mb=after.ru_maxrss / 1024,
    )


def _wait_for_orphans() -> None:
    """Wait for what commands left: the product's fork server, which ends after its command."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _of_children() -> resource.struct_rusage:
    return resource.getrusage(resource.RUSAGE_CHILDREN)
