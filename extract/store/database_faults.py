"""Why a database file can't be used, found out from facts: its locks, its header, the disk, its permissions.

DuckDB's errors are not read: their text quotes data, and one type of error stands for many causes.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Literal

import duckdb

from district.errors import FULL_DISK
from extract.store.attaching import attach_read_only
from extract.store.file_locks import holder_of, open_here

Fault = Literal["memory", "full", "forbidden", "busy", "newer", "damaged", "unknown"]

# The newest storage format that DuckDB 2.0.0 reads. A header begins with a checksum, DUCK and the format.
NEWEST_FORMAT = 69
_HEADER = struct.Struct("<8x4sQ")
_NAME = b"DUCK"
# Less room than this is a full disk: DuckDB needs some megabytes to commit and to tidy up.
_ROOM = 16 * 2**20
# A file counts as damaged when it can't be read so often, each time without anybody who has it open.
_ATTEMPTS = 3
# To open a database takes a few handles: without them nothing is known of the file.
_HANDLES = 8
# What one error of DuckDB says for sure: the query was ours, and the file is not what it should be.
_OF_FILES = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)


def is_of_the_file(error: duckdb.Error) -> bool:
    """Whether an error may come from the file, not from the query. A bad checksum has no type of its own."""
    return type(error) is duckdb.Error or isinstance(error, _OF_FILES)


def fault_of(path: Path, error: duckdb.Error, *, writing: bool) -> Fault:
    """Why a database can't be opened, read or written.

    Args:
        path: the file.
        error: what DuckDB raised; only its type counts.
        writing: whether it was to be written.
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        return "memory"
    if writing and not _has_room(path):
        return "full"
    needed = os.W_OK if writing else os.R_OK
    if path.exists() and not (os.access(path, needed) and os.access(path.parent, needed)):
        return "forbidden"
    if holder_of(path, writing=writing):
        return "busy" if isinstance(error, duckdb.OperationalError) else "unknown"
    if is_newer(path):
        return "newer"
    return "damaged" if is_damaged(path) else "unknown"


def is_newer(path: Path) -> bool:
    """Whether a newer DuckDB wrote the file, in a format that this one can't read."""
    if open_here(path) or not path.exists():
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return False
    name, version = _HEADER.unpack(header)
    return bool(name == _NAME and NEWEST_FORMAT < version < 10 * NEWEST_FORMAT)


def is_damaged(path: Path, schema: str | None = None) -> bool:
    """Whether a file can't be read to its end although no one has it open.

    Args:
        path: the file; one that is missing is not damaged.
        schema: only the tables in this schema are read; by default all.

    Raises:
        OSError: this process can't open files now, so nothing is known of this one.
    """
    for _ in range(_ATTEMPTS):
        if not path.exists() or is_newer(path) or holder_of(path, writing=False):
            return False
        with ExitStack() as handles:
            for _ in range(_HANDLES):
                handles.enter_context(path.open("rb"))
        try:
            _read(path, schema)
        except duckdb.OutOfMemoryException:
            return False
        except duckdb.Error:
            time.sleep(0.1)
        else:
            return False
    return True


def _read(path: Path, schema: str | None) -> None:
    with closing(duckdb.connect(config={"threads": 1, "temp_directory": ""})) as con:
        attach_read_only(con, path, "file")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'file'"
        ).fetchall()
        for found, table in tables:
            if schema in (None, found):
                con.execute(f'select bit_xor(hash(t)) from file."{found}"."{table}" as t').fetchall()


def _has_room(path: Path) -> bool:
    """Whether the file can grow; a limit on the size of files counts as a full disk."""
    try:
        size = path.stat().st_size if path.exists() else 0
        with tempfile.TemporaryFile(dir=path.parent) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), size, _ROOM)
            else:
                os.pwrite(file.fileno(), bytes(_ROOM), size)
    except OSError as error:
        return error.errno not in FULL_DISK
    return True
