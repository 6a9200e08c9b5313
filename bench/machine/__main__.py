"""Breaks a machine in every way we know, and prints what the operator sees."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.machine.catalog import FAILURES, Failure
from bench.machine.scene import DISTRICT, Scene, Seen
from sandbox import Sandbox, generated


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.machine", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[""], help="failures whose name or step has such a word")
    parser.add_argument("--list", action="store_true", help="name them, and run nothing")
    parser.add_argument("--students", type=int, default=60)
    options = parser.parse_args()
    chosen = [
        failure
        for failure in FAILURES
        if any(word in f"{failure.name}, {failure.step}" for word in options.only)
    ]
    if options.list:
        print("\n".join(f"{failure.name}, {failure.step}" for failure in chosen))
        return 0
    print(
        "| failure | at | printed | night.json | index | exit code | |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    bad = 0
    # Not in the folder for temporary files: some failures take that one away.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        Path(folder).chmod(0o755)
        with Sandbox(generated(students=options.students, seed=1)) as box:
            scene = Scene(Path(folder), box)
            for failure in chosen:
                seen = failure.run(scene)
                faults = seen.faults
                if seen.exit_code not in failure.exit_codes:
                    faults.append(f"exit code {seen.exit_code}")
                bad += bool(faults)
                print(_row(failure, seen, faults), flush=True)
    return 1 if bad else 0


def _row(failure: Failure, seen: Seen, faults: list[str]) -> str:
    cells = (
        failure.name,
        failure.step,
        "; ".join(_told(seen.printed)) or "nothing",
        seen.night_json,
        seen.index,
        str(seen.exit_code),
        "wrong: " + "; ".join(faults) if faults else "",
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _told(printed: list[str]) -> list[str]:
    """Without the progress of the steps and what every run prints."""
    usual = ("getting ready", "all districts  ", "  report  ", f"{DISTRICT}  ")
    lines = [line for line in printed if line.strip() and not line.startswith(usual)]
    return [line.strip() for line in lines if not (line[:2].isdigit() and line[2:3] == ":")]


if __name__ == "__main__":
    raise SystemExit(main())
