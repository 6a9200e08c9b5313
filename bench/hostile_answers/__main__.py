"""`python -m bench.hostile_answers`: what a pull makes of each answer of a bad server, and at what cost.

With `--json-suite FOLDER` it reads the files of JSONTestSuite (its folder test_parsing) instead.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench.hostile_answers.catalog import ANSWERS, Answer
from bench.hostile_answers.json_suite import measure
from sandbox import Sandbox, generated

_PAGE_SIZE = 100
_LONGEST_SECONDS = 300


def main() -> None:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile_answers", description=__doc__)
    parser.add_argument("--json-suite", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    options = parser.parse_args()
    if options.json_suite:
        measure(options.json_suite)
        return
    print("| answer | before | now | as wanted | peak MB | seconds |\n|---|---|---|---|---|---|")
    for answer in ANSWERS:
        if options.only in answer.name:
            result = _pull(answer)
            print(
                f"| {answer.name} | {answer.before} | {result['message']} | "
                f"{'yes' if result['outcome'] in answer.wanted else 'NO'} | "
                f"{result['peak_mb']:.0f} | {result['seconds']:.1f} |",
                flush=True,
            )


def _pull(answer: Answer) -> dict[str, str | float]:
    """Serves a district in this process, and pulls it in another one, whose memory is measured."""
    with Sandbox(generated(students=400, seed=3), faults=answer.faults) as served:
        district = served.settings("hostile", "Hostile", page_size=_PAGE_SIZE, **answer.settings)
        work = district.model_dump(mode="json", exclude_defaults=True) | {"secret": served.consumer_secret}
        ended = subprocess.run(
            [sys.executable, "-m", "bench.hostile_answers.pull", json.dumps(work)],
            capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS,
        )  # fmt: skip
    if ended.returncode:
        raise SystemExit(f"{answer.name}:\n{ended.stderr}")
    result: dict[str, str | float] = json.loads(ended.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
