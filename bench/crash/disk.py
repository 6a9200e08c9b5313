"""What a disk may hold after a power failure: only what was synced, at worst.

A file's content is on disk from its fsync on, a folder's entries from the folder's fsync on. Until then the
disk may hold them or not, in any order; `worst` builds the three cases in which a reader would notice.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# raw.duckdb and its journal are DuckDB's: it syncs a commit before it returns. See README.md.
OF_DUCKDB = ("raw.duckdb", "raw.duckdb.wal")
# names: every entry, with the content that was synced (else a file is empty).
# synced: only synced entries with synced content.
# link: the same, and the link `published` as it is: it reached the disk before anything else did.
Case = Literal["names", "synced", "link"]
CASES: tuple[Case, ...] = ("names", "synced", "link")


@dataclass(frozen=True)
class _Entry:
    inode: int
    is_folder: bool
    link: str | None


class Disk:
    """What is known to be on disk, of a folder whose content was on disk when this began."""

    def __init__(self, folder: Path, store: Path) -> None:
        """Note what is there.

        Args:
            folder: the watched one.
            store: where contents are kept.
        """
        self._folder = folder
        self._store = store
        self._contents: dict[int, Path] = {}
        self._entries: dict[int, dict[str, _Entry]] = {}
        # Open files keep their inodes: the number of a removed file would be given to another one.
        self._open: list[int] = []
        self._copies = 0
        self._built: list[str] = []
        store.mkdir()
        for here, _, names in os.walk(folder):
            self._note(os.open(here, os.O_RDONLY))
            for name in names:
                if not (path := Path(here) / name).is_symlink():
                    self._note(os.open(path, os.O_RDONLY))

    def synced(self, handle: int) -> None:
        """A file or a folder was synced."""
        self._note(os.dup(handle))

    def _note(self, handle: int) -> None:
        self._open.append(handle)
        known = os.fstat(handle)
        if stat.S_ISDIR(known.st_mode):
            self._entries[known.st_ino] = _entries_of(Path(f"/proc/self/fd/{handle}"))
        else:
            self._copies += 1
            copy = self._store / str(self._copies)
            shutil.copyfile(f"/proc/self/fd/{handle}", copy)
            self._contents[known.st_ino] = copy

    def worst(self, case: Case, target: Path) -> str:
        """Build the folder as a disk may hold it now; returns what stands for its content."""
        self._built = []
        self._build(_entry_of(self._folder), self._folder, target, case)
        if case == "link":
            for link in self._folder.glob("*/published"):
                _replace_link(target / link.relative_to(self._folder), str(link.readlink()))
                self._built.append(str(link.readlink()))
        return "\n".join(self._built)

    def _build(self, entry: _Entry, now: Path, target: Path, case: Case) -> None:
        content = self._contents.get(entry.inode)
        changed = now.stat().st_mtime_ns if now.name in OF_DUCKDB else None
        self._built.append(f"{now} {entry.link} {content} {changed}")
        if entry.link is not None:
            target.symlink_to(entry.link)
        elif entry.is_folder:
            target.mkdir()
            entries = _entries_of(now) if case == "names" else self._entries.get(entry.inode, {})
            of_duckdb = {name: _entry_of(now / name) for name in OF_DUCKDB if (now / name).exists()}
            gone = {name for name in OF_DUCKDB if name in entries and name not in of_duckdb}
            for name, child in (entries | of_duckdb).items():
                if name not in gone:
                    self._build(child, now / name, target / name, case)
        elif now.name in OF_DUCKDB:
            shutil.copyfile(now, target)
        elif content:
            os.link(content, target)
        else:
            target.touch()


def _entries_of(folder: Path) -> dict[str, _Entry]:
    return {name: _entry_of(folder / name) for name in os.listdir(folder)}  # noqa: PTH208


def _entry_of(path: Path) -> _Entry:
    known = path.lstat()
    is_link = stat.S_ISLNK(known.st_mode)
    return _Entry(known.st_ino, stat.S_ISDIR(known.st_mode), str(path.readlink()) if is_link else None)


def _replace_link(link: Path, to: str) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(to)
