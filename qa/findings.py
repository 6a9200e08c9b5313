"""Turns failed checks into findings: one cause each, with headline, age, fix steps and examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from district.run_id import started_at
from qa.answers import Answer, answer_of, remedy_of
from qa.check_results import CheckResult, Failure
from qa.contract import Example, Finding, Level, Pull
from qa.history import History
from qa.redaction.labels import is_known
from qa.redaction.pseudonyms import PERSONAL_KINDS, Pseudonyms

ENDPOINTS_COMPLETE = "pull__endpoints__complete"
# What dbt's yml says about it, for runs that ended before dbt.
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
# Sentences of the findings that no check's yml has; `{}` stands for a number, an endpoint or a text of ours.
SENTENCES = (
    _ENDPOINTS_COMPLETE.title,
    _ENDPOINTS_COMPLETE.why,
    _ENDPOINTS_COMPLETE.population,
    "{} of {} endpoints did not come in. {}: {}",
    "None of the {} endpoints came in: {}",
)
_LEVELS: tuple[Level, ...] = ("stop", "error", "warn")


def with_endpoints_check(results: Sequence[CheckResult], pulls: Sequence[Pull]) -> list[CheckResult]:
    """The results, with pull__endpoints__complete taken from the pulls: it needs no warehouse."""
    by_answer = _by_answer(pulls)
    known = {result.check_id: result for result in results}
    check = replace(
        known.get(ENDPOINTS_COMPLETE, _ENDPOINTS_COMPLETE),
        remedy=[
            step
            for answer, its in by_answer
            for step in remedy_of(answer, [pull.subscription for pull in its])
        ],
        owner=by_answer[0][0].owner if by_answer else _ENDPOINTS_COMPLETE.owner,
        state="failed" if by_answer else "passed",
        failed=sum(len(its) for _, its in by_answer),
        total=len(pulls),
    )
    return [check, *(result for result in results if result.check_id != ENDPOINTS_COMPLETE)]


def build_findings(
    results: Sequence[CheckResult],
    pulls: Sequence[Pull],
    failures: dict[str, list[Failure]],
    history: History,
    pseudonyms: Pseudonyms,
) -> list[Finding]:
    """One finding for each check that failed, the most urgent first: by level, then new, then affected."""
    codes = pseudonyms.of(
        record
        for examples in failures.values()
        for failure in examples
        for record in _records_without_a_public_name(failure)
    )
    findings = [
        _finding(result, history, _examples(failures.get(result.check_id, []), codes))
        for result in results
        if result.state == "failed"
    ]
    findings = [
        _about_endpoints(finding, results, pulls) if finding.id == ENDPOINTS_COMPLETE else finding
        for finding in findings
    ]
    return sorted(
        findings,
        key=lambda finding: (_LEVELS.index(finding.level), not finding.new, -finding.failed, finding.id),
    )


def headline(result: CheckResult) -> str:
    """What failed, for how many of how many: computed, so that it never says more than the numbers do."""
    share = (
        f"{result.failed:,} of {result.total:,} {result.population} ({percent(result.failed, result.total)})"
    )
    return f"{_as_meant(result).title}: {share}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; 0 and 100 % only where they are exact."""
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
    if result.when_all is None or result.failed < result.total:
        return result
    return replace(
        result,
        title=result.when_all["headline"],
        remedy=result.when_all["remedy"],
        owner=result.when_all["owner"] or result.owner,
    )


_Codes = dict[tuple[str, str], str]


def _records_without_a_public_name(failure: Failure) -> list[tuple[str, str]]:
    """The records of a failure that only a pseudonym may stand for."""
    records = []
    if failure.record_key is not None and failure.entity in PERSONAL_KINDS:
        records.append((failure.entity, failure.record_key))
    schools = (failure.school, failure.record_key if failure.entity == "schools" else None)
    return records + [("schools", code) for code in schools if code is not None and not _is_number(code)]


def _examples(failures: Sequence[Failure], codes: _Codes) -> list[Example]:
    """The examples of a check, each once: two labels of one endpoint that are not ours look the same."""
    return list(dict.fromkeys(_example(failure, codes) for failure in failures))


def _example(failure: Failure, codes: _Codes) -> Example:
    """A person's record by its pseudonym; a school by its code; a label by its name if we know it."""
    if failure.entity in PERSONAL_KINDS:
        return Example(
            pseudonym=codes.get((failure.entity, failure.record_key or "")),
            school=_school(failure.school, codes),
            field=failure.field,
            reason=failure.reason,
        )
    if failure.entity == "schools":
        return Example(subject=_school(failure.record_key, codes), field=failure.field, reason=failure.reason)
    endpoint, _, label = (failure.field or "").partition(".")
    subject = f"{endpoint}.{label}" if is_known(endpoint, label) else endpoint
    return Example(subject=subject or None, reason=failure.reason)


def _school(code: str | None, codes: _Codes) -> str | None:
    if code is None or _is_number(code):
        return code
    return codes["schools", code]


def _is_number(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) <= 10


def _incomplete(pulls: Sequence[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.state not in ("complete", "unreconciled")]


def _by_answer(pulls: Sequence[Pull]) -> list[tuple[Answer, list[Pull]]]:
    """The incomplete endpoints, grouped by their answer."""
    groups: dict[Answer, list[Pull]] = {}
    for pull in _incomplete(pulls):
        groups.setdefault(answer_of(pull.state, pull.http_status, pull.said), []).append(pull)
    return list(groups.items())


def _about_endpoints(finding: Finding, results: Sequence[CheckResult], pulls: Sequence[Pull]) -> Finding:
    """The finding with the endpoints' answers as its headline, and the checks that need them."""
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
