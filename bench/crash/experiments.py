"""The parts of the command, each in a process of its own."""

from __future__ import annotations

from dataclasses import replace

from bench.crash.kills import Kill, at_every_change, without_power
from bench.crash.nights import district
from bench.crash.random_moments import at_random_moments
from bench.crash.recording import record


def recorded(*, runs: int, first: bool) -> list[Kill]:
    """Every change of one run.

    Args:
        runs: after how many of the kills there is a nightly run.
        first: of the district's first run instead of one with a published run before it.
    """
    with district() as its:
        if not first:
            its.night(0)
        moments = record(its, 1)
        how = "first run, " if first else ""
        found = [*without_power(moments), *map(_shown, at_every_change(its, moments, runs=runs))]
    return [replace(kill, how=how + kill.how) for kill in found]


def at_random(kills: int, seed: int) -> list[Kill]:
    """Random moments of whole runs."""
    with district() as its:
        its.night(0)
        return [_shown(kill) for kill in at_random_moments(its, kills, seed)]


def _shown(kill: Kill) -> Kill:
    if not kill.is_right:
        print(kill, flush=True)
    return kill
