"""Turns failed checks into findings: one cause each, with its headline, its age, its remedy and examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from district.run_id import started_at
from qa.answers import Answer, answer_of, remedy_of
from qa.check_results import CheckResult, Failure, Refusal
from qa.contract import Example, Finding, Level, Pull
from qa.history import History
from qa.redaction.pseudonyms import KINDS, Pseudonyms

ENDPOINTS_COMPLETE = "pull__endpoints__complete"
FILES_NOT_EMPTY = "load__files__not_empty"
REFUSED_PLAUSIBLE = "load__refused__plausible"
_ROWS_OF = {"students.csv": "students", "guardians.csv": "guardian records"}
# What dbt's yml says of it, for nights that ended before dbt.
_ENDPOINTS_COMPLETE = CheckResult(
    check_id=ENDPOINTS_COMPLETE,
    level="stop",
    title="An endpoint gave no complete pull",
    why="Students and guardians are loaded together as the latest word on every student: a guardian who is "
    "missing from a load is deleted downstream. So nothing is loaded while an endpoint comes short.",
    remedy=[],
    owner="district SIS admin",
    population="endpoints",
    endpoints=[],
    state="passed",
    failed=0,
    total=0,
    when_all=None,
)
_LEVELS: tuple[Level, ...] = ("stop", "error", "warn")


def with_endpoints_check(results: Sequence[CheckResult], pulls: Sequence[Pull]) -> list[CheckResult]:
    """The results, with pull__endpoints__complete: its fix is that of the pulls' answers.

    dbt evaluates it; only where a nightly run left no warehouse, the pulls tell it.
    """
    by_answer = _by_answer(pulls)
    known = {result.check_id: result for result in results if result.state in ("passed", "failed")}
    evaluated = known.get(ENDPOINTS_COMPLETE) or replace(
        _ENDPOINTS_COMPLETE,
        state="failed" if by_answer else "passed",
        failed=sum(len(its) for _, its in by_answer),
        total=len(pulls),
    )
    check = replace(
        evaluated,
        remedy=[
            step
            for answer, its in by_answer
            for step in remedy_of(answer, [pull.subscription for pull in its])
        ],
        owner=by_answer[0][0].owner if by_answer else evaluated.owner,
    )
    return [check, *(result for result in results if result.check_id != ENDPOINTS_COMPLETE)]


def with_refusing_check(results: Sequence[CheckResult], refusals: Sequence[Refusal]) -> list[CheckResult]:
    """The results, with the load__ checks as the check that leaves the records out explains them.

    An empty or half-empty file has that check's cause, so people need its title, fix and owner.
    """
    known = {result.check_id: result for result in results}

    def explained(result: CheckResult) -> CheckResult:
        first = next((refusal for refusal in refusals if refusal.load_check == result.check_id), None)
        refusing = known.get(first.refused_by) if first is not None else None
        if first is None or refusing is None or result.state != "failed":
            return result
        meant = _as_meant(refusing)
        result = replace(result, remedy=meant.remedy, owner=meant.owner)
        if result.check_id == REFUSED_PLAUSIBLE:
            result = replace(result, title=meant.title, population=_ROWS_OF[first.file])
        return result

    return [explained(result) for result in results]


def build_findings(
    results: Sequence[CheckResult],
    pulls: Sequence[Pull],
    failures: dict[str, list[Failure]],
    history: History,
    pseudonyms: Pseudonyms,
) -> list[Finding]:
    """One finding for each check that failed, the most urgent first: by level, then new, then affected."""
    codes = pseudonyms.of(
        (failure.entity, failure.record_key)
        for examples in failures.values()
        for failure in examples
        if failure.record_key is not None and failure.entity in KINDS
    )
    findings = [
        _finding(result, history, [_example(failure, codes) for failure in failures.get(result.check_id, [])])
        for result in results
        if result.state == "failed"
    ]
    findings = [
        _about_endpoints(finding, results, pulls) if finding.id == ENDPOINTS_COMPLETE else finding
        for finding in findings
    ]
    return sorted(
        findings,
        key=lambda finding: (
            _LEVELS.index(finding.level),
            finding.id == FILES_NOT_EMPTY,  # what makes a file empty tells more than that it is empty
            not finding.new,
            -finding.failed,
            finding.id,
        ),
    )


def headline(result: CheckResult) -> str:
    """What failed, for how many of how many: computed, so that it never says more than the numbers do."""
    share = (
        f"{result.failed:,} of {result.total:,} {result.population} ({percent(result.failed, result.total)})"
    )
    if result.check_id == REFUSED_PLAUSIBLE:
        return f"{result.title}. {share} would be left out of the import"
    return f"{_as_meant(result).title}: {share}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; 0 and 100 % are said only where they are exact."""
    if whole == 0:
        return "0 %"
    if part in (0, whole):
        return f"{100 * part // whole} %"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %"


