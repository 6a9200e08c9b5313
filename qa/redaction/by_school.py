"""Counts by school: in bands of ten, or not at all.

A reader knows the exact number of the district, the number n of schools, and this rule. A school that is
listed has b to b + 9 records, b its band; one that is not has 0 to 9. So the bands leave a rest R of the
district's number, 0 to 9 for each school, and every school keeps its whole band exactly where
9 <= R <= 9 (n - 1): one school may then have all of its nine, or none of them. Elsewhere no school is listed.
That none is listed says something, too: at 20 records in 30 schools, each would have 0, 10 or 20. So none is
listed either where the district's number is such that it would leave fewer than ten possible values.

`tests/qa/test_by_school.py` tries every distribution of small districts, `qa.audit` finished runs.

What this does not cover: a reader who knows another school's exact number from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from district.endpoints import SMALLEST_COUNT

BAND = SMALLEST_COUNT
LARGEST_REST = BAND - 1


def band_of(records: int) -> int:
    """The lower end of a number's band: 40 for 47."""
    return records // BAND * BAND


def all_bands(records: Mapping[str, int]) -> dict[str, int]:
    """The band of every school with ten or more records: for the district's own edition."""
    return {school: band_of(number) for school, number in records.items() if number >= BAND}


def bands_shown(records: Mapping[str, int], schools: int) -> dict[str, int]:
    """The band of every school with ten or more records, or nothing where a number could be worked out.

    Args:
        records: by school; schools without any may be missing. Records of no school are not among them.
        schools: how many there are that could have such records. In a district with one school, its numbers
            are the district's: none is shown by school.
    """
    total = sum(records.values())
    bands = all_bands(records)
    rest = total - sum(bands.values())
    keeps_bands = bool(bands) and LARGEST_REST <= rest <= LARGEST_REST * (schools - 1)
    return bands if keeps_bands and says_little_without(total, schools) else {}


def none_is_listed(bands: Mapping[str, int], total: int, schools: int) -> bool:
    """Whether the reader is told that no school is shown: not where none can have ten."""
    return not bands and total >= BAND and schools > 1


@cache
def says_little_without(total: int, schools: int) -> bool:
    """Whether ten or more values of each school are possible where none is listed (or that never happens)."""
    possible: set[int] = set()
    for value in _values_without(total, schools):
        possible.add(value)
        if len(possible) >= BAND:
            return True
    return not possible


def _values_without(total: int, schools: int) -> Iterator[int]:
    """What one school may have where none is listed."""
    others = LARGEST_REST * (schools - 1)
    if total <= others + LARGEST_REST:  # each has fewer than ten
        yield from range(max(0, total - others), min(total, LARGEST_REST) + 1)
    for rest in (*range(LARGEST_REST), *range(others + 1, others + BAND)):
        if rest <= total - BAND and (total - rest) % BAND == 0:
            for band in range(0, total - rest + 1, BAND):
                yield from range(band + max(0, rest - others), band + min(rest, LARGEST_REST) + 1)
