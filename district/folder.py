"""Every path of a district: its folder, a nightly run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from district.links import real_path, refuse_damage
from district.private_files import make_private_folder, switch_link

REDACTED_FILES = frozenset({"report.html", "qa.json", "night.json"})  # of a run: safe to email
MANIFEST = "manifest.json"  # says what the files of an import are


@dataclass(frozen=True)
class NightFolder:
    """`data/<district>/nights/<run_id>/`: everything that one nightly run produces."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def district(self) -> DistrictFolder:
        """The folder of its district."""
        return DistrictFolder(self.path.parent.parent)

    @property
    def warehouse(self) -> Path:
        """What dbt built: staging, marts, checks and their failures."""
        return self.path / "warehouse.duckdb"

    @property
    def export(self) -> Path:
        """The import: students.csv, guardians.csv, manifest.json. Only published and held runs have it."""
        return self.path / "export"

    @property
    def report(self) -> Path:
        """The redacted report: safe to email."""
        return self.path / "report.html"

    @property
    def qa_json(self) -> Path:
        """The redacted findings, for machines."""
        return self.path / "qa.json"

    @property
    def record(self) -> Path:
        """night.json: what the run did, in counts and times."""
        return self.path / "night.json"

    @property
    def private(self) -> Path:
        """What names students: it stays with the district."""
        return self.path / "private"

    @property
    def unredacted_report(self) -> Path:
        """The report with names and ids."""
        return self.private / "report.html"

    @property
    def uncut_qa_json(self) -> Path:
        """qa.json with the numbers of few people, where the redacted one hides some."""
        return self.private / "qa.json"

    @property
    def undecided_qa_json(self) -> Path:
        """qa.json as it was before a release, until the link names the run."""
        return self.private / "undecided.qa.json"

    @property
    def labels(self) -> Path:
        """Labels that a redacted file only counts, by name."""
        return self.private / "labels.csv"

    @property
    def withheld(self) -> Path:
        """Which columns the scan found values of in a redacted file."""
        return self.private / "withheld.txt"

    @property
    def load_state(self) -> Path:
        """What the import's files do not say of their records: school, kept since when, refused by."""
        return self.private / "load-state.csv"

    def worklist(self, what: str) -> Path:
        """A list of names: records to fix, or whom the load would leave out, delete, overwrite or keep."""
        return self.private / f"{what}.csv"

    def make(self) -> NightFolder:
        """The same folder, made where it is missing."""
        make_private_folder(self.path)
        return self


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
