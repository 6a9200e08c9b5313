"""One line for each cause: findings that fail because of another one are named there, in `also`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.check_results import Refusal
from qa.failing.contract import Finding
from qa.findings import FILES_NOT_EMPTY
from qa.load.causes import DELETIONS
from qa.load.contract import Load
from qa.load.refusals import REFUSED_PLAUSIBLE

# Where fewer are explained, there is another fault among them.
_NEARLY_ALL = 0.9
_FIRST_PLAUSIBLE = "load__first__plausible"


def one_for_each_cause(
    findings: Sequence[Finding], refusals: Sequence[Refusal], load: Load | None
) -> list[Finding]:
    """The findings, without those that one check explains when it refuses half of a file.

    That check, the file that is empty because of it, and the fields that would be blank in a first load are
    one cause. A run that is only held keeps them all: one decides on the load, others fix the records.

    Args:
        findings: of the run, by their causes in the load.
        refusals: which check leaves out the most of which file.
        load: what it would do, with the limits that it exceeds.
    """
    by_id = {finding.id: finding for finding in findings}
    lead = by_id.get(REFUSED_PLAUSIBLE)
    if lead is None:
        return list(findings)
    causes = {refusal.refused_by for refusal in refusals if refusal.load_check == REFUSED_PLAUSIBLE}
    explained = [check for check in sorted(causes) if check in by_id]
    emptied_by = {refusal.refused_by for refusal in refusals if refusal.load_check == FILES_NOT_EMPTY}
    if FILES_NOT_EMPTY in by_id and emptied_by <= causes:
        explained.append(FILES_NOT_EMPTY)
    if _FIRST_PLAUSIBLE in by_id and _blank_fields(load) <= {_field_of(check) for check in by_id}:
        explained.append(_FIRST_PLAUSIBLE)
    # The records that fail are those of the check that refuses them.
    of_cause = next((by_id[check] for check in explained if check in causes), lead)
    told = lead.model_copy(
        update={
            "also": [*lead.also, *explained],
            "reasons": of_cause.reasons,
            "schools": of_cause.schools,
            "schools_withheld": of_cause.schools_withheld,
            "examples": of_cause.examples,
        }
    )
    return [told if finding is lead else finding for finding in findings if finding.id not in explained]


def without_consequences(findings: Sequence[Finding], explained: Mapping[str, int]) -> list[Finding]:
    """The findings, without those whose records fail nearly all because a held load would delete guardians.

    Entering these guardians again by hand would make duplicates: the one cause is the load's.

    Args:
        findings: of the run, by their causes in the load.
        explained: by check, how many of its failing records the load explains.
    """
    lead = next(
        (one for one in findings if one.level == "hold" and not {one.id, *one.also}.isdisjoint(DELETIONS)),
        None,
    )
    if lead is None:
        return list(findings)
    because = [
        one.id for one in findings if one.failed and explained.get(one.id, 0) >= _NEARLY_ALL * one.failed
    ]
    told = lead.model_copy(update={"also": [*lead.also, *because]})
    return [told if one is lead else one for one in findings if one.id not in because]


def _blank_fields(load: Load | None) -> set[str]:
    holds = load.holds if load else []
    return {hold.scope.rpartition(".")[2] for hold in holds if hold.rule == _FIRST_PLAUSIBLE}


def _field_of(check_id: str) -> str:
    return check_id.split("__")[1]
