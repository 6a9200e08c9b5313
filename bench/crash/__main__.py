"""`python -m bench.crash`: whenever a nightly run is killed, do readers see one complete run?

Kills a run at every change of the file system from the check step on, and runs at random moments; drops what
was not synced, as a power failure may. After a kill, the next nightly run must be as if there had been none.
Ends with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.crash.experiments import at_random, killed, recorded
from bench.crash.kills import Kill
from bench.crash.table import HEADER, rows, summary

EVERY_RUN = 10_000


def shares(kills: int, jobs: int) -> Iterator[int]:
    """How many of the random moments each job takes."""
    for job in range(jobs):
        yield kills // jobs + (job < kills % jobs)


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    parser.add_argument("--next", type=int, default=EVERY_RUN, metavar="N",
                        help="a nightly run after N of the kills at a change only")  # fmt: skip
    parser.add_argument("--random", type=int, default=200, metavar="N", help="kills at random moments")
    parser.add_argument("--killed", type=int, default=20, metavar="N", help="runs that are really killed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=12)
    options = parser.parse_args()
    started = time.monotonic()
    kills: list[Kill] = []
    # "spawn": the runs are forks of a process, which must not inherit another one's threads.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        parts = [
            *(
                pool.submit(at_random, share, options.seed + job)
                for job, share in enumerate(shares(options.random, options.jobs))
                if share
            ),
            *([pool.submit(killed, options.killed, options.seed)] if options.killed else []),
            pool.submit(recorded, runs=options.next),
        ]
        for part in parts:
            kills += part.result()
    print(HEADER)
    print("\n".join(rows(kills)))
    print(f"\n{summary(kills)}\n{time.monotonic() - started:,.0f} seconds")
    raise SystemExit(0 if all(kill.is_right for kill in kills) else 1)


if __name__ == "__main__":
    main()
