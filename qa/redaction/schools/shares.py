"""Shares by school: in steps of five percent, for schools with 50 or more, or not at all.

A reader knows the district's exact numbers (records, and how many have a value), which schools have 50 or
more, and each one's step; no school's size is published. Every school must keep ten possible numbers of
records with a value, and of records without one, for some sizes that fit (or a number under ten that may be
zero). Where one does not, the field is shown of no school.

What this does not cover: a reader who knows the schools' sizes from elsewhere, and several fields together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from district.endpoints import SMALLEST_COUNT

SMALLEST_GROUP = 50
STEP, LAST_STEP = 5, 95
_ROUNDING = 1e-9  # 0.05 * 60 is a little more than 3
_OPEN = 1e-6  # a step ends below the next one


@dataclass(frozen=True)
class Cell:
    """What a reader knows of one school.

    Attributes:
        least: the smallest share of its records with a value.
        most: the largest.
        smallest: the fewest records that it can have.
        largest: the most; None where only the district's number limits it.
    """

    least: float
    most: float
    smallest: int
    largest: int | None

    @classmethod
    def of(cls, step: int | None) -> Cell:
        """What a step says; None stands for a school with fewer than 50 records."""
        if step is None:
            return cls(0, 1, 0, SMALLEST_GROUP - 1)
        most = 1 if step == LAST_STEP else (step + STEP) / 100 - _OPEN
        return cls(step / 100, most, SMALLEST_GROUP, None)

    def without(self) -> Cell:
        """The same of the records without a value."""
        return Cell(1 - self.most, 1 - self.least, self.smallest, self.largest)


def step_of(filled: int, total: int) -> int:
    """The lower end of a share's step, in percent: 90 for 90 to 94.9, 95 for 95 to 100."""
    return min(100 * filled // total // STEP * STEP, LAST_STEP)


def steps_shown(schools: Mapping[str, tuple[int, int]], large: Collection[str]) -> dict[str, int]:
    """The step of every large school, or nothing where a number could be worked out.

    Args:
        schools: by school: its records with a value, all its records. Every school of the district is there.
        large: those that had 50 or more records when that was decided last (qa.redaction.schools.renewal).
    """
    steps = {
        school: step_of(filled, total) if school in large else None
        for school, (filled, total) in schools.items()
    }
    filled = sum(number for number, _ in schools.values())
    total = sum(number for _, number in schools.values())
    shown = {school: step for school, step in steps.items() if step is not None}
    return shown if len(steps) > 1 and not _gives_away(tuple(steps.values()), filled, total) else {}


# A run's document is made twice, as shown and with the numbers of few people: its shares are the same.
@lru_cache(maxsize=128)
def _gives_away(steps: tuple[int | None, ...], filled: int, total: int) -> bool:
    """Whether a number of any school can be worked out."""
    return bool(narrowed(steps, filled, total))


def narrowed(steps: Sequence[int | None], filled: int, total: int) -> list[int]:
    """The places of the schools whose numbers can be worked out: fewer than ten are possible.

    Args:
        steps: of each school; None where it has fewer than 50 records.
        filled: the district's records with a value.
        total: all its records.
    """
    cells = [Cell.of(step) for step in steps]
    alike: dict[int | None, bool] = {}  # schools with the same step are in the same position
    for place, step in enumerate(steps):
        if step not in alike:
            others = [*cells[:place], *cells[place + 1 :]]
            alike[step] = _keeps_ten(_ranges(cells[place], others, filled, total)) and _keeps_ten(
                _ranges(cells[place].without(), [cell.without() for cell in others], total - filled, total)
            )
    return [place for place, step in enumerate(steps) if not alike[step]]


def _ranges(one: Cell, others: Sequence[Cell], number: int, total: int) -> Iterator[tuple[int, int]]:
    """For each size of a school: the least and the most that it may have of a district's number."""
    bounds = _Bounds(others)
    for size in range(one.smallest, (total if one.largest is None else min(one.largest, total)) + 1):
        if not bounds.fit(total - size):
            continue
        fewest, most = bounds.of(total - size)
        low = max(ceil(one.least * size - _ROUNDING), number - floor(most + _ROUNDING), 0)
        high = min(floor(one.most * size + _ROUNDING), number - ceil(fewest - _ROUNDING), size)
        if low <= high:
            yield low, high


class _Bounds:
    """How many records with a value some schools may have together, by the number of all their records."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._smallest = sum(cell.smallest for cell in cells)
        has_limit = all(cell.largest is not None for cell in cells)
        self._largest = sum(cell.largest or 0 for cell in cells) if has_limit else None
        self._fewest = _Spread(sorted(cells, key=lambda cell: cell.least), lambda cell: cell.least)
        self._most = _Spread(sorted(cells, key=lambda cell: -cell.most), lambda cell: cell.most)

    def fit(self, total: int) -> bool:
        """Whether they can have so many records."""
        return total >= self._smallest and (self._largest is None or total <= self._largest)

    def of(self, total: int) -> tuple[float, float]:
        """The least and the most of them with a value."""
        free = total - self._smallest
        return self._fewest.of(free), self._most.of(free)


class _Spread:
    """Fills schools with records in the order that is given, up to what each can have."""

    def __init__(self, cells: Iterable[Cell], share: Callable[[Cell], float]) -> None:
        cells = [*cells]
        self._base = sum(share(cell) * cell.smallest for cell in cells)
        self._pieces: list[tuple[float, int | None]] = []
        for cell in cells:
            self._pieces.append((share(cell), None if cell.largest is None else cell.largest - cell.smallest))
            if cell.largest is None:  # takes all that is left
                break

    def of(self, free: int) -> float:
        """The sum with so many records more than the fewest."""
        found = self._base
        for share, room in self._pieces:
            taken = free if room is None else min(free, room)
            found += share * taken
            free -= taken
        return found


def _keeps_ten(ranges: Iterator[tuple[int, int]]) -> bool:
    """Whether ten numbers are possible, or only numbers under ten with zero among them."""
    possible: set[int] = set()
    for low, high in ranges:
        possible.update(range(low, min(high, low + SMALLEST_COUNT) + 1))
        if len(possible) >= SMALLEST_COUNT:
            return True
    return 0 in possible and max(possible) < SMALLEST_COUNT
