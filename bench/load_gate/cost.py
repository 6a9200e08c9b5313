"""`python -m bench.load_gate.cost`: what it costs to judge the load, as a share of the dbt build.

A generated district's second night, with a baseline and changes in 4% of the records. The share is of one and
the same build: the seconds of models and tests that judge the load, by the seconds of all the others.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.results import NodeResult

from bench.load_gate.runs import settings_of
from district.folder import DistrictFolder
from night.baseline import write_baseline
from night.dbt_build import LEAVE_OUT
from night.district_night import build_night
from night.parsed_project import DISTRICT_DIR, FOLDERS, QUIET, parsed_project
from sandbox import ENDPOINTS, Profile, Source, generated
from tests.land_records import land_records

FIRST, SECOND = "20261104T020005000Z", "20261105T020005000Z"
PAGE = 20_000
CHANGED = 0.04
HEADER = """\
| students | build: s | the load: s | share | baseline written: s |
|---:|---:|---:|---:|---:|"""
EDITS = {
    "Contact": ("lastName", "Petersen"),
    "ContactPhone": ("phone", "5902345678"),
    "ContactAddress": ("streetName", "Alder"),
    "Student": ("middleName", "Lee"),
    "StudentContact": ("relationCode", "AUNT"),
}


@dataclass(frozen=True)
class Cost:
    """Seconds of one build.

    Attributes:
        rest: of all models and tests but these: of `load`, those that judge the load.
        baseline: to write the last published import as a database.
    """

    rest: float
    load: float
    baseline: float


def judges_the_load(result: NodeResult) -> bool:
    """Whether a model or test is of load_effects, of its check, or of its sums."""
    node = result.node
    place = f"{node.original_file_path} {getattr(node, 'attached_node', None) or ''} {node.name}"
    return any(word in place for word in ("load_effects", "checks_load", "integrity/load_", ".load_"))


def second_night(students: int, data: Path) -> DistrictFolder:
    """A district whose first night was published, with a second one landed."""
    folder = DistrictFolder.of(data, "district").make()
    source = generated(students, school_year=2026)
    land_records(folder.raw, FIRST, {endpoint: _lines(source, endpoint) for endpoint in ENDPOINTS})
    verdict = build_night(settings_of({}), data=data, run_id=FIRST, listen=lambda _: None).verdict
    assert verdict == "published", verdict
    land_records(folder.raw, SECOND, {endpoint: _edited(source, endpoint) for endpoint in ENDPOINTS})
    return folder


def measure(folder: DistrictFolder) -> Cost:
    """Build the second night once."""
    started = time.perf_counter()
    write_baseline(folder)
    baseline = time.perf_counter() - started
    folder.new_warehouse.unlink(missing_ok=True)
    manifest = parsed_project()
    assert manifest, "the project cannot be parsed"
    os.environ[DISTRICT_DIR] = str(folder.path)
    variables = json.dumps({"run_id": SECOND} | settings_of({}).dbt_vars())
    command = [
        "build",
        *QUIET,
        *LEAVE_OUT,
        *FOLDERS,
        "--target-path",
        str(folder.dbt_target),
        "--vars",
        variables,
    ]
    outcome = dbtRunner(manifest=manifest.deepcopy()).invoke(command)
    DuckDBConnectionManager.close_all_connections()
    assert outcome.exception is None, outcome.exception
    results = list(outcome.result)  # type: ignore[arg-type]
    load = sum(result.execution_time for result in results if judges_the_load(result))
    return Cost(sum(result.execution_time for result in results) - load, load, baseline)


def _lines(source: Source, endpoint: str) -> Iterator[bytes]:
    profile = Profile()
    for offset in range(0, source.count(endpoint, profile), PAGE):
        yield from source.lines(endpoint, offset, PAGE, profile)


def _edited(source: Source, endpoint: str) -> Iterator[bytes]:
    rng = Random(endpoint)
    for line in _lines(source, endpoint):
        if endpoint in EDITS and rng.random() < CHANGED:
            label, value = EDITS[endpoint]
            yield json.dumps(json.loads(line) | {label: value}).encode()
        else:
            yield line


def main() -> None:
    """Measure, and print one line for each size of district."""
    parser = argparse.ArgumentParser(prog="python -m bench.load_gate.cost", description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[5_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(HEADER, flush=True)
    for students in options.students:
        with tempfile.TemporaryDirectory() as data:
            folder = second_night(students, Path(data))
            measure(folder)  # warms up
            costs = [measure(folder) for _ in range(options.rounds)]
        rest, load, baseline = (
            median(getattr(cost, part) for cost in costs) for part in ("rest", "load", "baseline")
        )
        share = median(cost.load / cost.rest for cost in costs)
        print(f"| {students:,} | {rest + load:.1f} | {load:.2f} | {share:.1%} | {baseline:.2f} |", flush=True)


if __name__ == "__main__":
    main()
