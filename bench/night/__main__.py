"""`python -m bench.night`: the nightly runs of many districts, and the same made by hand of known tools.

Each contender runs all districts, two at a time, startup included. Every district has the public sample, and
was run once before, so that there is an import to compare with.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.load_gate.districts import SAMPLE
from bench.night.contender import BY_HAND, ONE_BY_ONE, PRODUCT
from bench.night.fleet import JOBS, Fleet, sample_server
from bench.night.usage import Usage

HEADER = """\
| districts | | seconds | districts/min | of by hand | CPU s each | of it server | peak MB of a process |
|---:|---|---:|---:|---:|---:|---:|---:|"""


def main() -> None:
    """Measure, and print the two tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.night", description=__doc__)
    parser.add_argument("--districts", type=int, nargs="+", default=[1, 6, 30])
    parser.add_argument("--contenders", nargs="+", default=[BY_HAND, ONE_BY_ONE, PRODUCT])
    parser.add_argument(
        "--dlt-python", type=Path, help='a Python with "dlt[duckdb,parquet]" and requests-oauthlib'
    )
    options = parser.parse_args()
    if not SAMPLE.is_dir():
        parser.error(f"the public sample is not at {SAMPLE}: PLUS360_GRAND_BEND says where it is")
    print(f"{JOBS} at a time\n\n{HEADER}", flush=True)
    split: dict[str, float] = {}
    for districts in options.districts:
        per_minute: dict[str, float] = {}
        for contender in options.contenders:
            usage, by_command = _measured(contender, districts, options.dlt_python)
            per_minute[contender] = districts / usage.seconds * 60
            split = by_command or split
            _print(districts, contender, usage, per_minute)
    _print_steps(split)


def _measured(contender: str, districts: int, dlt_python: Path | None) -> tuple[Usage, dict[str, float]]:
    """One contender in a process of its own: what it cost, and the CPU of each command by hand."""
    command = [
        sys.executable,
        "-m",
        "bench.night.contender",
        contender,
        str(districts),
        str(dlt_python or ""),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return Usage(**found["usage"]), found["by_command"]


def _print(districts: int, contender: str, usage: Usage, per_minute: dict[str, float]) -> None:
    ratio = f"{per_minute[contender] / per_minute[BY_HAND]:.1f}x" if BY_HAND in per_minute else ""
    cpu = (usage.cpu + usage.server) / districts
    print(
        f"| {districts} | {contender} | {usage.seconds:.1f} | {per_minute[contender]:.1f} | {ratio} "
        f"| {cpu:.1f} | {usage.server / districts:.2f} | {usage.peak_mb:.0f} |",
        flush=True,
    )


def _print_steps(by_hand: dict[str, float]) -> None:
    """CPU seconds of one district by step: of a warm process of the product, and of the commands by hand."""
    with tempfile.TemporaryDirectory(prefix="bench-night-") as scratch, sample_server() as server:
        fleet = Fleet.make(Path(scratch) / "fleet", 1, server)
        done = subprocess.run(
            [sys.executable, "-m", "bench.night.steps", fleet.path, fleet.keys[0]],
            env={**fleet.environment, "PLUS360_DATA": str(fleet.data.path)},
            check=True,
            stdout=subprocess.PIPE,
        )
    steps = json.loads(done.stdout)["steps"]
    for title, cpu in (("product, a warm process", steps), (BY_HAND, by_hand)):
        if not cpu:  # not measured this time
            continue
        parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in cpu.items())
        print(f"\nCPU s of one district, {title}: {parts}; together {sum(cpu.values()):.1f}")


if __name__ == "__main__":
    main()
