"""A run that was killed or lost its power: what readers saw then, and how the next run ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.crash.next_night import next_night
from bench.crash.nights import DISTRICT, District
from bench.crash.reader import look
from bench.crash.recording import Moment
from district.folder import DistrictFolder


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
            district.restore(moment.killed)
            then = next_night(district)
        yield Kill("killed", moment.step, moment.change, seen, then)


def without_power(moments: Sequence[Moment]) -> Iterator[Kill]:
    """What a power failure may leave at each moment of a recorded run."""
    for moment in moments:
        for case, data in moment.without_power.items():
            seen = look(DistrictFolder.of(data, DISTRICT), alone=True).faults
            yield Kill(f"power failure, {case}", moment.step, moment.change, seen, None)
