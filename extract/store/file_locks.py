"""Who has a database file open: asked of the kernel, never read out of an error's text."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# struct flock, as fcntl(F_GETLK) takes and returns it: its C types, and its fields in their order.
_IN_ORDER = ("l_type", "l_whence", "l_start", "l_len", "l_pid")
_ELSEWHERE = ("qqihh", ("l_start", "l_len", "l_pid", "l_type", "l_whence"))
_TYPES, _FIELDS = ("hhqqi4x", _IN_ORDER) if sys.platform == "linux" else _ELSEWHERE


@dataclass(frozen=True)
class Holder:
    """A program that has a file open.

    Attributes:
        process: its id; 0 where the kernel doesn't tell (another container, another machine).
        program: its name; "" where that is not known.
    """

    process: int
    program: str = ""

    @property
    def words(self) -> str:
        """Such as "python3 (process 4711)"."""
        if self.process == os.getpid():
            return "this program itself"
        name = self.program or "another program"
        return f"{name} (process {self.process})" if self.process > 0 else name


def holder_of(path: Path, *, writing: bool) -> Holder | None:
    """Who keeps this process from opening a file, for writing or for reading; None where no one does."""
    if open_here(path):
        # Closing any handle of a file drops all locks that this process has on it, so nothing is asked.
        return Holder(os.getpid())
    wanted = {"l_type": fcntl.F_WRLCK if writing else fcntl.F_RDLCK}
    question = struct.pack(_TYPES, *(wanted.get(field, 0) for field in _FIELDS))
    try:
        with path.open("rb") as file:
            answer = fcntl.fcntl(file, fcntl.F_GETLK, question)
    except OSError:  # it is gone, may not be read, or its file system knows no locks
        return None
    found = dict(zip(_FIELDS, struct.unpack(_TYPES, answer), strict=True))
    if found["l_type"] == fcntl.F_UNLCK:
        return None
    return Holder(max(found["l_pid"], 0), _name_of(found["l_pid"]))


def open_here(path: Path) -> bool:
    """Whether this process has the file open."""
    with suppress(OSError):
        wanted = path.stat()
        for handle in Path("/dev/fd").iterdir():
            with suppress(OSError):  # the handle of the list itself, or one that was just closed
                found = os.fstat(int(handle.name))
                if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                    return True
    return False


def _name_of(process: int) -> str:
    """The name of a process, where the system tells it in a file."""
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    return ""
