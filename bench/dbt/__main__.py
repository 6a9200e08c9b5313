"""`python -m bench.dbt`: what dbt adds to its own SQL, and how a build grows with a district.

The nightly build and the same SQL run bare in DuckDB take turns, each in a process of its own; figures are
medians. Measured with the parsed manifest at hand, as every district of a night has it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.dbt.district import land

HEADER = """\
| students | raw rows | dbt: s | CPU s | peak MB | bare SQL: s | CPU s | dbt adds CPU s | us of CPU a row |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def measure(what: str, directory: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "bench.dbt.contender", what, str(directory)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measures and prints one line a district size."""
    parser = argparse.ArgumentParser(prog="python -m bench.dbt", description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[5_000, 10_000, 100_000, 300_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keeps the landed districts between runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(HEADER, flush=True)
        for students in options.students:
            directory = (options.folder or Path(scratch)).resolve() / str(students)
            rows = land(directory, students)
            runs = [
                {what: measure(what, directory) for what in ("dbt", "bare")} for _ in range(options.rounds)
            ]
            with_dbt, bare = (
                {figure: median(run[what][figure] for run in runs) for figure in ("clock", "cpu", "peak")}
                for what in ("dbt", "bare")
            )
            adds = median(run["dbt"]["cpu"] - run["bare"]["cpu"] for run in runs)
            print(
                f"| {students:,} | {rows:,} | {with_dbt['clock']:.1f} | {with_dbt['cpu']:.1f} "
                f"| {with_dbt['peak']:,.0f} | {bare['clock']:.1f} | {bare['cpu']:.1f} | {adds:.1f} "
                f"| {with_dbt['cpu'] / rows * 1e6:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
