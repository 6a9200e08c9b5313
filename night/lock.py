"""One command at a time works on a district; any other says which one, since when and in which process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict

from district.errors import Plus360Error
from district.folder import DistrictFolder
from district.network.hours import clock_time

Command = Literal[
    "night",
    "extract",
    "build",
    "report",
    "export",
    "release",
    "discard",
    "pause",
    "resume",
    "worklist",
    "deliver",
    "explore",
    "forget",
]


class DistrictLockedError(Plus360Error):
    """Another command is at work on this district."""


class Work(BaseModel):
    """Who holds a district's lock. It stands in a file beside it, for opening the lock empties the lock."""

    model_config = ConfigDict(extra="forbid")

    command: Command
    process: int
    since: datetime

    @property
    def goes_on(self) -> bool:
        """Whether the process is there: what a killed one left behind must not speak for the next."""
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # of another account
            return True
        return True

    @property
    def since_words(self) -> str:
        """The local time, with the day where that is not today."""
        since = self.since.astimezone()
        clock = clock_time(since.time())
        return clock if since.date() == datetime.now().astimezone().date() else f"{since:%Y-%m-%d}, {clock}"


@contextmanager
def locked(folder: DistrictFolder, command: Command) -> Iterator[None]:
    """Hold the district's lock inside.

    Raises:
        DistrictLockedError: another process holds it.
    """
    try:
        with FileLock(folder.lock, timeout=0, mode=0o600):
            try:
                with suppress(OSError):  # no room for it: whoever asks is told less, and the work goes on
                    work = Work(command=command, process=os.getpid(), since=datetime.now().astimezone())
                    folder.at_work.unlink(missing_ok=True)  # of a killed one, or a pipe that no one reads
                    folder.at_work.write_text(work.model_dump_json(), encoding="utf-8")
                yield
            finally:
                with suppress(OSError):
                    folder.at_work.unlink(missing_ok=True)
    except Timeout:
        raise DistrictLockedError(
            f"{_words(folder)}. Run this again when it is done, or stop it first"
        ) from None


def work_of(folder: DistrictFolder) -> Work | None:
    """What is at work on a district, without touching its lock; None where nothing seems to be.

    On another machine that shares the folder, a command at work there isn't seen.
    """
    try:
        if not folder.at_work.is_file():
            return None
        work = Work.model_validate_json(folder.at_work.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it has just begun, or there was no room to say more
        return None
    return work if work.goes_on else None


def work_words(folder: DistrictFolder) -> str | None:
    """Which command is at work on a district; None where none is."""
    if not folder.lock.is_file():
        return None
    try:
        with FileLock(folder.lock, timeout=0, mode=0o600):
            return None
    except Timeout:
        return _words(folder)


def _words(folder: DistrictFolder) -> str:
    """What is at work on a district whose lock is held."""
    work = work_of(folder)
    if work is None:
        return f"another plus360 command is at work on {folder.key}"
    return (
        f"plus360 {work.command} of {folder.key} is at work since {work.since_words} (process {work.process})"
    )
