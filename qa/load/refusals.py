"""The load__ checks that fail because another check refuses the records: its words, fix and owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.check_results import CheckResult, Refusal
from qa.load.effects import CarriedRow

REFUSED_PLAUSIBLE = "load__refused__plausible"
_RECORDS_CARRIED = "load__records__carried"
ROWS_OF = {"students.csv": "students", "guardians.csv": "guardian records"}


def with_refusing_check(results: Sequence[CheckResult], refusals: Sequence[Refusal]) -> list[CheckResult]:
    """The results, with the load__ checks as the check that refuses the records explains them.

    An empty or half-empty file has that check's cause, so people need its fix and owner.
    """
    refusing = dict(_refusing(results, refusals))

    def explained(result: CheckResult) -> CheckResult:
        if result.check_id not in refusing or result.state != "failed":
            return result
        refusal, cause = refusing[result.check_id]
        result = replace(result, remedy=cause.remedy, owner=cause.owner, place=cause.place)
        if result.check_id == REFUSED_PLAUSIBLE:
            why = f"{cause.why} {result.why}"
            result = replace(result, title=cause.title, why=why, population=ROWS_OF[refusal.file])
        return result

    return [explained(result) for result in results]


def refusing_titles(results: Sequence[CheckResult], refusals: Sequence[Refusal]) -> dict[str, str]:
    """The title of the check that refuses the records, by the load__ check that fails because of it."""
    return {load_check: cause.title for load_check, (_, cause) in _refusing(results, refusals)}


def refusals_of_carried(carried: Iterable[CarriedRow]) -> list[Refusal]:
    """Why records are newly sent as last loaded: the check that refuses the most of them."""
    newly = [row for row in carried if row.check_id is not None and row.new]
    most = max(newly, key=lambda row: row.new, default=None)
    return [Refusal(_RECORDS_CARRIED, most.file, most.check_id)] if most and most.check_id else []


def refused_for_long(carried: Iterable[CarriedRow], carry_nights: int | None) -> frozenset[str]:
    """Checks that have refused records for so many published runs that they are reported as new, once."""
    return frozenset(
        row.check_id
        for row in carried
        if row.check_id is not None and carry_nights is not None and carry_nights + 1 in row.runs
    )


def _refusing(
    results: Sequence[CheckResult], refusals: Sequence[Refusal]
) -> Iterator[tuple[str, tuple[Refusal, CheckResult]]]:
    """Each load__ check that another check explains: its first refusal, and that check as it is meant."""
    known = {result.check_id: result for result in results}
    named = [refusal for refusal in refusals if refusal.refused_by in known]
    for load_check in dict.fromkeys(refusal.load_check for refusal in named):
        first = next(refusal for refusal in named if refusal.load_check == load_check)
        yield load_check, (first, known[first.refused_by].as_meant())
