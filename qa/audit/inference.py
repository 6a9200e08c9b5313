"""What a reader can work out of a school's number: bounds of each school, and the district's exact number.

The reasoning is exact for one quantity (a box and one sum; for shares also every size of a school). It does
not combine quantities, except where a limit adds some of one school: different findings and fields count
different records.

What two runs say together is in qa.audit.runs. A number that is shown as an earlier run had it is looked at
in that run.

Nor does it reason from what is not said: that no band is shown, or no school named, is part of the rules in
qa.redaction.schools, whose tests try every distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from district.endpoints import SMALLEST_COUNT
from qa.redaction.schools.bands import LARGEST_REST

UNLISTED = "another school"


@dataclass(frozen=True)
class Possible:
    """What one school's number can be.

    Attributes:
        low: the smallest number.
        high: the largest; None where nothing limits it.
    """

    low: int
    high: int | None

    def __and__(self, other: Possible) -> Possible:
        highs = [high for high in (self.high, other.high) if high is not None]
        return Possible(max(self.low, other.low), min(highs, default=None))

    @property
    def values(self) -> int | None:
        """How many numbers are possible; None without a limit."""
        return None if self.high is None else self.high - self.low + 1

    @property
    def is_vague(self) -> bool:
        """Whether ten numbers are possible, or only numbers under ten with zero among them."""
        if self.high is None or self.high - self.low + 1 >= SMALLEST_COUNT:
            return True
        return self.low == 0 and 0 <= self.high < SMALLEST_COUNT


@dataclass
class Quantity:
    """Something that is counted by school in one run.

    Attributes:
        total: the district's number; None where it is not shown.
        schools: how many have such records, or could.
        has_rest: whether there may be records of no school in the total.
        shown: what is known of each school that is named.
        lists: whether schools with ten or more are listed: then one that is not has fewer.
    """

    total: int | None
    schools: int
    has_rest: bool = False
    shown: dict[str, Possible] = field(default_factory=dict)
    lists: bool = False

    def learn(self, school: str, possible: Possible) -> None:
        """Add what is known of a school."""
        self.shown[school] = self.shown.get(school, Possible(0, None)) & possible

    def possible(self) -> dict[str, Possible]:
        """What each named school's number can be, and that of any other."""
        rest = Possible(0, LARGEST_REST if self.lists else None)
        cells = [*self.shown.values(), *[rest] * max(0, self.schools - len(self.shown))]
        found = {school: self._narrowed(place, cells) for place, school in enumerate(self.shown)}
        if len(cells) > len(self.shown) and self.schools > 1:
            found[UNLISTED] = self._narrowed(len(cells) - 1, cells)
        return found

    def exceeded_by_one(self, floor: int) -> None:
        """Some school, we don't know which, has more than a limit's floor."""
        able = [school for school, its in self.possible().items() if its.high is None or its.high > floor]
        if len(able) == 1 and able[0] != UNLISTED:
            self.learn(able[0], Possible(floor + 1, None))

    def _narrowed(self, place: int, cells: list[Possible]) -> Possible:
        """A school's bounds, given what the others leave of the district's number."""
        own = cells[place]
        if self.total is None:
            return own
        others = [cell for n, cell in enumerate(cells) if n != place]
        least = sum(cell.low for cell in others)
        highs = [cell.high for cell in others]
        most = None if self.has_rest or None in highs else sum(high or 0 for high in highs)
        low = 0 if most is None else self.total - most
        return own & Possible(low, self.total - least)


def violations(possible: Mapping[str, Possible]) -> list[str]:
    """The schools whose number can be worked out, in words."""
    return [_words(school, its) for school, its in possible.items() if not its.is_vague]


def _words(school: str, its: Possible) -> str:
    place = school if school == UNLISTED else f"school {school}"
    if its.values is not None and its.values < 1:
        return f"{place}: its numbers contradict each other"
    if its.low == its.high:
        return f"{place}: exactly {its.low}"
    return f"{place}: {its.low} to {its.high}"
