"""The causes of a run, grouped by who fixes them and where, so that each screen is opened once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.outcomes import Owner
from qa.contract import QaDocument
from qa.contract_types import LEVELS
from qa.failing.contract import Finding
from qa.report.tables.links import PARTS

# The section that shows more about a finding, by how its check's id begins.
_SECTIONS = {
    "load__": "changes",
    "pull__labels__": "labels",
    "pull__": "endpoints",
    **{check: "links" for checks in PARTS.values() for check in checks},
}


@dataclass(frozen=True)
class Cause:
    """One line of Fix first.

    Attributes:
        title: what is wrong, without its numbers where `has_numbers`.
        share: of the records that the check looked at, 0 to 1; None where it is not shown.
        section: the section that shows more about it; "" for none.
        by_school_elsewhere: whether Completeness has its shares by school.
        schools: bands of ten by their first number, the highest first, each with its schools.
    """

    finding: Finding
    title: str
    has_numbers: bool
    share: float | None
    section: str
    by_school_elsewhere: bool
    schools: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Group:
    """The causes that one owner fixes in one place."""

    owner: Owner
    place: str | None
    causes: list[Cause]


def groups_of(qa: QaDocument) -> list[Group]:
    """The groups, that with the worst level first, then with something new, then with most records."""
    titles = {check.id: check.title for check in qa.checks}
    covered = {field for one in qa.school_completeness for field in one.filled or ()}
    groups: dict[tuple[Owner, str | None], list[Cause]] = {}
    for finding in qa.findings:
        cause = _cause(finding, titles, covered)
        groups.setdefault((finding.owner, finding.place), []).append(cause)
    return sorted(
        (Group(owner, place, causes) for (owner, place), causes in groups.items()),
        key=_urgency,
    )


def _cause(finding: Finding, titles: Mapping[str, str], covered: set[str]) -> Cause:
    title = titles.get(finding.id, "")
    # "Title: 12 of 140 students (8.6%)": the numbers have columns of their own.
    has_numbers = bool(title) and finding.headline.startswith(f"{title}: ")
    entity, field, rule = finding.id.split("__", 2)
    share = None if finding.failed is None or not finding.total else finding.failed / finding.total
    return Cause(
        finding,
        title if has_numbers else finding.headline,
        has_numbers,
        share,
        next((name for start, name in _SECTIONS.items() if finding.id.startswith(start)), ""),
        rule == "required" and field in covered and entity in ("students", "contacts", "student_contacts"),
        _bands(finding),
    )


def _bands(finding: Finding) -> list[tuple[int, list[str]]]:
    bands: dict[int, list[str]] = {}
    for one in finding.schools:
        bands.setdefault(one.records_from, []).append(one.school)
    return sorted(bands.items(), reverse=True)


def _urgency(group: Group) -> tuple[int, bool, int]:
    failed = sum(cause.finding.failed or 0 for cause in group.causes)
    worst = min(LEVELS.index(cause.finding.level) for cause in group.causes)
    return worst, not any(cause.finding.new for cause in group.causes), -failed
