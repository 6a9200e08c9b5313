"""The one line that says why raw.duckdb can't be used, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from extract.errors import (
    DiskFullError,
    DistrictError,
    StoreBusyError,
    StoreDamagedError,
    StoreUnreadableError,
)
from extract.store.database_faults import Fault, fault_of
from extract.store.file_locks import holder_of

_WORDS: dict[Fault, tuple[type[DistrictError], str]] = {
    "busy": (StoreBusyError, "{file} is open in {holder}. Close the notebook or program that uses it"),
    "memory": (DistrictError, "there is not enough memory. Close other programs"),
    "full": (DiskFullError, "the disk is full: nothing of an earlier run was lost. Free some space"),
    "forbidden": (
        StoreUnreadableError,
        "plus360 may not use {file}. Give the account that runs plus360 the file and its folder",
    ),
    "newer": (
        StoreUnreadableError,
        "{file} was written by a newer version of plus360. Install that version",
    ),
    "damaged": (StoreDamagedError, "{file} is damaged. Restore a copy of it, or move it away"),
    "unknown": (StoreUnreadableError, "{file} can't be used ({type}). Restore a copy of it, or move it away"),
}


@contextmanager
def store_errors(path: Path, *, writing: bool = True) -> Iterator[None]:
    """Turns DuckDB's errors about a raw.duckdb into ours; their text may quote data: none of it is kept."""
    try:
        yield
    except duckdb.Error as error:
        raise error_of(path, fault_of(path, error, writing=writing), type(error), writing=writing) from None


def error_of(
    path: Path, fault: Fault, kind: type[Exception] = Exception, *, writing: bool = True
) -> DistrictError:
    """The error for a fault of a raw.duckdb; `kind` is what DuckDB raised."""
    holder = holder_of(path, writing=writing) if fault == "busy" else None
    by = holder.words if holder else "another program"
    error, words = _WORDS[fault]
    return error(words.format(file=path.name, holder=by, type=kind.__name__) + ", then run it again")
