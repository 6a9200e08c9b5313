"""One measurement in a process of its own: `python -m bench.dbt.contender dbt|sql DIRECTORY`.

Prints CPU seconds, elapsed seconds and peak memory in MB, as JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
QUIET = ("--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check")


def build_with_dbt(directory: Path) -> Callable[[], None]:
    """The nightly build when dbt is warm: with a parsed manifest, and not as the process's first build."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - only this contender needs dbt
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    from district.folder import DistrictFolder  # noqa: PLC0415
    from night.baseline import write_baseline  # noqa: PLC0415
    from night.dbt_build import LEAVE_OUT  # noqa: PLC0415
    from night.parsed_project import FOLDERS, parsed_project  # noqa: PLC0415

    manifest = parsed_project()
    assert manifest, "the project cannot be parsed"
    os.environ["PLUS360_DISTRICT_DIR"] = str(directory)
    write_baseline(DistrictFolder(directory))
    options = (*QUIET, *FOLDERS, "--target-path", str(directory / "build" / "target"))

    def build(*more: str) -> None:
        (directory / "build" / "warehouse.duckdb").unlink(missing_ok=True)
        runner = dbtRunner(manifest=manifest.deepcopy())
        outcome = runner.invoke(["build", *LEAVE_OUT, *options, *more])
        DuckDBConnectionManager.close_all_connections()
        assert outcome.exception is None, outcome.exception
        crashed = [result.node.name for result in outcome.result if result.status in ("error", "fail")]
        assert not crashed, crashed

    build()  # warms dbt up, and writes the compiled SQL for the other contender
    return lambda: build("--no-write-json")


def run_sql_only(directory: Path) -> Callable[[], None]:
    """The SQL that dbt compiled for models and checks, one statement after another on one connection."""
    target = directory / "build" / "target"
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    results = json.loads((target / "run_results.json").read_text())["results"]
    connection = duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": False})
    (directory / "build" / "sql_only.duckdb").unlink(missing_ok=True)
    connection.execute(f"attach '{directory}/raw.duckdb' as raw_store (read_only)")
    connection.execute(f"attach '{directory}/build/baseline.duckdb' as baseline (read_only)")
    connection.execute(f"attach '{directory}/build/sql_only.duckdb' as warehouse; use warehouse")
    statements = [f"create schema {name}" for name in ("seeds", "staging", "intermediate", "marts", "checks")]
    for result in results:
        node = nodes.get(result["unique_id"])
        if node is None:
            continue
        table = f"{node['schema']}.{node['name']}"
        match node["resource_type"]:
            case "seed":
                seed = PROJECT / node["original_file_path"]
                statements.append(f"create table {table} as from read_csv('{seed}', nullstr = '')")
            case "model":
                kind = node["config"]["materialized"]
                statements.append(f"create {kind} {table} as {result['compiled_code']}")
            case "test":
                statements.append(f"select count(*) from ({result['compiled_code']})")

    def run() -> None:
        for statement in statements:
            connection.execute(statement).fetchall()
        connection.close()

    return run


def main() -> None:
    """Prepare, measure once, and print."""
    what, directory = sys.argv[1], Path(sys.argv[2])
    work = {"dbt": build_with_dbt, "sql": run_sql_only}[what](directory)
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "clock": clock, "peak": peak}))


if __name__ == "__main__":
    main()
