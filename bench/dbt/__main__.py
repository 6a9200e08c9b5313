"""`python -m bench.dbt`: what dbt adds to its own SQL, and how a build grows with the size of a district.

The nightly build and the same SQL without dbt take turns, each in a process of its own. The figures are
medians. The manifest is already parsed, as it is for every district of a nightly run.
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
| students | raw rows | dbt: s | CPU s | peak MB | SQL only: s | CPU s | dbt adds CPU s | CPU us per row |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def measure(what: str, directory: Path) -> dict[str, float]:
    """Run and measure once, in a process of its own."""
    command = [sys.executable, "-m", "bench.dbt.contender", what, str(directory)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure, and print one line per district size."""
    parser = argparse.ArgumentParser(prog="python -m bench.dbt", description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[5_000, 10_000, 100_000, 300_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to keep the landed districts between runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(HEADER, flush=True)
        for students in options.students:
            directory = (options.folder or Path(scratch)).resolve() / str(students)
            rows = land(directory, students)
            runs = [
                {what: measure(what, directory) for what in ("dbt", "sql")} for _ in range(options.rounds)
            ]
            with_dbt, sql_only = (
                {figure: median(run[what][figure] for run in runs) for figure in ("clock", "cpu", "peak")}
                for what in ("dbt", "sql")
            )
            adds = median(run["dbt"]["cpu"] - run["sql"]["cpu"] for run in runs)
            print(
                f"| {students:,} | {rows:,} | {with_dbt['clock']:.1f} | {with_dbt['cpu']:.1f} "
                f"| {with_dbt['peak']:,.0f} | {sql_only['clock']:.1f} | {sql_only['cpu']:.1f} | {adds:.1f} "
                f"| {with_dbt['cpu'] / rows * 1e6:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
