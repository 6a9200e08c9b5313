"""Districts for the tests of the dbt project: records landed as a pull lands them, built by the real dbt."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder
from extract.outcomes import PullState
from extract.store.raw_store import FILE_NAME, open_store
from night.baseline import write_baseline
from night.dbt_build import LEAVE_OUT
from night.export import write_export
from night.parsed_project import FOLDERS, parsed_project
from night.publication.publish import publish
from sandbox import Profile, Source
from tests.land_records import Records, land_records

RUN = "20261123T020005123Z"
# As a nightly run builds; with "--no-write-json", dbt writes no files of its own either.
NIGHTLY = ("build", *LEAVE_OUT)
# The models of the import and what they read: for tests that ask nothing else of a build.
IMPORT = ("run", "--select", "+path:models/marts/load")
EVERYTHING = 10_000_000


def records_of(source: Source) -> dict[str, list[bytes]]:
    """All records of a sandbox district, each as one JSON object."""
    return {endpoint.name: source.lines(endpoint.name, 0, EVERYTHING, Profile()) for endpoint in ENDPOINTS}


@dataclass(frozen=True)
class District:
    """A district's folder: raw records in, a warehouse out."""

    directory: Path

    def land(
        self, records: Records, run_id: str = RUN, states: Mapping[str, PullState] | None = None
    ) -> District:
        """Lands records as one run; a pull that is refused or broken keeps no rows."""
        (self.directory / "build").mkdir(parents=True, exist_ok=True)
        land_records(self.directory / FILE_NAME, run_id, records, states)
        return self

    def published(self, run_id: str = RUN, **counts: int) -> District:
        """Writes down that a run was published, as a nightly run does."""
        store = open_store(self.directory / FILE_NAME)
        store.execute(
            "insert into history.nights values (?, now(), now(), 'published', ?)",
            [run_id, json.dumps(counts)],
        )
        store.close()
        return self

    def publish(self, run_id: str = RUN, **counts: int) -> District:
        """Publishes what was built, as a nightly run does: the next build compares with it."""
        night = self.folder.night(run_id).make()
        shutil.copyfile(self.folder.new_warehouse, night.warehouse)
        write_export(night)
        self.published(run_id, **counts)
        publish(night)
        return self

    @property
    def folder(self) -> DistrictFolder:
        """Its paths."""
        return DistrictFolder(self.directory)

    def build(self, *command: str, **variables: object) -> District:
        """Builds the warehouse, as a nightly run does if no other command is given.

        As in a nightly run, the columns are not compared with the models' contracts: that takes a fifth of
        the time. The build of the district `small` and `dbt build` by hand compare them.
        """
        self.folder.new_warehouse.unlink(missing_ok=True)
        write_baseline(self.folder)
        variables = {"compare_contracts": False} | variables
        result = invoke(self.directory, *(command or (*NIGHTLY, "--no-write-json")), variables=variables)
        assert result.exception is None, result.exception
        crashed = [(r.node.name, r.message) for r in result.result if r.status in ("error", "fail")]  # type: ignore[union-attr]
        assert not crashed, crashed
        return self

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse, with the raw store beside it as raw_store."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.directory}/build/warehouse.duckdb' as warehouse (read_only)")
            connection.execute(f"attach '{self.directory}/{FILE_NAME}' as raw_store (read_only)")
            connection.execute("use warehouse")
            return connection.execute(sql, list(parameters)).fetchall()

    def failed(self) -> dict[str, int]:
        """How many records fail each check that fails at all."""
        return dict(self.query("select check_id, failed from checks.check_results where failed > 0"))

    def states(self) -> dict[str, str]:
        """The state of every check."""
        return dict(self.query("select check_id, state from checks.check_results"))


def manifest() -> Manifest:
    """The parsed project, as a nightly run has it."""
    project = parsed_project()
    assert project, "dbt cannot parse the project: `dbt parse` in dbt_project/ says why"
    return project.deepcopy()


def invoke(directory: Path, *command: str, variables: Mapping[str, object] | None = None) -> dbtRunnerResult:
    """Runs a dbt command over a district's folder, in this process."""
    runner = dbtRunner(manifest=manifest())
    os.environ["PLUS360_DISTRICT_DIR"] = str(directory)
    try:
        return runner.invoke(
            [
                *command,
                *("--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check"),
                *FOLDERS,
                *("--target-path", str(directory / "build" / "target")),
                *("--vars", json.dumps(variables or {})),
            ]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
