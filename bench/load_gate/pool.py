"""Runs many situations in several processes."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from bench.load_gate.catalog import BY_NAME
from bench.load_gate.runs import Outcome, base_name, build_base, run_situation
from bench.load_gate.situation import Situation
from bench.load_gate.table import row


def run_all(situations: list[Situation], folder: Path, jobs: int) -> list[tuple[Situation, Outcome]]:
    """Run situations in several processes: first the good nights that they share, then their own nights."""
    bases = {base_name(s): s for s in situations if not s.is_first}
    # New processes: a fork would share dbt's threads.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(_base, situation.name, folder) for situation in bases.values()]
        for base in made:
            if problem := base.result():
                print(f"no good night to start from: {problem}", file=sys.stderr, flush=True)
        # The long ones first: no process waits for the last one.
        order = sorted(enumerate(situations), key=lambda item: -len(item[1].nights))
        started = {
            pool.submit(_run, situation.name, folder, number): situation for number, situation in order
        }
        outcomes = {}
        for done in as_completed(started):
            situation = started[done]
            outcomes[situation.name] = done.result()
            progress = f"{len(outcomes)} of {len(situations)}"
            print(progress, row(situation, outcomes[situation.name]), file=sys.stderr, flush=True)
    return [(situation, outcomes[situation.name]) for situation in situations]


# A change is a function made by another, which no other process could receive: situations travel by name.
def _base(name: str, folder: Path) -> str | None:
    return build_base(BY_NAME[name], folder / "bases")


def _run(name: str, folder: Path, number: int) -> Outcome:
    return run_situation(BY_NAME[name], folder / "bases", folder / "runs" / str(number))
