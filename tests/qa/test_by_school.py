"""Counts by school: every distribution of small districts is tried, as a reader who knows the rule would."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.load.contract import Effects
from qa.load.effects import HoldRow, LoadRows, SchoolRow
from qa.load.redact import load_parts
from qa.redaction.schools.bands import bands_shown, none_is_listed
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import small_populations
from tests.qa.conftest import TONIGHT, run_id_of
from tests.qa.simulated_schools import NumbersForCodes


def is_vague(values: set[int]) -> bool:
    """Ten possible values, or a number under ten that may be zero."""
    return len(values) >= 10 or (0 in values and max(values) <= 9)


def distributions(total: int, schools: int):
    for counts in product(range(total + 1), repeat=schools - 1):
        if sum(counts) <= total:
            yield (*counts, total - sum(counts))


@pytest.mark.parametrize(("schools", "largest"), [(2, 140), (3, 75), (4, 38)])
def test_whatever_is_shown_each_school_keeps_ten_possible_values(schools, largest):
    for total in range(largest + 1):
        seen: defaultdict[tuple, list[set[int]]] = defaultdict(lambda: [set() for _ in range(schools)])
        for counts in distributions(total, schools):
            bands = bands_shown({f"{n}": count for n, count in enumerate(counts)}, schools)
            for values, count in zip(seen[tuple(sorted(bands.items()))], counts, strict=True):
                values.add(count)
        for shown, possible in seen.items():
            assert all(map(is_vague, possible)), (total, shown, possible)


@pytest.mark.parametrize(("schools", "largest"), [(2, 60), (3, 32)])
def test_whatever_a_limit_says_each_school_keeps_ten_possible_values(schools, largest):
    """Any school with more than ten deleted guardians may be over the limit: its size is not known."""
    seen: defaultdict[tuple, list[set[int]]] = defaultdict(lambda: [set() for _ in range(schools)])
    for total in range(11, largest + 1):
        for counts in distributions(total, schools):
            able = [f"{n}" for n, count in enumerate(counts) if count > 10]
            for over in (one for size in range(len(able) + 1) for one in combinations(able, size)):
                for values, count in zip(seen[what_is_shown(counts, over)], counts, strict=True):
                    values.add(count)
    for shown, possible in seen.items():
        assert all(map(is_vague, possible)), (shown, possible)


def what_is_shown(counts: tuple[int, ...], over: tuple[str, ...]) -> tuple:
    """The number of deleted guardians, the bands by school, the school with most, the limits."""
    numbers = dict.fromkeys(Effects.model_fields, 0) | {"before": 900, "now": 900}
    totals = {"students.csv": numbers, "guardians.csv": numbers | {"delete": sum(counts)}}
    rows = [SchoolRow("guardians.csv", f"{n}", "delete", count) for n, count in enumerate(counts) if count]
    holds = [
        HoldRow("load__schools__concentrated", "deleted", f"school:{school}", 11, 20, 0.5, 0.3, 10, "hold")
        for school in over
    ]
    loaded = LoadRows(totals, rows, dict.fromkeys(totals, len(counts)), [], holds, [])
    small = small_populations([], {}, {}, loaded, has_baseline=True)
    codes: Any = NumbersForCodes()
    load, by_school, _ = load_parts(loaded, None, codes, small, Renewal(None, run_id_of(TONIGHT)))
    assert load.guardians is not None
    bands = tuple((one.school, one.records_from) for one in by_school)
    most = tuple(one.school for one in load.most_at)
    return load.guardians.delete, bands, most, tuple((one.scope, one.n_from) for one in load.holds)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=40))
def test_a_listed_school_keeps_its_whole_band(counts):
    bands = bands_shown({f"{n}": count for n, count in enumerate(counts)}, len(counts))
    rest = sum(counts) - sum(bands.values())
    for n, count in enumerate(counts):
        if not bands:
            continue
        # Any value of the band, the others sharing what is left of the district's number.
        assert bands.get(f"{n}", 0) <= count <= bands.get(f"{n}", 0) + 9
        assert all(0 <= rest - more <= 9 * (len(counts) - 1) for more in range(10))


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=8, max_size=40))
def test_ordinary_districts_see_their_schools(counts):
    """With many schools of various sizes the rest is nearly always in the middle."""
    records = {f"{n}": count for n, count in enumerate(counts)}
    rest = sum(count % 10 if count >= 10 else count for count in counts)
    has_ten = max(counts) >= 10
    if has_ten and 9 <= rest <= 9 * (len(counts) - 1) and sum(counts) > 90:
        assert bands_shown(records, len(counts))


def test_one_school_is_never_shown():
    assert bands_shown({"1": 419}, 1) == {}
    assert not none_is_listed({}, 419, 1)
    assert none_is_listed({}, 412, 2)
    assert not none_is_listed({}, 9, 2)
