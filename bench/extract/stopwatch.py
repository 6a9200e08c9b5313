"""Runs one contender in a process: `python -m bench.extract.<module> NAME JSON` prints a line of JSON.

A contender is a generator: it prepares up to its first yield, works up to its second, and tells then how many
rows of each endpoint arrived. Timed is the work alone. The standard library only: dlt's contenders have an
environment of their own.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Work = dict[str, Any]


def run(contenders: dict[str, Callable[[Work], Iterator[dict[str, int]]]]) -> None:
    """Runs the contender that the command line names."""
    name, work = sys.argv[1], json.loads(sys.argv[2])
    steps = contenders[name](work)
    next(steps)
    wall, cpu = time.perf_counter(), time.process_time()
    next(steps)
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )
    arrived = next(steps)
    print(json.dumps({"seconds": seconds, "cpu": cpu_seconds, "peak_mb": peak, "arrived": arrived}))
