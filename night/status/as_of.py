"""What a district's runs mean at a moment: whether one is missing, and what comes first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from district.settings import DistrictSettings
from extract.outcomes import OPERATOR
from night.pages.index_contract import DistrictLine, State, StillOpen
from night.status.contract import DistrictStatus
from night.status.next_step import NEXT
from night.status.words import day_words, pause_words

MISSING = "No run when one was due."
# What only a line of a run has that is the last one.
_OF_THE_RUN: dict[str, object] = {
    "load": None,
    "findings": None,
    "new_findings": None,
    "resolved": None,
    "not_evaluated": None,
    "fix_first": None,
    "repairs": [],
}
_UNDECIDED: dict[str, object] = {"decision": None}


def as_of(status: DistrictStatus, district: DistrictSettings, now: datetime) -> DistrictLine:
    """How a district stands at a moment.

    Args:
        status: what its runs said.
        district: its settings: its name, and its nights.
        now: with time zone.
    """
    line = status.line.model_copy(update={"name": district.name})
    if attempt := status.attempt:
        # What the run before it found is not of this one. That run's report, and the load that waits for a
        # decision, stay: the page says of which day they are.
        its = _without_a_run(attempt.state, attempt.headline)
        line = line.model_copy(update=its | {"repairs": attempt.repairs})
    paused = status.pause_ends
    if paused and paused <= now.astimezone().date():
        paused = None
    due = _missing_at(status, district)
    if paused:
        words = pause_words(district.key, day_words(paused))
        line = line.model_copy(update=_without_a_run("paused", words[0].upper() + words[1:]) | _UNDECIDED)
    elif due and now > due:
        still = still_open(line, line.headline) if line.state == "stopped" else None
        missing = _without_a_run("no night", MISSING) | _UNDECIDED
        line = line.model_copy(update=missing | {"still_open": still})
    if line.state == "published" and line.delivery and line.delivery.state == "not_delivered":
        line = line.model_copy(update={"next_step": "deliver", "next_owner": OPERATOR})
    if line.held:
        still = line.still_open or (still_open(line, None) if line.next_step == "run_again" else None)
        line = line.model_copy(update={"next_step": "decide", "next_owner": OPERATOR, "still_open": still})
    return line.model_copy(update={"paused_until": paused, "run_due": due})


def _without_a_run(state: State, headline: str) -> dict[str, object]:
    """What a line says where the last run is not what it tells of: nothing of what that one found."""
    step, owner = NEXT[state]
    return _OF_THE_RUN | {"state": state, "headline": headline, "next_step": step, "next_owner": owner}


def still_open(line: DistrictLine, headline: str | None) -> StillOpen | None:
    """What a line's run asks for, where something else comes first."""
    if line.last_night is None:
        return None
    return StillOpen(
        started_at=line.last_night,
        headline=headline,
        next_step=line.next_step,
        next_owner=line.next_owner,
    )


def _missing_at(status: DistrictStatus, district: DistrictSettings) -> datetime | None:
    """When the next run is missing; None where none was ever due."""
    calendar = district.calendar
    moments = [*status.starts[-1:], *([status.attempt.at] if status.attempt else [])]
    if not moments and status.pause_ends is None:
        return None
    nights = [calendar.night_of(moment) for moment in moments]
    # A run is due again in the night of the day on which a pause ends, whether in its evening or after it.
    resumes = [day for day in (status.pause_ends, _day(status.resumed_at)) if day]
    return calendar.missing_at(max([*nights, *(day - timedelta(days=1) for day in resumes)]), status.starts)


def _day(moment: datetime | None) -> date | None:
    """By this machine's clock, as a pause's days are."""
    return moment.astimezone().date() if moment else None
