"""The gate: whether tonight's load may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.outcomes import BY_CODE
from qa.contract import Check, CheckState, FailedStep, Level, Pull, Verdict

_ENDED = {
    "extract": "The run ended while the endpoints were pulled.",
    "build": "The warehouse could not be built completely, so not every check could be evaluated.",
}
# The checks whose only cause can be transient: what happened to the pulls.
_OF_PULLS = {"pull__endpoints__complete", "pull__rows__reconciled"}


@dataclass(frozen=True)
class Decision:
    """The verdict and one sentence that says why."""

    verdict: Verdict
    reason: str


def decide(
    checks: Sequence[Check], failed_step: FailedStep | None = None, pulls: Sequence[Pull] = ()
) -> Decision:
    """Decide on a run's load.

    Args:
        checks: the run's checks, whatever their state.
        failed_step: the step that did not end well, where one did not.
        pulls: how the endpoints' pulls ended.

    Returns:
        stopped: a person must act: a check that blocks the load failed, or it could not be evaluated. failed:
        every cause is transient, so running again may help. published: otherwise.
    """

    def ended(state: CheckState, *levels: Level) -> int:
        return sum(check.state == state and check.level in levels for check in checks)

    if failed := ended("failed", "stop"):
        return Decision("failed" if _is_transient(checks, pulls) else "stopped", _sentence(failed, "failed"))
    if failed_step is not None:
        return Decision("stopped", _ENDED[failed_step])
    if crashed := ended("crashed", "stop", "error"):
        return Decision("stopped", _sentence(crashed, "crashed"))
    if unknown := ended("not_evaluated", "stop", "error"):
        return Decision("stopped", _sentence(unknown, "could not be evaluated"))
    return Decision("published", "Every endpoint is complete, and nothing blocks the load.")


def _is_transient(checks: Sequence[Check], pulls: Sequence[Pull]) -> bool:
    """Whether all that blocks the load is what happened to pulls, and that may be over next time."""
    failed = {check.id for check in checks if check.state == "failed" and check.level == "stop"}
    bad = [pull for pull in pulls if pull.state != "complete"]
    return failed <= _OF_PULLS and bool(bad) and all(BY_CODE[pull.outcome].transient for pull in bad)


def _sentence(number: int, verb: str) -> str:
    checks = "A check that guards" if number == 1 else f"{number} checks that guard"
    return f"{checks} the load {verb}."