def _finding(result: CheckResult, history: History, examples: list[Example]) -> Finding:
    failing_before = history.failing_runs(result.check_id)
    meant = _as_meant(result)
    return Finding(
        id=result.check_id,
        level=result.level,
        headline=headline(result),
        failed=result.failed,
        total=result.total,
        population=result.population,
        since=started_at(failing_before[-1] if failing_before else history.run_id),
        nights=1 + len(failing_before),
        new=not failing_before and not history.is_empty,
        owner=meant.owner,
        why=result.why,
        remedy=meant.remedy,
        trend=history.trend(result.check_id, result.state, result.failed),
        blocks=[],
        examples=examples,
    )


def _as_meant(result: CheckResult) -> CheckResult:
    """The result in other words where every record fails, for then the cause is another."""
    if result.when_all is None or result.failed < result.total or result.failed == 0:
        return result
    return replace(
        result,
        title=result.when_all["headline"],
        remedy=result.when_all["remedy"],
        owner=result.when_all["owner"] or result.owner,
    )


def _example(failure: Failure, codes: dict[tuple[str, str], str]) -> Example:
    """A person's record by its pseudonym; an endpoint, a label or a school by its name."""
    if failure.entity in KINDS:
        return Example(
            pseudonym=codes.get((failure.entity, failure.record_key or "")),
            school=failure.school,
            field=failure.field,
            reason=failure.reason,
        )
    subject = failure.record_key or failure.field or ""
    return Example(subject=re.sub(r"[^\w.#-]", "_", subject, flags=re.ASCII)[:100], reason=failure.reason)


def _incomplete(pulls: Sequence[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.state not in ("complete", "unreconciled")]


def _by_answer(pulls: Sequence[Pull]) -> list[tuple[Answer, list[Pull]]]:
    """The endpoints that did not come in, grouped by the answer they gave."""
    groups: dict[Answer, list[Pull]] = {}
    for pull in _incomplete(pulls):
        groups.setdefault(answer_of(pull.state, pull.http_status, pull.said), []).append(pull)
    return list(groups.items())


def _about_endpoints(finding: Finding, results: Sequence[CheckResult], pulls: Sequence[Pull]) -> Finding:
    """The finding with the endpoints' answers for a headline, and the checks that wait for them."""
    missing = {pull.endpoint for pull in _incomplete(pulls)}
    blocks = [
        result.check_id
        for result in results
        if result.state == "not_evaluated" and missing.intersection(result.endpoints)
    ]
    return finding.model_copy(update={"headline": _endpoints_headline(pulls), "blocks": blocks})


def _endpoints_headline(pulls: Sequence[Pull]) -> str:
    by_answer = _by_answer(pulls)
    incomplete = sum(len(its) for _, its in by_answer)
    if incomplete == len(pulls) and len(by_answer) == 1:
        return f"None of the {len(pulls)} endpoints came in: {by_answer[0][0].meaning}"
    causes = "; ".join(
        f"{', '.join(pull.endpoint for pull in its)}: {answer.meaning}" for answer, its in by_answer
    )
    return f"{incomplete} of {len(pulls)} endpoints did not come in. {causes}"
