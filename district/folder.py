"""Where a district's files lie: one folder a district, 0700, files 0600."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# The checkout that plus360 runs from.
PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
FIELD_LABELS = DBT_PROJECT / "seeds" / "field_labels.csv"
NOTEBOOKS = PROJECT / "notebooks"


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
