"""`python -m bench.load_gate`: does the gate hold every harmful load, and publish the ordinary ones?

Each situation is a district whose last load was published, and one or more nights after it, built by the real
dbt and judged by the real gate. Ends with 1 if a harmful load was published, or more than 1 in 60 ordinary
ones were held.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.load_gate.catalog import ALL
from bench.load_gate.districts import SAMPLE, sample_is_here
from bench.load_gate.pool import run_all
from bench.load_gate.situation import Situation
from bench.load_gate.table import HEADER, row, summary


def chosen(words: list[str], *, only_harmful: bool) -> list[Situation]:
    """Situations whose name contains one of the words; without words all of them."""
    found = [s for s in ALL if not words or any(word.lower() in s.name.lower() for word in words)]
    return [s for s in found if s.is_harmful or not only_harmful]


def main() -> None:
    """Run the situations and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.load_gate", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="situations whose name has this"
    )
    parser.add_argument("--harmful", action="store_true", help="only what must not be published")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="print the names, run nothing")
    parser.add_argument("--folder", type=Path, help="where to work; its good nights are used again")
    options = parser.parse_args()
    situations = chosen(options.only, only_harmful=options.harmful)
    if not sample_is_here():
        print(f"The public sample is not in {SAMPLE}: its situations are left out.", file=sys.stderr)
        situations = [situation for situation in situations if situation.district != "sample"]
    if options.list:
        print("\n".join(f"{s.expected:<22} {s.district:<8} {s.name}" for s in situations))
        return
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        results = run_all(situations, (options.folder or Path(scratch)).resolve(), options.jobs)
    print(HEADER)
    for situation, outcome in results:
        print(row(situation, outcome))
    text, is_reached = summary(results)
    print(f"\n{text}\n{time.monotonic() - started:,.0f} seconds")
    raise SystemExit(0 if is_reached else 1)


if __name__ == "__main__":
    main()
