"""Checks of a field that is empty in every record: nothing was looked at, so nothing passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.check_results import CheckResult


def not_evaluated_without_values(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results; of a field that no record fills, the other checks are not evaluated.

    Where no student was received with a birth date, none has an implausible one: that proves nothing, and
    what failed the night before is not resolved. It says nothing against the load either.
    """
    empty = {
        _field_of(result)
        for result in results
        if result.check_id.endswith("__required") and 0 < result.total == result.failed
    }
    return [
        replace(result, state="not_evaluated", without_records=True)
        if result.state == "passed" and _field_of(result) in empty
        else result
        for result in results
    ]


def _field_of(result: CheckResult) -> str:
    """The table and field that a check is about, as its id begins."""
    return result.check_id.rpartition("__")[0]
