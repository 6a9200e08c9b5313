"""Calls a function just before each change of the file system below a folder, in this process.

Python's own changes are seen by an audit hook; fsync, which has no audit event, by a wrapper; what DuckDB
writes, by the statements that make it write (its single writes are not seen).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

# Audit events that change the file system: where the changed path is among their arguments, and its dir_fd.
_EVENTS = {
    "os.rename": (1, 3),
    "os.link": (1, 3),
    "os.symlink": (1, 2),
    "os.remove": (0, 1),
    "os.mkdir": (0, 2),
    "os.rmdir": (0, 1),
    "os.chmod": (0, 2),
    "os.truncate": (0, None),
    "os.utime": (0, 3),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Statements of DuckDB after which a file is another one.
_DUCKDB_WRITES = ("commit", "close")


@dataclass(frozen=True)
class Change:
    """One change, about to happen.

    Attributes:
        number: counted from 1.
        path: below the watched folder.
    """

    number: int
    what: str
    path: str

    def __str__(self) -> str:
        """In words that are the same in every run."""
        path = _RUN.sub("<run>", self.path)
        return f"{self.what} {_DRAFT.sub(_DRAFT_OF, path)}"


_RUN = re.compile(r"\b\d{8}T\d{9}Z")
_DRAFT_OF = r"draft of \1"
_DRAFT = re.compile(r"\.([^/]+)\.[^/.]{8}$")

Act = Callable[[Change], None]


class _Watch:
    """What is watched, and who is told. An audit hook can't be removed: `act` is None once it has ended."""

    def __init__(self) -> None:
        self.folder = Path()
        self.act: Act | None = None
        self.on_fsync: Callable[[int], None] | None = None
        self.number = 0
        self._is_acting = False
        self._last: tuple[str, Path] | None = None

    def tell(self, what: str, path: Path) -> None:
        if self.act is None or self._is_acting or not path.is_relative_to(self.folder):
            return
        # What changes nothing is no moment: a folder that is there already, a file that is gone already, a
        # file that is written again and again (papermill saves a notebook at each cell).
        is_idle = {"mkdir": path.exists(), "remove": not os.path.lexists(path)}.get(what, False)
        if is_idle or (what, path) == self._last:
            return
        self._last = (what, path)
        self.number += 1
        self._is_acting = True
        try:
            self.act(Change(self.number, what, path.relative_to(self.folder).as_posix()))
        finally:
            self._is_acting = False

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.act is None or self._is_acting:
            return
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str | bytes) and isinstance(flags, int) and flags & _WRITING:
                self.tell("open", _absolute(path, None))
        elif event in _EVENTS:
            path_at, folder_at = _EVENTS[event]
            path = arguments[path_at]
            if isinstance(path, str | bytes):
                folder = (
                    arguments[folder_at] if folder_at is not None and folder_at < len(arguments) else None
                )
                self.tell(event.removeprefix("os."), _absolute(path, folder))


_watch = _Watch()
_fsync = os.fsync
_connect = duckdb.connect


@contextmanager
def before_each_change(
    folder: Path, act: Act, on_fsync: Callable[[int], None] | None = None
) -> Iterator[None]:
    """Inside, `act` is called before each change below `folder`.

    Args:
        folder: which.
        act: may end this process.
        on_fsync: called with each file descriptor after its content is on disk.
    """
    if not _installed:
        _install()
    _watch.folder, _watch.number, _watch.on_fsync, _watch.act = folder.resolve(), 0, on_fsync, act
    try:
        yield
    finally:
        _watch.act = _watch.on_fsync = None


_installed: list[bool] = []


def _install() -> None:
    sys.addaudithook(_watch.audit)
    os.fsync = _watched_fsync
    duckdb.connect = _watched_connect  # type: ignore[assignment]
    _installed.append(True)


def _watched_fsync(handle: int) -> None:
    _watch.tell("fsync", _path_of(handle))
    _fsync(handle)
    if _watch.on_fsync:
        _watch.on_fsync(handle)


def _watched_connect(*arguments: object, **options: object) -> _Connection:
    return _Connection(_connect(*arguments, **options))


class _Connection:
    """A connection of DuckDB that tells of its commit and its close."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        if name in _DUCKDB_WRITES:
            _watch.tell(f"DuckDB {name}", _watch.folder)
        return getattr(self._connection, name)

    def cursor(self) -> _Connection:
        return _Connection(self._connection.cursor())

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *error: object) -> None:
        _watch.tell("DuckDB close", _watch.folder)
        self._connection.close()


def _path_of(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def _absolute(path: str | bytes, folder: int | None) -> Path:
    """Where a path is, without following a link at its end: a link itself may be what changes."""
    named = Path(os.fsdecode(path))
    base = _path_of(folder) if isinstance(folder, int) and folder >= 0 else Path.cwd()
    return Path(os.path.normpath(base / named))
