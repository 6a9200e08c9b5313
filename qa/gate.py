"""The gate: whether this run's load may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.contract import Check, CheckState, FailedStep, Level, Verdict

_FAILED_STEPS = {
    "extract": "The run failed while data was being pulled from the endpoints.",
    "build": "The run failed while the warehouse was being built, so the checks could not be evaluated.",
}
_PUBLISHED = "Every endpoint was received completely, and no check that blocks the load failed."
_ONE_CHECK = "One check that decides on the load {outcome}."
_SEVERAL_CHECKS = "{number} checks that decide on the load {outcome}."
_OUTCOMES: dict[CheckState, str] = {
    "failed": "failed",
    "crashed": "crashed",
    "not_evaluated": "could not be evaluated",
}
SENTENCES = (
    *_FAILED_STEPS.values(),
    _PUBLISHED,
    *(
        text.replace("{outcome}", outcome)
        for text in (_ONE_CHECK, _SEVERAL_CHECKS)
        for outcome in _OUTCOMES.values()
    ),
)


@dataclass(frozen=True)
class Decision:
    """The verdict and one sentence that says why."""

    verdict: Verdict
    reason: str


def decide(checks: Sequence[Check], failed_step: FailedStep | None = None) -> Decision:
    """Decide on this run's load. A cause in the data (stopped) outranks a failure of the run (failed).

    Args:
        checks: this run's checks, in any state.
        failed_step: the step that failed, if one did.

    Returns:
        stopped: a stop check failed. failed: a step failed, or a stop or error check has no result.
        published: otherwise.
    """

    def count(state: CheckState, *levels: Level) -> int:
        return sum(check.state == state and check.level in levels for check in checks)

    if failed := count("failed", "stop"):
        return Decision("stopped", _sentence(failed, "failed"))
    if failed_step is not None:
        return Decision("failed", _FAILED_STEPS[failed_step])
    if crashed := count("crashed", "stop", "error"):
        return Decision("failed", _sentence(crashed, "crashed"))
    if unknown := count("not_evaluated", "stop", "error"):
        return Decision("failed", _sentence(unknown, "not_evaluated"))
    return Decision("published", _PUBLISHED)


def _sentence(number: int, state: CheckState) -> str:
    text = _ONE_CHECK if number == 1 else _SEVERAL_CHECKS
    return text.format(number=number, outcome=_OUTCOMES[state])
