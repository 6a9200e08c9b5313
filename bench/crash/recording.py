"""One nightly run, recorded: the data as a kill leaves them at each change, and as a power failure may.

A killed process leaves its files as they are at that moment. So the run stops at each change for as long
as it takes to copy the data, and one run gives all moments.
"""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.crash.changes import Change, before_each_change
from bench.crash.disk import CASES, Case, Disk
from bench.crash.nights import ENDED, District, Fork
from night.events import NightEvent

# The first step whose changes are recorded: all before it is pulling and dbt's build, out of readers' sight.
FIRST_STEP = "check"


@dataclass(frozen=True)
class Moment:
    """What was on disk just before a change.

    Attributes:
        step: of the nightly run.
        change: what the run was about to do.
        killed: the data as a kill leaves them there.
        named: the runs that the link had named before.
        without_power: the data as a disk may hold them after a power failure there; only those that differ
            from all before.
    """

    step: str
    change: str
    killed: Path
    named: frozenset[str]
    without_power: dict[Case, Path]


def record(district: District, day: int, *, changes: bool = True, at: Sequence[float] = ()) -> list[Moment]:
    """Run a night and keep the data of its moments; the run ends as usual.

    Args:
        district: whose run.
        day: on which day.
        changes: whether to keep them before each change.
        at: other moments, in seconds from the start of the run, at which it is stopped from outside.
    """
    import night.machine.preload  # noqa: F401, PLC0415 - as the fork server does; it takes seconds

    told, telling = multiprocessing.Pipe(duplex=False)
    recorder = _Recorder(district)
    shutil.rmtree(recorder.place, ignore_errors=True)
    recorder.place.mkdir()

    def run() -> None:
        if changes:
            recorder.run(day)
        else:
            district.run(day)
        telling.send(recorder.moments)

    child = Fork(run)
    telling.close()
    start = time.monotonic()
    stopped = []
    for number, seconds in enumerate(sorted(at)):
        if told.poll(max(0.0, start + seconds - time.monotonic())):
            break  # it ended before
        child.send(signal.SIGSTOP)
        killed = district.save(recorder.place / f"random-{number}")
        stopped.append(Moment("any", f"after {seconds:.1f} seconds", killed, frozenset(district.named), {}))
        child.send(signal.SIGCONT)
    moments: list[Moment] = told.recv()
    if child.wait() != ENDED:
        raise SystemExit("the recorded run ended with a traceback")
    district.note(day)
    return [*moments, *stopped]


class _Recorder:
    def __init__(self, district: District) -> None:
        self._district = district
        self.place = district.place / "moments"
        self._step = ""
        self._is_recording = False
        self._disk: Disk | None = None
        self._known: set[str] = set()
        self.moments: list[Moment] = []

    def run(self, day: int) -> None:
        self._disk = Disk(self._district.data, self.place / "contents")
        with before_each_change(self._district.data, self._before, self._disk.synced):
            self._district.run(day, self._listen)
            self._before(Change(0, "end", ""))

    def _listen(self, event: NightEvent) -> None:
        if event.goes_on:
            self._step = event.step
            self._is_recording |= event.step == FIRST_STEP

    def _before(self, change: Change) -> None:
        if not self._is_recording or self._disk is None:
            return
        number = f"{len(self.moments):03d}"
        killed = self._district.save(self.place / number)
        without_power = {}
        for case in CASES:
            target = self.place / f"{number}-{case}"
            built = self._disk.worst(case, target)
            if built not in self._known:
                without_power[case] = target
            self._known.add(built)
        named = frozenset(self._district.named)
        self.moments.append(Moment(self._step, str(change), killed, named, without_power))
