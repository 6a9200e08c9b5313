"""The parts of the command, each in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from bench.crash.killed_runs import one_after_the_other
from bench.crash.kills import Kill, at_every_change, at_random_moments, without_power
from bench.crash.nights import district
from bench.crash.recording import record


def recorded(*, runs: int) -> list[Kill]:
    """Every change of a district's first run, and of its second.

    Args:
        runs: after how many of the second's moments there is a nightly run.
    """
    with district() as its:
        moments = record(its, 0)
        first = [*_told(without_power(moments)), *_told(at_every_change(its, moments, runs=0))]
        moments = record(its, 1)
        second = [*_told(without_power(moments)), *_told(at_every_change(its, moments, runs=runs))]
    return [*(replace(kill, how=f"first run, {kill.how}") for kill in first), *second]


def at_random(kills: int, seed: int) -> list[Kill]:
    """Random moments of whole runs."""
    with district() as its:
        seconds = its.seconds_of_steps(0)
        return [*_told(at_random_moments(its, seconds, kills, seed))]


def killed(kills: int, seed: int) -> list[Kill]:
    """Runs that are really killed."""
    with district() as its:
        seconds = its.seconds_of_steps(0)
        return [*_told(one_after_the_other(its, seconds, kills, seed))]


def _told(kills: Iterator[Kill]) -> Iterator[Kill]:
    """Tell of each as soon as it is known: all of them take long."""
    for kill in kills:
        print(kill, file=sys.stderr, flush=True)
        yield kill
