"""The folder of all districts, and the pages in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFolder:
    """The folder of all districts."""

    path: Path

    @property
    def index_page(self) -> Path:
        """All districts at a glance."""
        return self.path / "index.html"

    @property
    def index_json(self) -> Path:
        """The same for machines."""
        return self.path / "index.json"

    @property
    def index_lock(self) -> Path:
        """Held by the one process that writes the index: the last to write it has read what came before."""
        return self.path / "index.lock"

    @property
    def told(self) -> Path:
        """What the notifications said last of each district that was not published."""
        return self.path / "told.json"

    @property
    def told_lock(self) -> Path:
        """Held by the one process that sends notifications."""
        return self.path / "told.lock"

    def cluster_token(self, run_id: str) -> Path:
        """There while a command runs districts on a cluster: its workers look for it."""
        return self.path / f"cluster-{run_id}.token"

    @property
    def logs(self) -> Path:
        """What every run said, an event per line."""
        return self.path / "logs"

    @property
    def log(self) -> Path:
        """The newest of these."""
        return self.logs / "plus360.log"

    def old_log(self, number: int) -> Path:
        """What was the newest before; 1 is the last one."""
        return self.logs / f"plus360.log.{number}"

    @property
    def log_lock(self) -> Path:
        """Held by the one process that begins a new log."""
        return self.logs / "plus360.lock"

    @property
    def dbt(self) -> Path:
        """The parsed dbt project, the same for all districts; made again where it is missing."""
        return self.path / "dbt"

    def dbt_docs(self, fingerprint: str) -> Path:
        """What dbt says of its models, of one state of the project."""
        return self.dbt / f"docs-{fingerprint}.html"

    def mart(self, mart: str, district_key: str, run_id: str) -> Path:
        """The Parquet files of one mart of one run, laid out as query engines read them."""
        return self.marts / mart / f"district={district_key}" / f"run={run_id}"

    @property
    def marts(self) -> Path:
        """The Parquet files of all marts, districts and runs."""
        return self.path / "marts"

    def new_marts(self, district_key: str) -> Path:
        """Where the Parquet files of one district are written first, on the disk that they stay on."""
        return self.marts / ".new" / f"district={district_key}"

    def marts_of(self, district_key: str) -> list[Path]:
        """Where the Parquet files of one district are: a folder in each mart's."""
        return sorted(self.marts.glob(f"*/district={district_key}"))

    @property
    def reserve(self) -> Path:
        """Some space, so that a run on a full disk can still say how it ended."""
        return self.path / "reserve"
