"""Runs dbt in this process, into a new warehouse file next to the published one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from district.checkout import DBT_PROJECT
from district.credentials import without_secrets
from district.errors import Plus360Error
from district.folder import NightFolder
from district.settings import DistrictSettings
from district.temporary import temporary_folder
from extract.store.file_locks import holder_of
from night.baseline import write_baseline
from night.machine.interruption import end_if_it_came
from night.machine.troubles import MachineError, shortage

# What a nightly run leaves out: dbt's unit tests, tests that repeat an integrity test for one model only, and
# the tests of the checks, whose rows write_check_results counts without them. `make test` runs them all.
LEAVE_OUT = ["--exclude-resource-type", "unit_test", "--exclude", "tag:by_hand", "test_name:no_failures"]
# dbt's messages can quote data: nothing of them goes to a log file or to the terminal. What the nightly run
# needs to know is in the warehouse: dbt's JSON files are not written.
QUIET = [
    "--quiet",
    "--log-level",
    "none",
    "--log-level-file",
    "none",
    "--no-version-check",
    "--no-write-json",
    "--no-use-colors",
]
# The one variable of the environment that the dbt project reads.
DISTRICT_DIR = "PLUS360_DISTRICT_DIR"
FOLDERS = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]


class BuildAtWorkError(Plus360Error):
    """Somebody runs dbt by hand on this district: both would write the same warehouse."""


def _writing_to(folder: Path) -> list[str]:
    """Options of dbt: everything of its own goes to a folder; the checkout may be read-only."""
    return ["--target-path", str(folder), "--log-path", str(folder)]


@dataclass(frozen=True)
class BuildOutcome:
    """How a build ended, in names of our own: dbt's messages can quote data.

    Attributes:
        crashed: models and tests that crashed; a check that found something did not crash.
        broken_integrity: what the integrity tests that failed or crashed say, in plain words.
    """

    crashed: list[str] = field(default_factory=list)
    broken_integrity: list[str] = field(default_factory=list)


class NotParsedError(Plus360Error):
    """dbt could not parse the project."""


@cache
def parsed_project() -> Manifest:
    """The dbt project, parsed once per process (about 3 seconds): it is the same for every district and run.

    Each build reads the variables and the district's folder again.

    Raises:
        NotParsedError: the project can't be parsed. This is not kept: with room again, it may work.
        KeyboardInterrupt: it was interrupted.
    """
    # The profile names the district's folder; parsing opens nothing there.
    with temporary_folder() as target, without_secrets(**{DISTRICT_DIR: str(target)}):
        parsed = dbtRunner().invoke(["parse", *QUIET, *FOLDERS, *_writing_to(target)])
    _raise_interruption(parsed)
    if not isinstance(parsed.result, Manifest):
        raise NotParsedError("dbt could not parse dbt_project/: it is incomplete, or was changed")
    return parsed.result


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
        project = parsed_project()
    except NotParsedError:
        if lack := shortage():
            raise MachineError(lack) from None
        return BuildOutcome(crashed=["the project"])
    variables = {"run_id": night.run_id, "settings_sha256": district.sha256} | district.dbt_vars()
    try:
        with without_secrets(**{DISTRICT_DIR: str(folder.path)}):
            # A copy: a build changes the manifest that it is given.
            result = dbtRunner(manifest=project.deepcopy()).invoke(
                [
                    *("build", *QUIET, *LEAVE_OUT, *FOLDERS),
                    *(*_writing_to(folder.dbt_target), "--vars", json.dumps(variables)),
                ]
            )
    finally:
        # dbt keeps the file open after a build; publishing and reading need it closed.
        DuckDBConnectionManager.close_all_connections()
    _raise_interruption(result)
    outcome = _outcome(result)
    if (outcome.crashed or outcome.broken_integrity) and (lack := shortage()):
        # Not the model's fault, nor the data's. What was built is of no use, and takes the room to say so.
        folder.new_warehouse.unlink(missing_ok=True)
        raise MachineError(lack)
    if folder.new_warehouse.exists():
        folder.new_warehouse.replace(night.warehouse)
    return outcome


def _raise_interruption(result: dbtRunnerResult) -> None:
    """Go on with an interruption that dbt or DuckDB caught: what they say of it is another error, or none."""
    if isinstance(result.exception, KeyboardInterrupt):
        raise KeyboardInterrupt from None
    end_if_it_came()


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
