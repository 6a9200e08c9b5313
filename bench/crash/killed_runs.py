"""Whole nightly runs over HTTPS, really killed one after the other, while a reader polls."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bench.crash.kills import Kill
from bench.crash.next_night import next_night
from bench.crash.nights import District, Seconds
from bench.crash.reader import look, polling
from night.events import NightEvent

# At most so many kills in a row, before a run that nobody kills.
MOST_IN_A_ROW = 7
CHANCE_OF_ANOTHER = 0.85
# One kill in so many ends the whole command with all its processes; the others, the district's process.
WHOLE_COMMAND = 10
# Steps that are short, and matter most: this share of the kills is in one of them.
SHARE_OF_LAST_STEPS = 0.25
LAST_STEPS = ("check", "report", "publish")
POLL_SECONDS = 0.05


def one_after_the_other(district: District, seconds: Seconds, kills: int, seed: int) -> Iterator[Kill]:
    """Kill runs, one after the other, on the same data; the first day is published already.

    Most moments are spread evenly over a whole run. The run after a series of kills must be as if there had
    been none.
    """
    chance = random.Random(seed)
    in_a_row = done = 0
    with polling(district) as polled:
        while done < kills:
            day = 1 - district.day_of.get(district.published_run() or "", 1)
            whole = chance.randrange(WHOLE_COMMAND) == 0
            kill_one = _kill_the_command if whole else _kill_the_process
            step = kill_one(district, day, seconds, chance)
            district.note(day)
            if step is None:
                continue  # the run ended before its moment came
            done += 1
            in_a_row += 1
            seen = (*look(district.folder, alone=True).faults, *polled())
            kill = Kill("whole command" if whole else "process", step, "", seen, None)
            if done < kills and in_a_row < MOST_IN_A_ROW and chance.random() < CHANCE_OF_ANOTHER:
                yield kill
                continue
            in_a_row = 0
            then = next_night(district)
            yield replace(kill, then=(*then, *polled()))


@dataclass
class _Killer:
    """Kills the district's process some seconds after a step began."""

    step: str
    delay: float
    at_work: str = ""
    killed_in: str | None = None
    timer: threading.Timer | None = None

    def listen(self, event: NightEvent) -> None:
        """A listener of the run."""
        if event.goes_on:
            self.at_work = event.step
            if event.step == self.step:
                self.timer = threading.Timer(self.delay, self._kill)
                self.timer.start()

    def _kill(self) -> None:
        for pid in _district_processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.killed_in = self.at_work


def _kill_the_process(district: District, day: int, seconds: Seconds, chance: random.Random) -> str | None:
    if chance.random() > SHARE_OF_LAST_STEPS:
        first = next(iter(seconds))
        killer = _Killer(first, chance.uniform(0, sum(seconds.values())))
    else:
        step = chance.choice([step for step in LAST_STEPS if step in seconds])
        killer = _Killer(step, chance.uniform(0, seconds[step]))
    district.night(day, killer.listen)
    if killer.timer:
        killer.timer.cancel()
        killer.timer.join()
    return killer.killed_in


def _kill_the_command(district: District, day: int, seconds: Seconds, chance: random.Random) -> str | None:
    before = len(district.folder.all_nights())
    command = district.command(day)
    while command.poll() is None and len(district.folder.all_nights()) == before:
        time.sleep(POLL_SECONDS)
    with suppress(subprocess.TimeoutExpired):
        command.wait(chance.uniform(0, sum(seconds.values())))
    if command.returncode is not None:
        return None
    os.killpg(command.pid, signal.SIGKILL)
    command.wait()
    return "any"


def _district_processes() -> list[int]:
    """The processes that run a district's night: children of the fork server, which is ours."""
    found = [grandchild for child in _children(os.getpid()) for grandchild in _children(child)]
    # The fork server has another child, which tracks semaphores and has a command line of its own.
    return [pid for pid in found if b"forkserver" in _command_line(pid)]


def _command_line(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, children.read_text().split())
    return found
