"""Shares by school: what is shown leaves ten numbers for each school, whatever the sizes are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.redaction.schools.shares import narrowed, step_of, steps_shown


@pytest.mark.parametrize(
    ("filled", "step"), [(0, 0), (4, 0), (5, 5), (94, 90), (95, 95), (99, 95), (100, 95)]
)
def test_a_share_is_shown_in_steps_with_open_ends(filled, step):
    assert step_of(filled, 100) == step


def shown(schools):
    return steps_shown(schools, [school for school, (_, size) in schools.items() if size >= 50])


def test_an_ordinary_district_shows_every_school_of_50_or_more():
    schools = {"1": (390, 410), "2": (230, 320), "3": (49, 49), "4": (180, 180)}
    assert shown(schools) == {"1": 95, "2": 70, "4": 95}


def test_a_full_field_is_shown():
    assert shown({"1": (100, 100), "2": (60, 60)}) == {"1": 95, "2": 95}


def test_one_school_is_never_shown():
    assert shown({"1": (390, 410)}) == {}


def test_a_small_school_is_not_what_the_districts_number_leaves_over():
    """60 of 300 have none; the large school has 15 of them at most, so the small one would have 45 to 49."""
    assert shown({"1": (245, 256), "2": (0, 44)}) == {}


def test_a_step_that_only_few_records_can_explain_is_not_shown():
    """Five of the district's records are blank, and a step of 90 needs at least three of them."""
    assert shown({"1": (54, 59), "2": (300, 300)}) == {}


def possible(sizes, filled, place):
    """The numbers that one of three schools can have for one vector of sizes: brute force."""
    total = sum(sizes)
    steps = [step_of(f, s) if s >= 50 else None for f, s in zip(filled, sizes, strict=True)]
    found = set()
    for a in range(total + 1):
        for b in range(total - a + 1):
            others = (a, b, total - a - b)
            if any((one < 50) != (step is None) for one, step in zip(others, steps, strict=True)):
                continue
            ranges = [
                [x for x in range(size + 1) if step is None or step_of(x, size) == step]
                for size, step in zip(others, steps, strict=True)
            ]
            if not all(ranges):
                continue
            rest = [r for n, r in enumerate(ranges) if n != place]
            low, high = (sum(pick(r) for r in rest) for pick in (min, max))
            found.update(x for x in ranges[place] if low <= sum(filled) - x <= high)
    return found


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_shown_leaves_ten_numbers(data):
    sizes = data.draw(st.lists(st.integers(5, 90), min_size=3, max_size=3))
    filled = [size - data.draw(st.integers(0, min(size, 30))) for size in sizes]
    if not shown({f"{n}": pair for n, pair in enumerate(zip(filled, sizes, strict=True))}):
        return
    for place in range(3):
        numbers = possible(sizes, filled, place)
        assert len(numbers) >= 10 or (0 in numbers and max(numbers) <= 9), (sizes, filled, place)


def test_a_planted_step_is_found():
    assert narrowed([95, 90], 354, 359) != []
