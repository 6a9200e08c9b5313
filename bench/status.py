"""How long `status` and `index` take over many districts: `python -m bench.status [DISTRICTS]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.night.index_by_hand import had, reported

REPEATS = 5
NIGHTS = 14
EMPTY = ("-c", "pass")


def main() -> None:
    """Make the districts, each with 14 recorded runs, and print a line for each command."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        _make(data, number)
        first = _seconds(data, "-m", "night.cli", "index", repeats=1)
        print(f"{first:6.2f} s  index of {number} districts of which no status.json is there yet")
        for words in (("status",), ("status", "--json"), ("index",)):
            seconds = _seconds(data, "-m", "night.cli", *words)
            print(f"{seconds:6.2f} s  {' '.join(words)} of {number} districts")
        print(f"{_seconds(data, *EMPTY):6.2f} s  Python alone")


def _make(data: Path, number: int) -> None:
    tables = []
    for key in (f"district-{one:04d}" for one in range(number)):
        for night in range(1, NIGHTS):
            had(data, key, "published", hours_ago=1 + 24 * night)
        reported(data, key, "published", hours_ago=1, headline="Published: nothing changed.")
        tables.append(
            f'[districts.{key}]\nname = "{key}"\nbase_url = "https://hac.example/v1/abc/"\n'
            'consumer_key = "OneRoster_ABC_1"\ntime_zone = "America/Chicago"\n'
        )
    (data / "districts.toml").write_text("\n".join(tables), encoding="utf-8")


def _seconds(data: Path, *words: str, repeats: int = REPEATS) -> float:
    """The shortest of several runs: what else the machine does only adds to it."""
    env = os.environ | {"PLUS360_DATA": str(data), "PLUS360_CONFIG": str(data / "districts.toml")}
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], env=env, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()
