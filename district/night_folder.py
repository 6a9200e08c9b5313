"""Every path of a nightly run's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from district.private_files import make_private_folder

if TYPE_CHECKING:
    from district.folder import DistrictFolder

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
        from district.folder import DistrictFolder  # noqa: PLC0415 - it has this module's class

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

    @property
    def notebooks(self) -> Path:
        """The notebooks that the district's settings name, as they ran after this run."""
        return self.private / "notebooks"

    def worklist(self, what: str) -> Path:
        """A list of names: records to fix, or whom the load would leave out, delete, overwrite or keep."""
        return self.private / f"{what}.csv"

    def make(self) -> NightFolder:
        """The same folder, made where it is missing."""
        make_private_folder(self.path)
        return self
