"""`python -m bench.analyst`: an analyst's questions, each with its line and the seconds until it is answered.

The district is generated, with 14 nights. A line is timed until its answer can be read on the screen: what a
notebook shows of it is made, too. Goal: 2 seconds each at 100,000 students.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from IPython.core.formatters import DisplayFormatter

from bench.analyst.district import KEY, make_district
from qa.analyst import District
from qa.analyst.questions import QUESTIONS

REPEATS = 3
GOAL_SECONDS = 2.0


def seconds(d: District, line: str) -> float:
    """The shortest of several times: what else the machine does only adds to it."""
    shown = DisplayFormatter()
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        shown.format(eval(line, {"d": d}))
        taken.append(time.perf_counter() - began)
    return min(taken)


def main() -> None:
    """Make the district, ask each question, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.analyst", description=__doc__)
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the district is made, and found the next time")
    parser.add_argument("--only", default="", help="lines that have this in them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = (options.folder or Path(scratch)).resolve()
        make_district(data, options.students)
        d = District(KEY, data)
        slow = 0
        print("| question | line | s |\n|---|---|---:|")
        for question, line in zip(QUESTIONS, d.questions()["line"], strict=True):
            if options.only in line:
                taken = seconds(d, line)
                slow += taken > GOAL_SECONDS
                print(f"| {question.words} | `{question.example}` | {taken:.2f} |", flush=True)
    print(f"\n{slow} of these take more than {GOAL_SECONDS:.0f} seconds.")


if __name__ == "__main__":
    main()
