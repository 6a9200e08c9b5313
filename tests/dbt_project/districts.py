"""Districts for the tests of the dbt project: records landed as a pull lands them, built by the real dbt."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from district.endpoints import ENDPOINTS
from extract.store.raw_store import FILE_NAME, Pull, PullState, open_store, write_pull
from night.dbt_build import FOLDERS, LEAVE_OUT, parsed_project
from sandbox.population.source import Source
from sandbox.server.profile import Profile

RUN = "20261123T020005123Z"
NIGHTLY = ("build", *LEAVE_OUT)
EVERYTHING = 10_000_000

Records = Mapping[str, Iterable[Mapping[str, Any] | bytes]]


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
        """Lands records as one run; an endpoint whose state is refused or broken keeps none."""
        (self.directory / "build").mkdir(parents=True, exist_ok=True)
        started = datetime.fromisoformat(run_id[:15])
        store = open_store(self.directory / FILE_NAME)
        for endpoint in ENDPOINTS:
            state = (states or {}).get(endpoint.name, "complete")
            kept = state in ("complete", "unreconciled")
            lines = [_line(record) for record in records.get(endpoint.name, [])] if kept else []
            spool = self.directory / "build" / f"{endpoint.name}.ndjson"
            spool.write_bytes(b"\n".join(lines) + b"\n")
            if lines:
                store.execute(
                    f"""
                    insert into plus360."{endpoint.name}"
                    select ?, ?, row_number() over () - 1, ?, json
                    from read_json_objects('{spool}', format = 'newline_delimited')
                    """,
                    [run_id, endpoint.name, started],
                )
            spool.unlink()
            total = len(lines) + (state == "unreconciled")
            write_pull(
                store,
                Pull(
                    run_id=run_id,
                    endpoint=endpoint.name,
                    state=state,
                    rows=len(lines),
                    pages=1,
                    reported_total=total if kept else None,
                    http_status=200 if kept else 403,
                    seconds=0.1,
                    started_at=started,
                    finished_at=started + timedelta(seconds=1),
                    message="",
                    stripped_labels=[],
                    retries=0,
                    passes=1,
                ),
            )
        store.close()
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

    def build(self, *command: str, **variables: object) -> District:
        """Builds the warehouse, as a nightly run does if no other command is given."""
        (self.directory / "build" / "warehouse.duckdb").unlink(missing_ok=True)
        result = invoke(self.directory, *(command or NIGHTLY), variables=variables)
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


def _line(record: Mapping[str, Any] | bytes) -> bytes:
    return record if isinstance(record, bytes) else json.dumps(record).encode()
