"""A run that was killed or lost its power: what readers saw then, and how the next run ended."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.crash.next_night import next_night
from bench.crash.nights import DISTRICT, District, Seconds
from bench.crash.reader import look, polling
from bench.crash.recording import Moment, record
from district.folder import DistrictFolder

# Of a run of the random part; one of them is followed by a nightly run.
MOMENTS_OF_A_RUN = 20


@dataclass(frozen=True)
class Kill:
    """A killed run.

    Attributes:
        how: in which way.
        step: of the nightly run.
        change: what it was about to do; empty where that is not known.
        seen: what was wrong with what readers saw; empty where it was one complete run.
        then: what was wrong with the next run, which nobody helped; None where no run followed.
    """

    how: str
    step: str
    change: str
    seen: tuple[str, ...]
    then: tuple[str, ...] | None

    @property
    def is_right(self) -> bool:
        """Nothing was wrong."""
        return not self.seen and not self.then


def at_every_change(district: District, moments: Sequence[Moment], *, runs: int) -> Iterator[Kill]:
    """What a kill leaves at each moment of a recorded run.

    Args:
        district: the recorded one.
        moments: of the run.
        runs: how many of the moments a nightly run follows, spread over all of them.
    """
    step = max(1, len(moments) // runs) if runs else len(moments) + 1
    for number, moment in enumerate(reversed(moments)):
        seen = look(DistrictFolder.of(moment.killed, DISTRICT), alone=True).faults
        then = None
        if runs and number % step == 0:
            then = _next_night(district, moment)
        yield Kill("killed", moment.step, moment.change, seen, then)


def at_random_moments(district: District, seconds: Seconds, moments: int, seed: int) -> Iterator[Kill]:
    """What a kill leaves at random moments of whole runs; the first day's run is published already.

    Some moments of each run are kept. After a kill at one of them, the next run must be as it should be.

    Args:
        district: the first day's run of it is published.
        seconds: how long the steps of a run take.
        moments: how many, in all.
        seed: of the choice of moments.
    """
    chance = random.Random(seed)
    while moments > 0:
        day = 1 - district.day_of[district.published_run() or ""]
        times = [chance.uniform(0, sum(seconds.values())) for _ in range(min(moments, MOMENTS_OF_A_RUN))]
        with polling(district) as polled:
            found = record(district, day, changes=False, at=times)
            yield Kill("nobody; a reader polled", "any", "", polled(), None)
        moments -= len(found)
        followed = chance.choice(found) if found else None
        for moment in found:
            seen = look(DistrictFolder.of(moment.killed, DISTRICT), alone=True).faults
            then = _next_night(district, moment) if moment is followed else None
            yield Kill("killed at random", moment.step, moment.change, seen, then)


def _next_night(district: District, moment: Moment) -> tuple[str, ...]:
    district.restore(moment.killed)
    district.named.clear()
    district.named.update(moment.named)
    if run_id := district.published_run():
        district.named.add(run_id)
    return next_night(district)


def without_power(moments: Sequence[Moment]) -> Iterator[Kill]:
    """What a power failure may leave at each moment of a recorded run."""
    for moment in moments:
        for case, data in moment.without_power.items():
            seen = look(DistrictFolder.of(data, DISTRICT), alone=True).faults
            yield Kill(f"power failure, {case}", moment.step, moment.change, seen, None)
