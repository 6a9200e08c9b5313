"""`python -m bench.extract`: how close the extract is to its limit, which is the slower of its two halves.

The contenders of a table take turns, each in a process of its own. All rows of every run are counted.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.extract.pages import write_pages
from bench.extract.server import serve

HALVES = ("fetch", "landing")


def main() -> None:
    """Measure, and print one table per district size and latency."""
    parser = argparse.ArgumentParser(prog="python -m bench.extract", description=__doc__)
    parser.add_argument(
        "--students", type=int, nargs="+", default=[3_350, 67_000], help="47,000 and 939,000 rows"
    )
    parser.add_argument(
        "--latency", type=int, nargs="+", default=[0, 50, 200], help="ms before each response"
    )
    parser.add_argument(
        "--connections", type=int, nargs="+", default=[16, 4], help="4 is what a real SIS allows"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--dlt-python", help='a Python with "dlt[duckdb,parquet]"; without it, dlt is not measured'
    )
    parser.add_argument(
        "--dlt", nargs="+", default=["dlt tuned", "dlt documented"], help="which dlt contenders to run"
    )
    parser.add_argument("--folder", type=Path, help="where to keep the generated pages between runs")
    options = parser.parse_args()
    if not shutil.which("nginx"):
        raise SystemExit(
            "needs nginx and two modules: "
            "apt-get install nginx-light libnginx-mod-http-echo libnginx-mod-http-lua"
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        for students in options.students:
            pages = folder / str(students)
            counts = write_pages(pages, students)
            for latency in options.latency:
                with serve(pages, counts, Path(scratch) / "nginx", latency) as server:
                    for connections in options.connections:
                        work = {
                            "base_url": server.base_url,
                            "ca_bundle": str(server.ca_bundle),
                            "consumer_key": server.consumer_key,
                            "consumer_secret": server.consumer_secret,
                            "connections": connections,
                            "counts": counts,
                            "pages": str(pages),
                            "folder": scratch,
                        }
                        results = _race(work, options)
                        _print(results, sum(counts.values()), latency, options.rounds, connections)


def _race(work: dict[str, object], options: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    names = [*HALVES, "product", *(options.dlt if options.dlt_python else [])]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            is_dlt = name.startswith("dlt")
            python = options.dlt_python if is_dlt else sys.executable
            module = "bench.extract.dlt_contender" if is_dlt else "bench.extract.contender"
            ended = subprocess.run(
                [python, "-m", module, name, json.dumps(work)], capture_output=True, text=True, check=False
            )
            if ended.returncode:
                raise SystemExit(f"{name} failed:\n{ended.stderr}")
            result = json.loads(ended.stdout.splitlines()[-1])
            if result.pop("arrived") != work["counts"]:
                raise SystemExit(f"{name} lost or duplicated rows")
            results[name].append(result)
    return results


def _print(
    results: dict[str, list[dict[str, float]]], rows: int, latency: int, rounds: int, connections: int
) -> None:
    seconds = {name: median(result["seconds"] for result in found) for name, found in results.items()}
    limit = max(seconds[name] for name in HALVES)
    print(f"\n{rows:,} rows, {latency} ms, {connections} connections, medians of {rounds}\n")
    print("| | seconds | of the limit | product is faster by | CPU s | peak MB |\n|---|---|---|---|---|---|")
    for name, found in results.items():
        cpu, peak = (median(result[key] for result in found) for key in ("cpu", "peak_mb"))
        print(
            f"| {name} | {seconds[name]:.2f} | {seconds[name] / limit:.2f} | "
            f"{seconds[name] / seconds['product']:.1f}x | {cpu:.1f} | {peak:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
