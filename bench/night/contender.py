"""One measurement: `python -m bench.night.contender NAME DISTRICTS DLT_PYTHON` prints it as JSON.

In a process of its own, so that memory is counted from zero.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.night.by_hand import ByHand
from bench.night.fleet import Fleet, sample_server
from bench.night.usage import adopt_orphans, measure

PRODUCT, ONE_BY_ONE, BY_HAND = "night --all", "xargs -P2 night D", "by hand"


def main() -> None:
    """Run every district once, then measure."""
    contender, districts, dlt_python = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-night-") as scratch, sample_server() as server:
        fleet = Fleet.make(Path(scratch) / "fleet", districts, server)
        fleet.night_of_all()
        by_hand = ByHand(fleet, server, Path(dlt_python) if dlt_python else None)
        if contender == BY_HAND:
            by_hand.prepare()
        work: dict[str, Callable[[], None]] = {
            PRODUCT: fleet.night_of_all,
            ONE_BY_ONE: fleet.nights_one_by_one,
            BY_HAND: by_hand.run,
        }
        usage = measure(work[contender])
    each = {name: cpu / districts for name, cpu in by_hand.cpu.items()}
    print(json.dumps({"usage": asdict(usage), "by_command": each}))


if __name__ == "__main__":
    main()
