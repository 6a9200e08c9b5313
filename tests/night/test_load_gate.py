"""The gate judges the load: what would delete or overwrite people downstream is not published, a busy day is.

`python -m bench.load_gate` runs all situations, on the public sample too; these are a few of them, in a small
district.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.load_gate.catalog import BY_NAME
from bench.load_gate.runs import build_base, run_situation
from bench.load_gate.situation import Situation

SHORT = (
    "every guardian is now a contact",
    "families shifted by one student",
    "first and last names swapped",
    "a busy day in a district of 120",
)


def in_a_small_district(name: str) -> Situation:
    return replace(BY_NAME[name], district="120")


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bases")
    assert build_base(in_a_small_district(SHORT[0]), folder) is None
    return folder


@pytest.mark.parametrize("name", SHORT)
def test_a_harmful_load_is_not_published_and_an_ordinary_one_is(
    name: str, bases: Path, tmp_path: Path
) -> None:
    situation = in_a_small_district(name)
    outcome = run_situation(situation, bases, tmp_path / "run")
    assert outcome.is_right(situation), outcome
