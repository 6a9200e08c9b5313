"""Every path of a district; those of one nightly run are in night_folder.py."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from district.links import real_path, refuse_damage
from district.night_folder import MANIFEST, REDACTED_FILES, NightFolder
from district.private_files import make_private_folder, switch_link

__all__ = ["MANIFEST", "REDACTED_FILES", "DistrictFolder", "NightFolder"]


@dataclass(frozen=True)
class DistrictFolder:
    """`data/<district>/`: readable by its owner only."""

    path: Path

    @classmethod
    def of(cls, data: Path, district_key: str) -> DistrictFolder:
        """The folder of a district below the data folder; nothing is made."""
        return cls(data.resolve() / district_key)

    def make(self) -> DistrictFolder:
        """The same folder with the folders in it, made where they are missing.

        Raises:
            LinkOutsideError: something in it would be written elsewhere.
            WrongKindError: a file is where a folder belongs, or something else where a file does.
        """
        refuse_damage(self)
        for folder in (self.path.parent, self.path, self.build, self.nights):
            make_private_folder(folder)
        return self

    @property
    def key(self) -> str:
        """The district's key in the settings."""
        return self.path.name

    @property
    def raw(self) -> Path:
        """Every pull of the last runs as received, and the history of findings."""
        return self.path / "raw.duckdb"

    def pulled_beside(self) -> list[str]:
        """The keys of the districts in the same data folder that were pulled."""
        return sorted(raw.parent.name for raw in self.path.parent.glob(f"*/{self.raw.name}"))

    @property
    def spool(self) -> Path:
        """Where received pages wait to be landed."""
        return self.path / "spool"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what doesn't fit into memory."""
        return self.build / "spill"

    @property
    def spilled(self) -> tuple[Path, ...]:
        """Folders that only a killed run leaves: pages that waited, and what did not fit into memory."""
        return self.spool, self.path / "raw.duckdb.tmp", self.spill

    @property
    def history_copy(self) -> Path:
        """What raw.duckdb is rebuilt from if it is damaged: its history, without any pull."""
        return self.path / "history.duckdb"

    @property
    def extract_lock(self) -> Path:
        """Held by the one process that pulls."""
        return self.path / "extract.lock"

    @property
    def build(self) -> Path:
        """Where dbt works, out of readers' sight."""
        return self.path / "build"

    @property
    def new_warehouse(self) -> Path:
        """The warehouse that dbt is building; it moves to its run's folder when it is complete."""
        return self.build / "warehouse.duckdb"

    @property
    def baseline(self) -> Path:
        """The last published import as a database, for dbt to compare with; empty where there is none."""
        return self.build / "baseline.duckdb"

    @property
    def dbt_target(self) -> Path:
        """Dbt's own files."""
        return self.build / "target"

    @property
    def lock(self) -> Path:
        """Held by the one process that builds and publishes."""
        return self.build / "night.lock"

    @property
    def publishing(self) -> Path:
        """The id of the run that is being published; gone when the link names it."""
        return self.build / "publishing"

    @property
    def at_work(self) -> Path:
        """Which command holds the lock, since when, in which process."""
        return self.build / "at-work.json"

    @property
    def status(self) -> Path:
        """What the last runs said, for the index and for `status`: made again where runs say otherwise."""
        return self.path / "status.json"

    @property
    def private(self) -> Path:
        """The analyst's own notebooks, and what a repair moved out of the way."""
        return self.path / "private"

    @property
    def jupyter(self) -> Path:
        """What Jupyter and IPython keep for this district; nothing of it is in the user's home folder."""
        return self.private / ".jupyter"

    def trace(self, student_id: str, run_id: str) -> Path:
        """The page of one student's trace in one run.

        Args:
            student_id: any text. A name holds letters, digits and hyphens; a hash tells other ids apart.
            run_id: the run.
        """
        name = re.sub(r"[^A-Za-z0-9-]", "_", student_id)[:40]
        if name != student_id:
            name += f"-{hashlib.sha256(student_id.encode(errors='replace')).hexdigest()[:8]}"
        return self.private / f"trace-{name}-{run_id}.html"

    @property
    def nights(self) -> Path:
        """One folder for each nightly run."""
        return self.path / "nights"

    @property
    def warehouse(self) -> Path:
        """A stable link to the published warehouse, through `published`."""
        return self.path / "warehouse.duckdb"

    @property
    def export(self) -> Path:
        """A stable link to the published import, through `published`."""
        return self.path / "export"

    @property
    def published_link(self) -> Path:
        """The one switch: it names the published run, and changes in one step."""
        return self.path / "published"

    @property
    def published(self) -> NightFolder | None:
        """The published run; None where there is none: the link is missing, or leads to no run's folder."""
        night = real_path(self.published_link)
        is_run = night.parent == real_path(self.nights) and night.is_dir()
        return NightFolder(night) if self.published_link.is_symlink() and is_run else None

    def night(self, run_id: str) -> NightFolder:
        """The folder of one nightly run; not made."""
        return NightFolder(self.nights / run_id)

    def all_nights(self) -> list[NightFolder]:
        """The folders of all kept runs, the oldest first."""
        return [NightFolder(path) for path in sorted(self.nights.glob("*")) if path.is_dir()]

    def publish(self, night: NightFolder) -> None:
        """Point `published` at a complete run. Readers see the run before or this one, never a mix."""
        self.make_stable_links()
        switch_link(self.published_link, night.path.relative_to(self.path))

    def make_stable_links(self) -> None:
        """Make the links that lead through `published`, where they are missing. They never change again."""
        for link in (self.warehouse, self.export):
            switch_link(link, Path(self.published_link.name) / link.name)
