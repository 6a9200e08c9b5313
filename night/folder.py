"""Where a district's files lie: one folder a district, 0700, files 0600."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from extract.raw_store import read_store


@dataclass(frozen=True)
class DistrictFolder:
    """The folder `data/<district>/` and the names in it."""

    path: Path

    @classmethod
    def of(cls, data: Path, district_key: str) -> DistrictFolder:
        """The folder of a district below the data directory, made when it is not there."""
        folder = cls((data / district_key).resolve())
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.build.mkdir(exist_ok=True, mode=0o700)
        folder.nights.mkdir(exist_ok=True, mode=0o700)
        return folder

    @property
    def raw(self) -> Path:
        """Every pull of the last nights as it came, and the history of findings."""
        return self.path / "raw.duckdb"

    @property
    def build(self) -> Path:
        """Where tonight's warehouse is made, out of readers' sight."""
        return self.path / "build"

    @property
    def new_warehouse(self) -> Path:
        """Tonight's warehouse, not published yet. Its stem is that of the published one."""
        return self.build / "warehouse.duckdb"

    @property
    def warehouse(self) -> Path:
        """The warehouse of the last published night."""
        return self.path / "warehouse.duckdb"

    @property
    def export(self) -> Path:
        """A link to the export of the last published night: the path an upload takes."""
        return self.path / "export"

    @property
    def nights(self) -> Path:
        """One folder a night."""
        return self.path / "nights"

    @property
    def lock(self) -> Path:
        """Held by the one process that builds and publishes here."""
        return self.build / "night.lock"

    def night(self, run_id: str) -> Path:
        """The folder of one night, made when it is not there."""
        night = self.nights / run_id
        night.mkdir(exist_ok=True, mode=0o700)
        return night

    def last_run_id(self) -> str | None:
        """The run id of the latest pull, or None where nothing was ever pulled."""
        if not self.raw.exists():
            return None
        with read_store(self.raw) as store:
            row = store.execute("select max(run_id) from raw.pulls").fetchone()
        return row[0] if row else None


def keep_private() -> None:
    """From here on, this process makes folders 0700 and files 0600."""
    os.umask(0o077)
