"""The gate: whether tonight's load may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.contract import Check, CheckState, FailedStep, Level, Verdict

_BROKE_OFF = {
    "extract": "The night broke off while the endpoints were pulled.",
    "build": "The night broke off while the warehouse was built, so the checks could not be evaluated.",
    "integrity": "The records do not add up, so nothing was published.",
}


@dataclass(frozen=True)
class Decision:
    """The verdict and one sentence that says why."""

    verdict: Verdict
    reason: str


def decide(checks: Sequence[Check], failed_step: FailedStep | None = None) -> Decision:
    """Decide on tonight's load. A cause in the data (stopped) goes before a cause in the machinery (failed).

    Args:
        checks: tonight's checks, whatever their state.
        failed_step: the step that broke off, where one did.

    Returns:
        stopped: a stop-check or an integrity test failed. failed: a step broke off, or a stop- or error-check
        came to no end. published: otherwise.
    """

    def ended(state: CheckState, *levels: Level) -> int:
        return sum(check.state == state and check.level in levels for check in checks)

    if failed := ended("failed", "stop"):
        return Decision("stopped", _sentence(failed, "failed"))
    if failed_step == "integrity":
        return Decision("stopped", _BROKE_OFF[failed_step])
    if failed_step is not None:
        return Decision("failed", _BROKE_OFF[failed_step])
    if crashed := ended("crashed", "stop", "error"):
        return Decision("failed", _sentence(crashed, "crashed"))
    if unknown := ended("not_evaluated", "stop", "error"):
        return Decision("failed", _sentence(unknown, "could not be evaluated"))
    return Decision("published", "Every endpoint came in whole, and no check that stops a load failed.")


def _sentence(number: int, verb: str) -> str:
    checks = "A check that guards" if number == 1 else f"{number} checks that guard"
    return f"{checks} the load {verb}."
