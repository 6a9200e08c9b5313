"""Runs dbt, in this process, into a new warehouse file beside the published one."""

from __future__ import annotations

import json
import tempfile
from functools import cache

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from district.credentials import without_secrets
from district.folder import DBT_PROJECT, NightFolder
from district.settings import DistrictSettings

# What a night leaves out: dbt's unit tests and the tests of our own models; both run in `make test`.
LEAVE_OUT = ["--exclude-resource-type", "unit_test", "--exclude", "tag:integrity"]
# dbt's messages can quote data: nothing of them goes to a log file or to the terminal. What the night needs
# to know is in the warehouse: dbt's JSON files are not written.
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


@cache
def parsed_project() -> Manifest | None:
    """The dbt project, parsed once a process (some 3 seconds): it is the same for every district and run.

    Variables and the district's folder are read anew by each build. None where the project cannot be parsed.
    """
    # The profile names the district's folder; parsing opens nothing there.
    with tempfile.TemporaryDirectory() as target, without_secrets(**{DISTRICT_DIR: target}):
        parsed = dbtRunner().invoke(["parse", *QUIET, *FOLDERS, "--target-path", target])
    return parsed.result if isinstance(parsed.result, Manifest) else None


def build_warehouse(district: DistrictSettings, night: NightFolder) -> list[str]:
    """Build the warehouse of a run with all its checks, then move it to the run's folder in one step.

    dbt runs without any district's secret in its environment.

    Returns:
        Names of the models and tests that crashed, without dbt's messages; a check that found something is
        no crash.
    """
    folder = night.district
    for leftover in (folder.new_warehouse, folder.new_warehouse.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    project = parsed_project()
    if project is None:
        return ["the project"]
    variables = {"run_id": night.run_id} | district.dbt_vars()
    try:
        with without_secrets(**{DISTRICT_DIR: str(folder.path)}):
            # A copy: a build changes the manifest that it is given.
            result = dbtRunner(manifest=project.deepcopy()).invoke(
                [
                    *("build", *QUIET, *LEAVE_OUT, *FOLDERS),
                    *("--target-path", str(folder.dbt_target), "--vars", json.dumps(variables)),
                ]
            )
    finally:
        # dbt keeps the file open after it is done; publishing and reading need it closed.
        DuckDBConnectionManager.close_all_connections()
    if folder.new_warehouse.exists():
        folder.new_warehouse.replace(night.warehouse)
    if result.exception is not None or result.result is None:
        return ["the project"]
    return [outcome.node.name for outcome in result.result if outcome.status == "error"]
