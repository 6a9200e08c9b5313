"""Turns failed checks into findings: one cause each, with headline, age, fix steps and examples."""

from __future__ import annotations

from collections.abc import Sequence

from district.run_id import started_at
from qa.check_results import CheckResult, Failure
from qa.contract import Pull
from qa.contract_types import LEVELS, NIGHTS_SHOWN
from qa.examples import Codes, examples_of, records_without_a_public_name, school_code
from qa.failing.contract import Finding, SchoolBand
from qa.failing.refused import NONE_REFUSED, Refused
from qa.failing.refused import SENTENCES as OF_REFUSED
from qa.failing.schools import FailingBySchool, SchoolsOfFinding
from qa.history import History
from qa.load.refusals import REFUSED_PLAUSIBLE, ROWS_OF
from qa.pull_checks import ENDPOINTS_COMPLETE, PULL_CHECKS, by_outcome, incomplete
from qa.redaction.pseudonyms import Pseudonyms, is_public_school_code
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import EVERYTHING_SHOWN, SmallPopulations

FILES_NOT_EMPTY = "load__files__not_empty"
# Sentences of the findings that no check's yml has; `{}` stands for a number, an endpoint or a text of ours.
_NONE_COMPLETE = "None of the {} endpoints is complete: {}"
_SOME_INCOMPLETE = "Not complete: {} of {} endpoints. {}"
_LEFT_OUT = "{}: {} would be left out of the import"
_SOME = "some {}"
SENTENCES = (
    *(text for check in PULL_CHECKS for text in (check.title, check.why)),
    *ROWS_OF.values(),
    "{} of {} {} ({}%)",
    _SOME,
    "{}: {}",
    _NONE_COMPLETE,
    _SOME_INCOMPLETE,
    _LEFT_OUT,
    *OF_REFUSED,
)


def build_findings(
    results: Sequence[CheckResult],
    pulls: Sequence[Pull],
    failures: dict[str, list[Failure]],
    history: History,
    pseudonyms: Pseudonyms,
    *,
    failing: FailingBySchool,
    refused: Refused = NONE_REFUSED,
    renewal: Renewal,
    small: SmallPopulations = EVERYTHING_SHOWN,
) -> list[Finding]:
    """One finding for each check that failed, the most urgent first.

    By level, then by how many records can't be loaded because of it, then new, then affected: a school
    without a name refuses all of its students.
    """
    failed = [result for result in results if result.state == "failed"]
    schools = {
        result.check_id: failing.of(result, small, renewal) for result in failed if not small.hides(result)
    }
    codes = pseudonyms.of(
        [
            *(
                record
                for examples in failures.values()
                for failure in examples
                for record in records_without_a_public_name(failure)
            ),
            *(
                ("schools", school)
                for its in schools.values()
                for school in its.bands
                if not is_public_school_code(school)
            ),
        ]
    )
    findings = [
        _of_few(result)
        if small.hides(result)
        else _finding(result, history, failures.get(result.check_id, []), schools[result.check_id], codes)
        for result in failed
    ]
    findings = [
        _about_endpoints(finding, results, pulls) if finding.id == ENDPOINTS_COMPLETE else finding
        for finding in findings
    ]
    findings = [one.model_copy(update={"why": refused.why(one.id, one.why, small)}) for one in findings]
    return sorted(
        findings,
        key=lambda finding: (
            LEVELS.index(finding.level),
            finding.id == FILES_NOT_EMPTY,  # what makes a file empty tells more than that it is empty
            -max(finding.failed or 0, refused.by_check.get(finding.id, 0)) if finding.level == "error" else 0,
            not finding.new,
            -(finding.failed or 0),
            finding.id,
        ),
    )


def headline(result: CheckResult) -> str:
    """What failed, for how many of how many: computed, so that it never says more than the numbers do."""
    share = (
        f"{result.failed:,} of {result.total:,} {result.population} ({percent(result.failed, result.total)})"
    )
    return _headline(result.check_id, result.as_meant().title, share)


def _headline(check_id: str, title: str, share: str) -> str:
    return _LEFT_OUT.format(title, share) if check_id == REFUSED_PLAUSIBLE else f"{title}: {share}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; 0 and 100% only where they are exact."""
    if whole == 0:
        return "0%"
    if part in (0, whole):
        return f"{100 * part // whole}%"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f}%"


def _finding(
    result: CheckResult,
    history: History,
    failures: Sequence[Failure],
    schools: SchoolsOfFinding,
    codes: Codes,
) -> Finding:
    failing_before = history.failing_runs(result.check_id)
    meant = result.as_meant()
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
        place=meant.place,
        why=meant.why,
        remedy=meant.remedy,
        trend=history.trend(result.check_id, result.state, result.failed),
        blocks=[],
        schools=[
            SchoolBand.model_validate({"school": school_code(school, codes), "records_from": band})
            for school, band in sorted(schools.bands.items(), key=lambda one: (-one[1], one[0]))
        ],
        schools_withheld=schools.withheld,
        schools_as_of=schools.as_of,
        examples=examples_of(failures, codes, schools.bands),
    )


def _of_few(result: CheckResult) -> Finding:
    """A finding about few people: what is wrong and how to fix it, in words that no number chose."""
    if_all = result.when_all["remedy"] if result.when_all else []
    return Finding(
        id=result.check_id,
        level=result.level,
        headline=_headline(result.check_id, result.title, _SOME.format(result.population)),
        failed=None,
        total=None,
        population=result.population,
        since=None,
        nights=None,
        new=False,
        owner=result.owner,
        place=result.place,
        why=result.why,
        remedy=list(dict.fromkeys([*result.remedy, *if_all])),
        trend=[None] * NIGHTS_SHOWN,
        blocks=[],
        examples=[],
    )


def _about_endpoints(finding: Finding, results: Sequence[CheckResult], pulls: Sequence[Pull]) -> Finding:
    """The finding with the endpoints' outcomes for a headline, and the checks that wait for them."""
    missing = {pull.endpoint for pull in incomplete(pulls)}
    blocks = [
        result.check_id
        for result in results
        if result.state == "not_evaluated" and missing.intersection(result.endpoints)
    ]
    return finding.model_copy(update={"headline": _endpoints_headline(pulls), "blocks": blocks})


def _endpoints_headline(pulls: Sequence[Pull]) -> str:
    not_complete = incomplete(pulls)
    groups = by_outcome(not_complete)
    if len(not_complete) == len(pulls) and len(groups) == 1:
        return _NONE_COMPLETE.format(len(pulls), next(iter(groups)).meaning)
    causes = "; ".join(
        f"{', '.join(pull.endpoint for pull in its)}: {outcome.meaning}" for outcome, its in groups.items()
    )
    return _SOME_INCOMPLETE.format(len(not_complete), len(pulls), causes)
