"""All that plus360 has of a district is destroyed, as a contract may require when it ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.folder import DistrictFolder
from district.links import refuse_links_outside, refuse_other_kinds
from district.run_id import started_at
from extract.store.file_locks import holder_of
from night.news.told import telling


class InUseError(Plus360Error):
    """A program has a database of the district open: what it has open would not be gone."""


@dataclass(frozen=True)
class Holdings:
    """What there is of a district, in counts.

    Attributes:
        folder: the district's.
        marts: its folders of Parquet files.
        runs: when the kept nightly runs started, the first one first.
        files: how many files and links there are in all of them.
        size: of the files, in bytes.
    """

    folder: DistrictFolder
    marts: tuple[Path, ...]
    runs: tuple[datetime, ...]
    files: int
    size: int

    @classmethod
    def of(cls, data: Path, key: str) -> Holdings | None:
        """What there is of the district `key`; None where there is nothing.

        Raises:
            LinkOutsideError: a link leads to data elsewhere, which would not be destroyed.
            WrongKindError: what is there is not a district's folder.
        """
        folder, fleet = DistrictFolder.of(data, key), DataFolder(data.resolve())
        marts = tuple(fleet.marts_of(key))
        if not os.path.lexists(folder.path) and not marts:
            return None
        refuse_links_outside(folder.path, but_in=folder.private)
        refuse_other_kinds(
            folder.path, folders=[folder.path, folder.build], files=[folder.lock, folder.at_work]
        )
        if marts:
            refuse_links_outside(fleet.marts, but_in=fleet.reserve)
        files = [*_files(folder.path), *(file for mart in marts for file in _files(mart))]
        runs = [started for night in folder.all_nights() if (started := _started(night.run_id))]
        return cls(folder, marts, tuple(runs), len(files), sum(file.lstat().st_size for file in files))

    def destroy(self) -> None:
        """Remove all of it. No link is followed, and after an interruption it can be done again.

        Raises:
            InUseError: a program has one of its databases open.
            OSError: something can't be removed.
        """
        folder = self.folder
        for database in (
            folder.raw,
            folder.history_copy,
            *(night.warehouse for night in folder.all_nights()),
        ):
            if holder := holder_of(database, writing=True):
                raise InUseError(
                    f"{database.relative_to(folder.path)} of {folder.key} is open in {holder.words}. Nothing "
                    "was destroyed: close it, then run this again"
                )
        # Readers first: from here on, no one finds a run that is half there.
        for link in (folder.published_link, folder.warehouse, folder.export):
            if link.is_symlink():
                link.unlink()
        for place in (*self.marts, folder.nights, folder.private, folder.path):
            if place.is_dir():
                shutil.rmtree(place)
        fleet = DataFolder(folder.path.parent)
        if fleet.told.is_file():
            with telling(fleet) as told:
                told.pop(folder.key, None)


def receivers_of(folder: DistrictFolder) -> list[str] | None:
    """The hosts to which imports of a district were sent; None where no history can be read that says so."""
    from night.delivery.record import deliveries  # noqa: PLC0415 - DuckDB: keeps other commands quick

    with suppress(Exception):  # what is damaged is destroyed all the same
        if folder.raw.exists():
            return [*dict.fromkeys(delivery.host for delivery in deliveries(folder))]
    return None


def _files(place: Path) -> Iterator[Path]:
    """Every file and link below a folder; no link is followed."""
    for parent, folders, names in os.walk(place):
        yield from (Path(parent) / name for name in names)
        yield from (path for name in folders if (path := Path(parent) / name).is_symlink())


def _started(run_id: str) -> datetime | None:
    with suppress(ValueError):
        return started_at(run_id)
    return None
