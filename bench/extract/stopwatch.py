"""Runs one contender in a process: `python -m bench.extract.<module> NAME JSON` prints a line of JSON.

A contender is a generator. It prepares before its first yield, works before its second, and finally yields
the number of rows of each endpoint. Only the work is timed. This module uses the standard library only,
because dlt's contenders have a virtual environment of their own.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Work = dict[str, Any]


def run(contenders: dict[str, Callable[[Work], Iterator[dict[str, int]]]]) -> None:
    """Run the contender named on the command line."""
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
