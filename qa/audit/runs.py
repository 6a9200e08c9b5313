"""What two runs say of a school together: the bands of both, and how much the district's number changed.

A reader who takes it that few records changed can subtract one run from the next: where a band changes while
the district's number changes by one, the school's number was the last of its band. So a band may only change
with so large a change in the district that ten values stay possible. The reader is supposed to know that all
changes went the same way. Where the number moves by twenty or more, no one can know that: some records are
fixed while others begin to fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from qa.contract import QaDocument
from qa.profile.contract import Group
from qa.redaction.schools.bands import BAND
from qa.redaction.schools.renewal import RENEWED_BY
from qa.redaction.schools.shares import SMALLEST_GROUP


@dataclass(frozen=True)
class _Quantity:
    """What is counted: the district's number in this run, and the band of each school that is listed.

    Attributes:
        as_of: start of the earlier run that the bands are of; None where they are of this run.
    """

    total: int
    bands: Mapping[str, int]
    as_of: datetime | None


_Quantities = dict[str, _Quantity]
# Of the load: the same people from one published run to the next.
_LASTING = ("carried", "departed")


def between(earlier: QaDocument, later: QaDocument, kept: Sequence[QaDocument]) -> tuple[int, list[str]]:
    """How many schools' numbers two runs show in a row, and which of them can be worked out, in words.

    Args:
        earlier: a run.
        later: the next one.
        kept: all kept runs, for how many records came and went.
    """
    before, now = _quantities(earlier), _quantities(later)
    numbers, found = 0, []
    for what in before.keys() & now.keys():
        bands_before, bands = before[what].bands, now[what].bands
        total_before = _total_of_bands(what, before[what], kept)
        if not bands_before or not bands or total_before is None:
            continue
        schools = bands_before.keys() | bands.keys()
        numbers += len(schools)
        change = abs(now[what].total - total_before)
        for school in schools:
            was, is_now = bands_before.get(school, 0), bands.get(school, 0)
            if change < RENEWED_BY and _values(was, is_now, change) < BAND:
                found.append(f"{what}: school {school} from {was} to {is_now}")
    sizes = _sizes(earlier, later, kept)
    return numbers + len(sizes), sorted([*found, *sizes])


def _total_of_bands(what: str, shown: _Quantity, kept: Sequence[QaDocument]) -> int | None:
    """The district's number in the run that bands are of; None where that run is not kept."""
    if shown.as_of is None:
        return shown.total
    of = next((_quantities(document) for document in kept if document.started_at == shown.as_of), {})
    return of[what].total if what in of else None


def _values(before: int, now: int, change: int) -> int:
    """How many numbers of a band are possible if a number of another band follows."""
    if before == now:
        return BAND
    return sum(
        any(abs(value - number) <= change for number in range(now, now + BAND))
        for value in range(before, before + BAND)
    )


def _quantities(document: QaDocument) -> _Quantities:
    found: _Quantities = {
        finding.id: _Quantity(
            finding.failed,
            {one.school: one.records_from for one in finding.schools},
            finding.schools_as_of,
        )
        for finding in document.findings
        if finding.failed is not None
    }
    load = document.load
    if load is None:
        return found
    for file, effects in (("students.csv", load.students), ("guardians.csv", load.guardians)):
        for effect, total in effects.model_dump().items() if effects else ():
            if total is None:
                continue
            its = [one for one in document.load_schools if (one.file, one.effect) == (file, effect)]
            bands = {one.school: one.records_from for one in its}
            as_of = next((one.as_of for one in its), None)
            compared_with = "" if effect in _LASTING else f" compared with {load.baseline_run_id}"
            found[f"{effect} in {file}{compared_with}"] = _Quantity(total, bands, as_of)
    return found


def _sizes(earlier: QaDocument, later: QaDocument, kept: Sequence[QaDocument]) -> list[str]:
    """The schools that crossed the size from which shares are shown while few records came or went."""
    found = []
    for group in get_args(Group):
        before, now = _large(earlier, group), _large(later, group)
        crossed = [school for school in before.keys() & now.keys() if before[school] != now[school]]
        if crossed and _turnover(group, _decided(earlier, group), later, kept) < BAND:
            found += [f"size of school {school}: its {group} cross {SMALLEST_GROUP}" for school in crossed]
    return found


def _large(document: QaDocument, group: str) -> dict[str, bool]:
    return {one.school: one.filled is not None for one in document.school_completeness if one.group == group}


def _decided(document: QaDocument, group: str) -> datetime:
    """When it was decided which schools are large enough, as a run shows it."""
    times = [one.as_of for one in document.school_completeness if one.group == group and one.as_of]
    return min(times, default=document.started_at)


def _turnover(group: str, since: datetime, until: QaDocument, kept: Sequence[QaDocument]) -> int:
    """How many records published runs added or deleted; enough if the earliest of them is not kept."""
    if not kept or kept[0].started_at > since:
        return BAND
    loads = [
        getattr(document.load, group)
        for document in [*(one for one in kept if one.verdict == "published"), until]
        if since < document.started_at <= until.started_at and document.load
    ]
    return sum((effects.add or 0) + (effects.delete or 0) for effects in loads if effects)
