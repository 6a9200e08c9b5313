"""Runs dbt in this process, into a new warehouse file next to the published one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from district.credentials import without_secrets
from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.folder import NightFolder
from district.settings import DistrictSettings
from extract.store.file_locks import holder_of
from night.baseline import write_baseline
from night.machine.troubles import MachineError, shortage
from night.parsed_project import (
    DISTRICT_DIR,
    FOLDERS,
    QUIET,
    NotParsedError,
    parsed_project,
    raise_interruption,
    writing_to,
)

# What a nightly run leaves out: dbt's unit tests, who uses the models (exposures), tests that repeat an
# integrity test for one model only, and the tests of the checks, whose rows write_check_results counts
# without them. `make test` runs them all.
LEAVE_OUT = [
    *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure"),
    *("--exclude", "tag:by_hand", "test_name:no_failures"),
]


class BuildAtWorkError(Plus360Error):
    """Somebody runs dbt by hand on this district: both would write the same warehouse."""


@dataclass(frozen=True)
class BuildOutcome:
    """How a build ended, in names of our own: dbt's messages can quote data.

    Attributes:
        crashed: models and tests that crashed; a check that found something did not crash.
        broken_integrity: what the integrity tests that failed or crashed say, in plain words.
    """

    crashed: list[str] = field(default_factory=list)
    broken_integrity: list[str] = field(default_factory=list)


def build_warehouse(district: DistrictSettings, night: NightFolder) -> BuildOutcome:
    """Build the warehouse of a run with all its checks, then move it to the run's folder in one step.

    dbt runs without any district's secret in its environment.

    Raises:
        BuildAtWorkError: dbt is at work on this district by hand.
        MachineError: it could not be built for lack of room, permission or the like.
    """
    folder = night.district
    if holder := holder_of(folder.new_warehouse, writing=True):
        raise BuildAtWorkError(
            f"a build of {folder.key} by hand is at work in {holder.words}. Run this again when it is done"
        )
    for leftover in (folder.new_warehouse, folder.new_warehouse.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    write_baseline(folder, delivers=district.delivery is not None)
    try:
        project = parsed_project(DataFolder(folder.path.parent))
    except NotParsedError:
        if lack := shortage():
            raise MachineError(lack) from None
        return BuildOutcome(crashed=["the project"])
    variables = {
        "run_id": night.run_id,
        "settings_sha256": district.sha256,
        "compare_contracts": False,
    } | district.dbt_vars()
    try:
        with without_secrets(**{DISTRICT_DIR: str(folder.path)}):
            # A copy: a build changes the manifest that it is given.
            result = dbtRunner(manifest=project.deepcopy()).invoke(
                [
                    *("build", *QUIET, *LEAVE_OUT, *FOLDERS),
                    *(*writing_to(folder.dbt_target), "--vars", json.dumps(variables)),
                ]
            )
    finally:
        # dbt keeps the file open after a build; publishing and reading need it closed.
        DuckDBConnectionManager.close_all_connections()
    raise_interruption(result)
    outcome = _outcome(result)
    if (outcome.crashed or outcome.broken_integrity) and (lack := shortage()):
        # Not the model's fault, nor the data's. What was built is of no use, and takes the room to say so.
        folder.new_warehouse.unlink(missing_ok=True)
        raise MachineError(lack)
    if folder.new_warehouse.exists():
        folder.new_warehouse.replace(night.warehouse)
    return outcome


def _outcome(result: dbtRunnerResult) -> BuildOutcome:
    if result.exception is not None or not isinstance(result.result, Iterable):
        return BuildOutcome(crashed=["the project"])
    crashed, broken = [], []
    for outcome in result.result:
        integrity = outcome.node.config.meta.get("broken")
        if integrity and outcome.status in ("fail", "error"):
            broken.append(f"{integrity} ({outcome.node.name})")
        elif outcome.status == "error":
            crashed.append(outcome.node.name)
    return BuildOutcome(crashed, broken)
