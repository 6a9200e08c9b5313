"""data/logs/plus360.log: bounded, private, and written by several processes at once."""

from __future__ import annotations

import errno
import os
import stat
import sys

from filelock import FileLock, Timeout

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.private_files import make_private_folder
from night.log.journal import Entry, Outlet, as_json
from night.terminal.console import in_a_line, write_line

# About four nightly runs of 500 districts in a file; two weeks of them in all.
MOST_BYTES = 16 * 2**20
OLD_FILES = 4
# A link, a pipe, a folder where the file belongs, or a file where the folder does.
_WRONG_KIND = frozenset({errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENOTDIR, errno.EEXIST})


class LogPlaceError(Plus360Error):
    """Something else is where the log belongs."""


def log_outlet(folder: DataFolder) -> Outlet:
    """Writes entries to the log. Where that fails, it says so once, and the command goes on."""
    log, failed = LogFile(folder), False

    def write(entry: Entry) -> None:
        nonlocal failed
        try:
            log.append(as_json(entry))
        except (OSError, LogPlaceError) as error:
            if not failed:
                write_line(sys.stderr, f"log not written: {in_a_line(error)}")
            failed = True

    return write


class LogFile:
    """The log of all commands that work in a data folder. It is made where the folder is there."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._cut = False

    def append(self, line: str) -> None:
        """Add a line. Each is one write at the end of the file, so those of other processes stay whole.

        Raises:
            LogPlaceError: a link or something else is where it belongs.
            OSError: it can't be written, for want of room, say.
        """
        if not self._folder.path.is_dir():
            return
        try:
            self._append(line)
        except OSError as error:
            if error.errno not in _WRONG_KIND:
                raise
            raise LogPlaceError(
                f"{self._folder.logs.name} and {self._folder.log.name} in the data folder must be a folder "
                "and a file, not links or anything else. Move them away"
            ) from None

    def _append(self, line: str) -> None:
        if self._folder.logs.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        make_private_folder(self._folder.logs)
        # Not through a link, and without waiting for the reader of a pipe.
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(self._folder.log, how, 0o600)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
            if stat.S_IMODE(status.st_mode) & 0o077:
                os.fchmod(handle, 0o600)
            self._write(handle, line)
        finally:
            os.close(handle)
        if status.st_size >= MOST_BYTES:
            self._rotate()

    def _write(self, handle: int, line: str) -> None:
        # A line that a full disk cut short must not run into the next one.
        content = ("\n" if self._cut else "") + line + "\n"
        encoded = content.encode()
        self._cut = os.write(handle, encoded) < len(encoded)

    def _rotate(self) -> None:
        """Begin a new file; who has the old one open writes its line there."""
        try:
            with FileLock(self._folder.log_lock, timeout=0, mode=0o600):
                if self._folder.log.stat().st_size < MOST_BYTES:  # another process was faster
                    return
                for number in range(OLD_FILES, 1, -1):
                    older = self._folder.old_log(number - 1)
                    if older.exists():
                        older.replace(self._folder.old_log(number))
                self._folder.log.replace(self._folder.old_log(1))
        except (Timeout, FileNotFoundError):  # another process does it
            pass
