"""The gate publishes only what is known to be whole."""

from __future__ import annotations

import pytest

from qa.contract import Check
from qa.gate import decide


def check(level: str, state: str) -> Check:
    return Check.model_validate(
        {
            "id": "students__student_id__required", "level": level, "state": state, "failed": 0, "total": 0,
            "title": "A title", "population": "students", "owner": "plus360 operator", "trend": [None] * 14,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("level", "state", "verdict"),
    [
        ("stop", "passed", "published"),
        ("stop", "failed", "stopped"),
        ("stop", "crashed", "failed"),
        ("stop", "not_evaluated", "failed"),
        ("error", "failed", "published"),
        ("error", "crashed", "failed"),
        ("error", "not_evaluated", "failed"),
        ("warn", "not_evaluated", "published"),
        ("warn", "failed", "published"),
        ("warn", "crashed", "published"),
    ],
)
def test_one_check_beside_passing_ones(level, state, verdict):
    assert decide([check("stop", "passed"), check(level, state)]).verdict == verdict


def test_a_step_that_broke_off_fails_the_night():
    assert decide([check("stop", "passed")], failed_step="build").verdict == "failed"


def test_a_stop_in_the_data_goes_before_a_step_that_broke_off():
    assert decide([check("stop", "failed")], failed_step="build").verdict == "stopped"
