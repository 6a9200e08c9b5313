"""The school with most of the records: every distribution of small districts, as a reader would try them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from qa.redaction.schools.bands import bands_shown
from qa.redaction.schools.most import may_name_most, school_with_most
from tests.qa.test_by_school import distributions, is_vague


@pytest.mark.parametrize(("schools", "largest"), [(2, 160), (3, 90), (4, 44), (5, 30)])
def test_named_or_not_each_school_keeps_ten_possible_values(schools, largest):
    for total in range(largest + 1):
        seen: defaultdict[tuple, list[set[int]]] = defaultdict(lambda: [set() for _ in range(schools)])
        for counts in distributions(total, schools):
            records = {f"{n}": count for n, count in enumerate(counts)}
            bands = bands_shown(records, schools)
            is_named = not bands and may_name_most(total, schools)
            named = school_with_most(records, total) if is_named else None
            for values, count in zip(seen[named, tuple(sorted(bands.items()))], counts, strict=True):
                values.add(count)
        for shown, possible in seen.items():
            assert all(map(is_vague, possible)), (total, shown, possible)


@pytest.mark.parametrize("schools", [2, 3, 5, 8, 30, 80])
@pytest.mark.parametrize("floor", [None, 10, 50])
def test_in_large_losses_the_school_can_nearly_always_be_named(schools, floor):
    """Not at 529 in 30 schools, for example: the bands would leave 269, so each would have 8 or 9 ones."""
    assert sum(may_name_most(total, schools, floor) for total in range(300, 900)) > 570
    assert schools != 30 or not may_name_most(529, schools, floor)


def test_a_district_with_one_school_names_none():
    assert not may_name_most(900, 1)


def test_half_is_enough_and_less_is_not():
    assert school_with_most({"2": 50, "1": 50}, 100) == "1"
    assert school_with_most({"1": 49, "2": 48}, 100) is None
    assert school_with_most({}, 0) is None
