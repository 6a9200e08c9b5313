"""The checks as qa.json has them, and the hash of their definitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from qa.check_results import CheckResult
from qa.contract import Check
from qa.contract_types import NIGHTS_SHOWN
from qa.history import History


def check_of(result: CheckResult, history: History, *, is_hidden: bool) -> Check:
    """A check of a run; without its numbers where they are of few people."""
    return Check(
        id=result.check_id,
        level=result.level,
        state=result.state,
        failed=None if is_hidden else result.failed,
        total=None if is_hidden else result.total,
        title=result.title,
        population=result.population,
        owner=result.owner,
        trend=[None] * NIGHTS_SHOWN
        if is_hidden
        else history.trend(result.check_id, result.state, result.failed),
    )


def sha256_of_definitions(results: Sequence[CheckResult]) -> str | None:
    """Of what the checks say and compare, not of their results in this run."""
    if not results:
        return None
    definitions = [
        asdict(replace(result, state="passed", failed=0, total=0, without_records=False))
        for result in results
    ]
    return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()
