"""Nightly runs of one district, each in a fork of this process, so that one can be killed at any moment."""

from __future__ import annotations

import json
import multiprocessing.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.crash.servers import DISTRICT, Day, two_days
from district.folder import DistrictFolder
from district.private_files import keep_private
from night.events import Listener, NightEvent
from night.fleet.all_districts import run_nights
from night.pages.index import write_index

SECRET = f"PLUS360_{DISTRICT.upper().replace('-', '_')}_SECRET"
# How long each step of a run takes.
Seconds = dict[str, float]
ENDED = 0
BROKEN = 3


@dataclass(frozen=True)
class District:
    """A district of two days, in a folder of its own.

    Attributes:
        days: the settings of the two days.
        place: the folder for everything.
        day_of: on which day each run pulled.
        named: the runs that the link ever named.
    """

    days: list[Day]
    place: Path
    day_of: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def folder(self) -> DistrictFolder:
        return DistrictFolder.of(self.data, DISTRICT)

    @property
    def temporary(self) -> Path:
        """Where the nightly runs put temporary files."""
        return self.place / "temporary"

    def run(self, day: int, listen: Listener = lambda _: None) -> None:
        """The district's part of a nightly run, in this process."""
        from night.district_night import run_night  # noqa: PLC0415 - dbt takes seconds to import

        keep_private()
        its = self.days[day]
        run_night(its.settings, its.secret, data=self.data, listen=listen)

    def night(self, day: int, listen: Listener = lambda _: None) -> None:
        """What `plus360 night` does: the district in a process of its own, then the index."""
        its = self.days[day]
        run_nights([its.settings], {DISTRICT: its.secret}, data=self.data, jobs=1, listen=listen)
        write_index(self.data, [its.settings])
        self.note(day)

    def seconds_of_steps(self, day: int) -> Seconds:
        """Run a night; returns how long its steps take here and now."""
        began: dict[str, float] = {}

        def listen(event: NightEvent) -> None:
            if event.goes_on or event.step == "done":
                began[event.step] = time.monotonic()

        self.night(day, listen)
        moments = [*began.items()]
        return {step: moments[place + 1][1] - start for place, (step, start) in enumerate(moments[:-1])}

    def command(self, day: int) -> subprocess.Popen[bytes]:
        """The same as a command, in a session of its own."""
        config = self.place / "districts.toml"
        config.write_text(self.days[day].table, encoding="utf-8")
        words = ["night", DISTRICT, "--config", str(config), "--data", str(self.data)]
        return subprocess.Popen(
            [sys.executable, "-m", "night.cli", *words],
            env=os.environ | {SECRET: self.days[day].secret.get_secret_value()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def note(self, day: int) -> None:
        """Keep in mind on which day the last run pulled, and which run is published."""
        nights = self.folder.all_nights()
        if nights:
            self.day_of.setdefault(nights[-1].run_id, day)
        if run_id := self.published_run():
            self.named.add(run_id)

    def save(self, kept: Path) -> Path:
        """Keep a copy of the data, and of the temporary files, as they are now. Returns that of the data."""
        kept.mkdir()
        for folder in (self.data, self.temporary):
            copy_tree(folder, kept / folder.name)
        return kept / self.data.name

    def restore(self, kept: Path) -> None:
        """Put everything back as it was; `kept` is what `save` returned."""
        for folder in (self.data, self.temporary):
            shutil.rmtree(folder)
            copy_tree(kept.parent / folder.name, folder)

    def published_run(self) -> str | None:
        """The run that the link names."""
        link = self.folder.published_link
        return link.readlink().name if link.is_symlink() else None


@contextmanager
def district() -> Iterator[District]:
    """A district whose servers run; nothing was pulled yet."""
    with two_days() as days, tempfile.TemporaryDirectory(prefix="crash-") as place:
        made = District(days, Path(place).resolve())
        made.data.mkdir(mode=0o700)
        made.temporary.mkdir()
        # multiprocessing has its folder elsewhere: `restore` replaces that of the runs.
        multiprocessing.util.get_temp_dir()
        os.environ["TMPDIR"] = str(made.temporary)
        tempfile.tempdir = None
        yield made
        tempfile.tempdir = None
        del os.environ["TMPDIR"]


class Fork:
    """A function at work in a fork of this process; nothing that it opened stays open here."""

    def __init__(self, work: Callable[[], None]) -> None:
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _work_and_exit(work)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """The exit code; negative where a signal ended it."""
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def _work_and_exit(work: Callable[[], None]) -> None:
    try:
        os.setsid()
        work()
        code = ENDED
    except BaseException:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        code = BROKEN
    sys.stdout.flush()
    os._exit(code)


def copy_tree(source: Path, target: Path) -> None:
    """A copy with links as links and the same modes, made by `cp`: no lock of ours is lost."""
    # A copy made here would open and close DuckDB's files, which releases the locks of this process on them.
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def told(path: Path) -> dict[str, Any]:
    """What a JSON file says; nothing where there is none."""
    with suppress(OSError, ValueError):
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content
    return {}
