"""The gate: whether a run's load may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.outcomes import BY_CODE
from qa.contract import Check, Pull
from qa.contract_types import CheckState, FailedStep, Level, Verdict

_ENDED = {
    "build": "The warehouse could not be built completely, so not every check could be evaluated.",
    "integrity": "The records do not add up.",
}
_PUBLISHED = "Every endpoint is complete, and no check that blocks the load failed."
_ONE_CHECK = "One check that decides on the load {outcome}."
_SEVERAL_CHECKS = "{number} checks that decide on the load {outcome}."
_OUTCOMES: dict[CheckState, str] = {
    "failed": "failed",
    "crashed": "crashed",
    "not_evaluated": "could not be evaluated",
}
# Why a held run's verdict is what it is, once a person has decided.
DECISIONS = {
    "released": "This load exceeded a limit. A person looked at it and released it.",
    "discarded": "This load exceeded a limit. A person looked at it and discarded it.",
}
SENTENCES = (
    *_ENDED.values(),
    *DECISIONS.values(),
    _PUBLISHED,
    *(
        text.replace("{outcome}", outcome)
        for text in (_ONE_CHECK, _SEVERAL_CHECKS)
        for outcome in _OUTCOMES.values()
    ),
)
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
        checks: the run's checks, in any state.
        failed_step: the step that failed, if one did.
        pulls: how the endpoints' pulls ended.

    Returns:
        stopped: a person must act: a check that blocks the load failed, or it could not be evaluated. failed:
        every cause is transient, so running again may help. published: otherwise.
    """

    def count(state: CheckState, *levels: Level) -> int:
        return sum(check.state == state and check.level in levels for check in checks)

    if failed := count("failed", "stop"):
        is_transient = failed_step != "integrity" and _is_transient(checks, pulls)
        return Decision("failed" if is_transient else "stopped", _sentence(failed, "failed"))
    if failed_step is not None:
        return Decision("stopped", _ENDED[failed_step])
    if crashed := count("crashed", "stop", "hold", "error"):
        return Decision("stopped", _sentence(crashed, "crashed"))
    if unknown := count("not_evaluated", "stop", "error"):
        return Decision("stopped", _sentence(unknown, "not_evaluated"))
    if held := count("failed", "hold"):
        return Decision("held", _sentence(held, "failed"))
    return Decision("published", _PUBLISHED)


def _is_transient(checks: Sequence[Check], pulls: Sequence[Pull]) -> bool:
    """Whether all that blocks the load is what happened to pulls, and that may be over next time."""
    failed = {check.id for check in checks if check.state == "failed" and check.level == "stop"}
    bad = [pull for pull in pulls if pull.state != "complete"]
    return failed <= _OF_PULLS and bool(bad) and all(BY_CODE[pull.outcome].transient for pull in bad)


def _sentence(number: int, state: CheckState) -> str:
    text = _ONE_CHECK if number == 1 else _SEVERAL_CHECKS
    return text.format(number=number, outcome=_OUTCOMES[state])
