"""The operator's page: the words and times of an index, rendered as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from district.run_id import started_at
from extract.outcomes import ADMIN, OPERATOR, SECRETARY, SUPPORT, Owner
from night.pages.index_contract import DistrictLine, Index
from night.pages.render import render_page
from night.pages.states import STATES
from qa.contract_types import Level, NextStep
from qa.report.words import clock_of, short_day_of

# What stands before the number of findings of each level.
_LEVELS: dict[Level, str] = {
    "stop": "Blocks the load",
    "hold": "To decide on",
    "error": "Can't be loaded",
    "warn": "To fix",
}
_STEPS: dict[NextStep, str] = {
    "decide": "Release or discard it",
    "fix": "Fix it, as the report says",
    "run_again": "Run it",
    "nothing": "Nothing to do",
}
_OWNERS: dict[Owner, str] = {
    SECRETARY: "School secretary",
    ADMIN: "District SIS admin",
    SUPPORT: "PowerSchool support",
    OPERATOR: "You",
}
# What a held load would do, in records: fields of Effects.
_EFFECTS = {
    "before": "Last loaded",
    "add": "+ Added",
    "update": "~ Changed",
    "delete": "- Removed",
    "carried": "Kept as last loaded",
    "departed": "Sent as inactive",
    "now": "After it",
}
# What each command of a held load does.
_MEANINGS = ("names whom it affects", "publishes it as it is", "keeps what was published before")


def render_index(index: Index) -> str:
    """The page. Each statement on it stays true whenever it is read: it names times, and never an age."""
    return render_page(
        "index.html.j2",
        index=index,
        title=_title(index.districts),
        states={state: words.mark for state, words in STATES.items()},
        levels=_LEVELS,
        steps=_STEPS,
        owners=_OWNERS,
        effects=_EFFECTS,
        meanings=_MEANINGS,
        at=_moment,
        zone=_zone,
        started_at=started_at,
        zones=sorted({_zone(moment) for moment in _moments(index)}),
    )


def _title(lines: Sequence[DistrictLine]) -> str:
    total = len(lines)
    paused = sum(line.state == "paused" for line in lines)
    published = sum(line.state == "published" for line in lines)
    deciding = sum(line.held is not None for line in lines)
    bad = total - paused - published
    if total == 1:
        said = f"The district is {'not published' if bad else 'paused' if paused else 'published'}"
    elif bad:
        said = f"{bad} of {total} districts not published"
    elif paused:
        said = f"{published} of {total} districts published, {paused} paused"
    else:
        said = f"All {total} districts published"
    if deciding:
        said += f": {deciding} {'waits' if deciding == 1 else 'wait'} for your decision"
    missing = sum(line.state == "no night" and line.last_night is not None for line in lines)
    if missing:
        said += f"{',' if deciding else ':'} {missing} without last night's run"
    return said


def _moment(moment: datetime) -> str:
    """Such as "Wed Nov 25, 6:00 a.m.", by this machine's clock: the one by which the scheduler runs."""
    local = moment.astimezone()
    return f"{local:%a} {short_day_of(local)}, {clock_of(local)}"


def _zone(moment: datetime) -> str:
    return moment.astimezone().tzname() or "local time"


def _moments(index: Index) -> list[datetime]:
    found = [index.written_at, index.run_due]
    for line in index.districts:
        found += [line.last_night, line.run_due, line.unpublished_since]
    return [moment for moment in found if moment]
