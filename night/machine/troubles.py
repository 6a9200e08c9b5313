"""What a machine can lack, and what to do about it: found by error numbers and by facts, never by a message.

The messages of libraries may quote data, and they change. So where one fails for no reason of our own, we
look at the machine: can a few megabytes be written where the data is, and where temporary files are?
"""

from __future__ import annotations

import errno
import os
import resource
import tempfile
from dataclasses import dataclass
from pathlib import Path

from district.errors import FULL_DISK, Plus360Error


@dataclass(frozen=True)
class Trouble:
    """What error numbers mean, in words that name a place."""

    numbers: frozenset[int]
    words: str


_AGAIN = "then run it again. Nothing of an earlier run was lost"
NO_ROOM = Trouble(
    frozenset(FULL_DISK),
    f"the disk is full: no room in {{place}}. Free some space there, {_AGAIN}",
)
READ_ONLY = Trouble(
    frozenset({errno.EROFS}),
    f"the disk is read-only: nothing can be written to {{place}}. Make it writable, {_AGAIN}",
)
NOT_ALLOWED = Trouble(
    frozenset({errno.EACCES, errno.EPERM}),
    f"no permission: {{place}} can't be used. Give it to the account that runs plus360, {_AGAIN}",
)
NO_FILES = Trouble(
    frozenset({errno.EMFILE, errno.ENFILE}),
    "out of file descriptors. Raise the limit of open files (ulimit -n 1024, or LimitNOFILE= of the "
    f"service), {_AGAIN}",
)
NO_MEMORY = Trouble(
    frozenset({errno.ENOMEM}),
    "there is not enough memory. Close other programs, or run fewer districts in parallel (--jobs 1), "
    f"{_AGAIN}",
)
NO_PROCESSES = Trouble(
    frozenset({errno.EAGAIN}),
    f"no more processes or threads can be started. Raise the limit (ulimit -u), {_AGAIN}",
)
BAD_DISK = Trouble(
    frozenset({errno.EIO, errno.ESTALE}),
    f"the disk reports errors in {{place}}. Check the disk or its connection, {_AGAIN}",
)
NO_TEMPORARY_FOLDER = Trouble(
    frozenset(),
    f"{{place}} is missing or can't be used. Set TMPDIR to a folder that can be written to, {_AGAIN}",
)
WRONG_KIND = Trouble(
    frozenset({errno.EISDIR, errno.ENOTDIR}),
    "a folder is where a file belongs, or a file where a folder does: look into {place}, move it away, then "
    "run it again",
)
TROUBLES = (NO_ROOM, READ_ONLY, NOT_ALLOWED, NO_FILES, NO_MEMORY, NO_PROCESSES, BAD_DISK, WRONG_KIND)

# By its name: to import DuckDB takes a tenth of a second, and most commands need none of it.
_DUCKDB_OUT_OF_MEMORY = "OutOfMemoryException"
_TEMPORARY = "the folder for temporary files"
_DATA = "the data folder"
# So much is written to learn whether there is room: less is left only where something needed it.
PROBE_BYTES = 4 * 2**20
# What a nightly run of one district opens at most, with some slack.
OPEN_FILES = 256


# The folder of all districts that this process works on, said once at its start, as a umask is: an error can
# come from anywhere below, and where to look for its cause is the same for all.
_watched: list[Path] = []


class MachineError(Plus360Error):
    """The machine lacks something; running again helps once it has it."""


def watch(data: Path) -> None:
    """Look for what the machine lacks in this data folder, too."""
    _watched[:] = [data.absolute()]


def words_of(error: Exception) -> str | None:
    """What the machine lacks, as far as an error or the machine itself tells; None where it lacks nothing."""
    if isinstance(error, MemoryError) or type(error).__name__ == _DUCKDB_OUT_OF_MEMORY:
        return NO_MEMORY.words
    if isinstance(error, OSError) and (trouble := _by_number(error)):
        return trouble.words.format(place=_place(error))
    return shortage()


def shortage() -> str | None:
    """What the machine lacks where the data or temporary files are; None where a few MB can be written."""
    for data in _watched:
        if (fault := _fault_in(data)) and (trouble := _by_number(fault)):
            return trouble.words.format(place=_DATA)
    temporary = _temporary_folder()
    if temporary is None or not _is_folder(temporary):
        return NO_TEMPORARY_FOLDER.words.format(place=_TEMPORARY)
    if (fault := _fault_in(temporary)) and (trouble := _by_number(fault)):
        return trouble.words.format(place=_TEMPORARY)
    return None


def is_no_room(error: OSError) -> bool:
    """Whether an error says that a disk is full."""
    return error.errno in NO_ROOM.numbers


def allow_open_files() -> None:
    """Let this process and its children open as many files as the system allows.

    Raises:
        MachineError: that is fewer than a nightly run needs.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise MachineError(NO_FILES.words)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def _by_number(error: OSError) -> Trouble | None:
    return next((trouble for trouble in TROUBLES if error.errno in trouble.numbers), None)


def _place(error: OSError) -> str:
    """Where it happened, by our own names; by trying, where the error names no file."""
    if isinstance(error.filename, str | bytes):
        path = Path(os.fsdecode(error.filename)).absolute()
        for data in _watched:
            if path.is_relative_to(data):
                if is_no_room(error) and _fault_in(data):  # not a disk of that folder alone
                    return _DATA
                folder = path if _is_folder(path) else path.parent
                inside = folder.relative_to(data).as_posix() if folder != data.parent else "."
                return _DATA if inside == "." else f"{inside} in {_DATA}"
        temporary = _temporary_folder()
        if temporary is not None and path.is_relative_to(temporary):
            return _TEMPORARY
        return "a file or folder outside of the data folder"
    return _DATA if any(map(_fault_in, _watched)) else _TEMPORARY


def _fault_in(folder: Path) -> OSError | None:
    """Why a few megabytes can't be written there; the file has no name, so nothing of it stays."""
    while not _is_folder(folder) and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE_BYTES))
    except OSError as fault:
        return fault
    return None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # not even that may be asked
        return False


def _temporary_folder() -> Path | None:
    try:
        return Path(tempfile.gettempdir())
    except OSError:  # none of those it tries can be written to
        return None
