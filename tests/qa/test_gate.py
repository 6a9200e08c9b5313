"""The gate publishes only what is known to be complete."""

from __future__ import annotations

import pytest

from extract.outcomes import BY_CODE
from qa.contract import Check, Pull
from qa.verdict.gate import decide


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
        ("stop", "crashed", "stopped"),
        ("stop", "not_evaluated", "stopped"),
        ("hold", "passed", "published"),
        ("hold", "failed", "held"),
        ("hold", "crashed", "stopped"),
        ("error", "failed", "published"),
        ("error", "crashed", "stopped"),
        ("error", "not_evaluated", "stopped"),
        ("warn", "not_evaluated", "published"),
        ("warn", "failed", "published"),
        ("warn", "crashed", "published"),
    ],
)
def test_one_check_beside_passing_ones(level, state, verdict):
    assert decide([check("stop", "passed"), check(level, state)]).verdict == verdict


def test_a_warehouse_that_could_not_be_built_needs_a_person():
    assert decide([check("stop", "passed")], failed_step="build").verdict == "stopped"


def pull(outcome: str) -> Pull:
    state = BY_CODE[outcome].state
    return Pull.model_validate(
        {
            "endpoint": "Student", "subscription": "Get eSchoolPLUS/Student (v1)", "state": state,
            "rows": 0, "pages": 0, "reported_total": None, "http_status": None, "seconds": 0.0, "retries": 0,
            "passes": 1, "stripped_labels": [], "outcome": outcome, "answer": "An answer",
            "answer_detail": None, "last_complete": None,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (["complete", "server_error"], "failed"),
        (["host_not_found", "host_not_found"], "failed"),
        (["server_error", "not_subscribed"], "stopped"),
        (["credentials_refused"], "stopped"),
    ],
)
def test_it_failed_where_every_cause_may_be_over_next_time_and_else_it_stopped(outcomes, verdict):
    endpoints = check("stop", "failed").model_copy(update={"id": "pull__endpoints__complete"})
    pulls = [pull(outcome) for outcome in outcomes]
    assert decide([endpoints], pulls=pulls).verdict == verdict
    assert decide([endpoints, check("stop", "failed")], pulls=pulls).verdict == "stopped"
