"""The school that has most of the records, where no band is shown: at least half of the district's number.

A reader knows the district's number T, the number n of schools, which bands are withheld and why
(qa.redaction.schools.bands), and this rule. A school that is named has T/2 to T; where none is, each has less
than half. Both say something, so both must leave ten possible values to every school, or no school is named
at that T and n, whoever has most.

A limit that is exceeded at some school says that one has more than the limit's floor. Then the school with
most of the records is named only if it is the one over the limit, and the only one: so where none is named,
some school has more than the floor, and no school's number follows from that.

`tests/qa/test_most.py` tries every distribution of small districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

from qa.redaction.schools.bands import BAND, LARGEST_REST, says_little_without


def school_with_most(records: Mapping[str, int], total: int) -> str | None:
    """The school that has at least half of the district's records; the first of two halves."""
    most = max(sorted(records), key=lambda school: records[school], default=None)
    return most if most is not None and 2 * records[most] >= total > 0 else None


@cache
def may_name_most(total: int, schools: int, floor: int | None = None) -> bool:
    """Whether each school keeps ten possible values, be the one with most of the records named or not.

    Args:
        total: the district's number.
        schools: how many there are that could have such records.
        floor: of the limit that some school exceeds; None without one.
    """
    if schools < 2 or total // 2 < max(BAND, floor or 0):
        return False
    known = _Known(total, schools, floor)
    return all(map(_is_little, (known.of_named(), known.beside_named(), known.without_name())))


def _is_little(values: Iterable[int]) -> bool:
    """Whether ten numbers are possible, or numbers under ten with zero among them, or it never happens."""
    possible: set[int] = set()
    for value in values:
        possible.add(value)
        if len(possible) >= BAND:
            return True
    return not possible or (0 in possible and max(possible) < BAND)


@dataclass(frozen=True)
class _Known:
    """What a reader knows who is shown no band, with the values that a school can then have."""

    total: int
    schools: int
    floor: int | None

    @cached_property
    def rests(self) -> list[int]:
        """What bands would leave of the district's number, where they are not shown."""
        most = min(self.total, LARGEST_REST * self.schools)
        rests = [rest for rest in range(most + 1) if (self.total - rest) % BAND == 0]
        if not says_little_without(self.total, self.schools):
            return rests
        shown = range(LARGEST_REST, LARGEST_REST * (self.schools - 1) + 1)
        return [rest for rest in rests if rest not in shown or rest == self.total]

    def of_named(self) -> Iterator[int]:
        """What the school with more than half can have."""
        for value in range(self.total // 2 + 1, self.total + 1):
            others = min(LARGEST_REST * (self.schools - 1), self.total - value)
            if any(0 <= rest - value % BAND <= others for rest in self.rests):
                yield value

    def beside_named(self) -> Iterator[int]:
        """What another school can have beside one with more than half."""
        for value in range((self.total - 1) // 2 + 1):
            if any(self._leaves_most(value, rest, ones) for rest, ones in product(self.rests, range(BAND))):
                yield value

    def without_name(self) -> Iterator[int]:
        """What a school can have where each has less than half.

        Of two schools, one always has half: none is named only where the other is over a limit, too.
        """
        if self.schools == 2:
            yield from () if self.floor is None else range(self.floor + 1, self.total - self.floor)
            return
        for value in range((self.total - 1) // 2 + 1):
            if any(self._leaves_no_half(value, rest) for rest in self.rests):
                yield value

    def _leaves_most(self, value: int, rest: int, ones: int) -> bool:
        """Whether a second school, with these ones and all the tens that are left, has more than half."""
        left = rest - value % BAND - ones
        tens = (self.total - rest) // BAND - value // BAND
        fits = tens >= 0 and 0 <= left <= LARGEST_REST * (self.schools - 2)
        return fits and 2 * (BAND * tens + ones) > self.total

    def _leaves_no_half(self, value: int, rest: int) -> bool:
        """Whether the other schools can have what one leaves, each less than half.

        Their ones add up to what is left of the rest, their tens to what is left of the bands. A school with
        more ones than the largest number has can have one ten less.
        """
        others, ones = self.schools - 1, rest - value % BAND
        tens = (self.total - rest) // BAND - value // BAND
        if tens < 0 or not 0 <= ones <= LARGEST_REST * others:
            return False
        most_tens, most_ones = divmod((self.total - 1) // 2, BAND)
        too_many = ones - others * most_ones
        smaller = -(-too_many // (LARGEST_REST - most_ones)) if too_many > 0 else 0
        return tens <= others * most_tens - smaller and self._leaves_one_over(value, tens, most_tens)

    def _leaves_one_over(self, value: int, tens: int, most_tens: int) -> bool:
        """Whether some school can be over the limit: this one, or another with all the tens it can have."""
        return self.floor is None or max(value, BAND * min(most_tens - 1, tens)) > self.floor
