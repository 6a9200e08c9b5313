"""`python -m bench.cluster`: many tiny districts on a Dask cluster of two workers; does the scheduler grow?

A district has no secret here, so its run is stopped before it pulls: what is left is what a cluster adds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.cluster.dask_processes import Cluster, cluster, environment_of
from district.settings import DistrictSettings
from night.events import NightEvent
from night.fleet.cluster import run_on_cluster
from night.machine.interruption import Interruption

WORKERS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.cluster", description=__doc__)
    parser.add_argument("--districts", type=int, default=1_000)
    number = parser.parse_args().districts
    districts = [tiny(f"tiny-{count:05}") for count in range(number)]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with cluster(Path(folder), environment_of({}), workers=WORKERS) as its:
            show = Show(its, number)
            with Interruption() as interruption:
                results = run_on_cluster(
                    its.address, districts, data=data, listen=show.listen, interruption=interruption
                )
            print(dict(Counter(result.verdict for result in results.values())))


def tiny(key: str) -> DistrictSettings:
    """A district with as much in its settings as a real one, and without a secret."""
    return DistrictSettings(
        key=key,
        name=f"{key} Schools",
        base_url=f"https://hac.{key}.example/plus360api/v1/abc/",
        consumer_key="OneRoster_ABC_123",
        time_zone="America/Chicago",
        grades=[f"{grade:02}" for grade in range(1, 13)],
        relations={code: f"Relation {code}" for code in "ABCDEFGHIJKLMNOP"},
        phone_types={code: f"Phone type {code}" for code in "ABCDEFGH"},
    )


class Show:
    """Prints what the processes need, as districts end."""

    def __init__(self, its: Cluster, number: int) -> None:
        self._its, self._ended, self._began = its, 0, time.monotonic()
        self._at = {1, 100, number // 4, number // 2, number * 3 // 4, number}
        print(f"{'districts':>9}  {'seconds':>7}  {'scheduler MB':>12}  {'command MB':>10}  worker MB")

    def listen(self, event: NightEvent) -> None:
        self._ended += event.kind == "result"
        if self._ended in self._at:
            self._at.discard(self._ended)
            workers = " ".join(f"{megabytes(worker.pid):.0f}" for worker in self._its.workers)
            print(
                f"{self._ended:>9}  {time.monotonic() - self._began:>7.1f}  "
                f"{megabytes(self._its.scheduler.pid):>12.1f}  {megabytes(os.getpid()):>10.1f}  {workers}"
            )


def megabytes(pid: int) -> float:
    """The memory that a process has now."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1]) / 1024


main()
