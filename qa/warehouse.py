"""The one place that opens a run's warehouse: read-only, without a journal that someone else left beside it.

DuckDB replays `warehouse.duckdb.wal` into whatever file has that name. So a session that wrote to a warehouse
and died would change what the next reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.private_files import make_private_folder
from extract.store.attaching import attach_read_only
from extract.store.database_faults import Fault, fault_of, is_of_the_file
from extract.store.file_locks import holder_of
from extract.store.history_copy import move_journals

_WORDS: dict[Fault | Literal["missing"], str] = {
    "missing": "it is missing. The next nightly run writes a new one, or restore it from a backup",
    "memory": "there is not enough memory. Close other programs, then run it again",
    "forbidden": "plus360 may not read it. Give the account that runs plus360 the file",
    "busy": "{holder} is writing to it. Close that, then run it again",
    "newer": "a newer version of plus360 wrote it. Install that version, then run it again",
    "damaged": "it is damaged. The next nightly run writes a new one",
}
_UNKNOWN = "DuckDB gave up ({type}). Run it again"


class WarehouseError(Plus360Error):
    """A run's warehouse can't be read.

    Attributes:
        night: whose it is.
        fault: why.
    """

    def __init__(self, night: NightFolder, fault: Fault | Literal["missing"], kind: type[Exception]) -> None:
        self.night = night
        self.fault = fault
        holder = holder_of(night.warehouse, writing=False) if fault == "busy" else None
        by = holder.words if holder else "another program"
        words = _WORDS.get(fault, _UNKNOWN).format(type=kind.__name__, holder=by)
        super().__init__(f"the warehouse of run {night.run_id} can't be read: {words}")


def nights_to_read(night: NightFolder) -> list[NightFolder]:
    """The runs whose warehouse is there to read: the run itself first, then the published one."""
    nights = dict.fromkeys((night, night.district.published))
    return [found for found in nights if found and found.warehouse.exists()]


@contextmanager
def open_warehouse(night: NightFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A run's warehouse, open for reading.

    Raises:
        WarehouseError: it can't be opened, or not be read inside; never an error of a query.
    """
    move_stale_journals(night)
    with warehouse_errors(night), closing(duckdb.connect(str(night.warehouse), read_only=True)) as con:
        yield con


def attach_warehouse(con: duckdb.DuckDBPyConnection, night: NightFolder, name: str) -> None:
    """Attach a run's warehouse to a connection, read-only.

    Raises:
        WarehouseError: it can't be opened.
    """
    move_stale_journals(night)
    with warehouse_errors(night):
        attach_read_only(con, night.warehouse, name)


@contextmanager
def warehouse_errors(night: NightFolder) -> Iterator[None]:
    """Turns DuckDB's errors about a warehouse file into ours; those about a query stay what they are."""
    try:
        yield
    except duckdb.Error as error:
        if not is_of_the_file(error) and not isinstance(error, duckdb.OutOfMemoryException):
            raise
        if not night.warehouse.exists():
            raise WarehouseError(night, "missing", type(error)) from None
        fault = fault_of(night.warehouse, error, writing=False)
        raise WarehouseError(night, fault, type(error)) from None


def move_stale_journals(night: NightFolder) -> list[str]:
    """Move journals that nobody writes from beside a run's warehouse into the run's private folder.

    Returns:
        What was done, or can't be done now, one line each.
    """
    folder = night.district
    beside = [night.warehouse]
    if night == folder.published:  # a DuckDB that was given the stable link may have left it there
        beside.append(folder.warehouse)
    lines = []
    for database in beside:
        if not any(database.parent.glob(f"{database.name}*.wal")):
            continue
        if holder := holder_of(night.warehouse, writing=False):
            lines.append(
                f"{holder.words} writes to the warehouse of run {night.run_id}: close it, for readers see "
                "what it writes"
            )
            continue
        moved = move_journals(database, place_in_private(night.private, night.warehouse.name))
        lines += [
            f"a program wrote to the warehouse of run {night.run_id} and was killed: what it left is now "
            f"private/{place.name} of that run"
            for place in moved
        ]
    return lines


def put_away(night: NightFolder) -> str:
    """Move a warehouse that can't be read into its run's private folder; says so in a line."""
    place = place_in_private(night.private, night.warehouse.name)
    night.warehouse.replace(place)
    return (
        f"the warehouse of run {night.run_id} could not be read: it is now private/{place.name} of that run"
    )


def move_to_private(folder: DistrictFolder, path: Path) -> Path:
    """Move something out of a district's folder into its private folder, under a name with the time."""
    place = place_in_private(folder.private, path.name)
    path.rename(place)
    return place


def place_in_private(private: Path, name: str) -> Path:
    """Where something of that name can be kept in a private folder: under a name with the time."""
    make_private_folder(private)
    return private / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.{name}"
