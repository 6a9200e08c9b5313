"""Files and folders that only their owner can read, written completely or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def keep_private() -> None:
    """From here on, this process makes folders with mode 0700 and files with mode 0600."""
    os.umask(0o077)


@contextmanager
def private_files() -> Iterator[None]:
    """Files made inside are readable by their owner only (DuckDB's own journal among them)."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def make_private_folder(path: Path) -> Path:
    """A folder of ours: made with mode 0700 where it is missing, and set to 0700 where others may read it."""
    make_missing_folder(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o700)
    return path


def make_missing_folder(path: Path) -> Path:
    """A folder, made with mode 0700 where it is missing; one that is there keeps its mode."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A file with mode 0600 beside `path`; takes its place in one durable step when the block ends well."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes files 0600
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        sync_file(draft)
        draft.replace(path)
    except OSError as error:
        error.filename = error.filename or str(draft)  # a write that fails does not say where: no room, say
        raise
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_private(path: Path, text: str) -> None:
    """Write a text with mode 0600 beside its place, and move it there in one durable step."""
    make_missing_folder(path.parent)
    with draft_of(path) as draft:
        draft.write_text(text, encoding="utf-8")


def sync_file(path: Path) -> None:
    """Wait until the file's content is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the folder's entries are on disk: a rename counts only from then on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def switch_link(link: Path, target: Path) -> None:
    """Make a symbolic link point to `target` in one step; readers find the old target or the new one."""
    if link.is_symlink() and link.readlink() == target:
        return
    draft = link.with_name(f".{link.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)
    sync_folder(link.parent)
