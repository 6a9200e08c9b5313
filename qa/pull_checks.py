"""The checks of the pulls: they need no warehouse, and what happened to a pull says who fixes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from district.endpoints import BY_NAME
from extract.outcomes import ADMIN, BY_CODE, ORDER_UNSTABLE, SUPPORT, Outcome
from qa.check_results import CheckResult
from qa.contract import Pull

ENDPOINTS_COMPLETE = "pull__endpoints__complete"
ROWS_RECONCILED = "pull__rows__reconciled"
KEYS_UNIQUE = "pull__keys__unique_across_pages"
# What dbt's yml says of them, for nightly runs that ended before dbt.
_ENDPOINTS_COMPLETE = CheckResult(
    check_id=ENDPOINTS_COMPLETE,
    level="stop",
    title="An endpoint gave no complete pull",
    why="Students and guardians are loaded together as the latest word on every student: a guardian who is "
    "missing from a load is deleted downstream. So nothing is loaded while an endpoint is incomplete.",
    remedy=[],
    owner=ADMIN,
    population="endpoints",
    endpoints=[],
    state="passed",
    failed=0,
    total=0,
    when_all=None,
)
_ROWS_RECONCILED = replace(
    _ENDPOINTS_COMPLETE,
    check_id=ROWS_RECONCILED,
    title="More or fewer records were received than the server counts",
    why="Records may be missing or duplicated, and a guardian who is missing from a load is deleted "
    "downstream.",
    owner=SUPPORT,
)
_KEYS_UNIQUE = replace(
    _ENDPOINTS_COMPLETE,
    check_id=KEYS_UNIQUE,
    title="Some records were received twice and others are missing",
    why="The server's order changes from page to page, so its pages repeat some records and leave others "
    "out. A guardian who is missing from a load is deleted in the special-programs system.",
    owner=SUPPORT,
)
PULL_CHECKS = (_ENDPOINTS_COMPLETE, _ROWS_RECONCILED, _KEYS_UNIQUE)


def with_pull_checks(results: Sequence[CheckResult], pulls: Sequence[Pull]) -> list[CheckResult]:
    """The results, with the checks of the pulls as the pulls' outcomes say: they need no warehouse."""
    known = {result.check_id: result for result in results}
    complete = _of_pulls(known.get(ENDPOINTS_COMPLETE, _ENDPOINTS_COMPLETE), incomplete(pulls), pulls)
    unstable = [pull for pull in pulls if pull.outcome == ORDER_UNSTABLE.code]
    unreconciled = [pull for pull in pulls if pull.state == "unreconciled" and pull not in unstable]
    checks = [complete]
    if unreconciled:
        checks.append(_of_pulls(known.get(ROWS_RECONCILED, _ROWS_RECONCILED), unreconciled, pulls))
    if unstable:
        checks.append(_of_pulls(known.get(KEYS_UNIQUE, _KEYS_UNIQUE), unstable, pulls))
    ids = {check.check_id for check in checks}
    return [*checks, *(result for result in results if result.check_id not in ids)]


def _of_pulls(check: CheckResult, failed: Sequence[Pull], pulls: Sequence[Pull]) -> CheckResult:
    """A check of the pulls, with the fix and the owner of what happened to those that failed it."""
    groups = by_outcome(failed)
    steps = [
        step for outcome, its in groups.items() for step in outcome.steps([pull.subscription for pull in its])
    ]
    owners = [outcome.owner for outcome in groups if outcome.owner]
    places = [outcome.place for outcome in groups]
    if check.state not in ("passed", "failed") or not check.total:  # dbt did not evaluate it
        check = replace(check, state="failed" if failed else "passed", failed=len(failed), total=len(pulls))
    return replace(
        check,
        remedy=list(dict.fromkeys(steps)) if groups else check.remedy,
        owner=owners[0] if owners else check.owner,
        place=places[0] if places else check.place,
    )


def incomplete(pulls: Sequence[Pull]) -> list[Pull]:
    """The pulls that were not received to their end."""
    return [pull for pull in pulls if pull.state not in ("complete", "unreconciled")]


def lacks_the_import(pulls: Sequence[Pull]) -> bool:
    """Whether records that the import is made of were not received: then there is none to speak of."""
    return any(BY_NAME[pull.endpoint].is_imported for pull in incomplete(pulls))


def by_outcome(pulls: Sequence[Pull]) -> dict[Outcome, list[Pull]]:
    """The pulls by what happened to them."""
    groups: dict[Outcome, list[Pull]] = {}
    for pull in pulls:
        groups.setdefault(BY_CODE[pull.outcome], []).append(pull)
    return groups
