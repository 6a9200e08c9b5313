"""The operator's page: the words and times of an index, rendered as HTML."""

from __future__ import annotations

from datetime import datetime

from district.run_id import started_at
from night.pages.index_contract import Index
from night.pages.render import render_page
from night.pages.states import STATES
from night.status.words import COMMANDS, OWNERS, moment_of, step_words, title_of
from qa.contract_types import Level

# What stands before the number of findings of each level.
_LEVELS: dict[Level, str] = {
    "stop": "Blocks the load",
    "hold": "To decide on",
    "error": "Can't be loaded",
    "warn": "To fix",
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
_DECIDED = "Decided on"
# What each command of a held load does.
_MEANINGS = ("names whom it affects", "publishes it as it is", "does not publish it")


def render_index(index: Index) -> str:
    """The page. Each statement on it stays true whenever it is read: it names times, and never an age."""
    return render_page(
        "index.html.j2",
        index=index,
        title=title_of(index.districts),
        states={state: words.mark for state, words in STATES.items()},
        levels=_LEVELS,
        decided=_DECIDED,
        step_words=step_words,
        commands=COMMANDS,
        owners=OWNERS,
        effects=_EFFECTS,
        meanings=_MEANINGS,
        at=moment_of,
        zone=_zone,
        started_at=started_at,
        zones=sorted({_zone(moment) for moment in _moments(index)}),
    )


def _zone(moment: datetime) -> str:
    return moment.astimezone().tzname() or "local time"


def _moments(index: Index) -> list[datetime]:
    found = [index.written_at, index.run_due]
    for line in index.districts:
        found += [line.last_night, line.run_due, line.unpublished_since]
    return [moment for moment in found if moment]
