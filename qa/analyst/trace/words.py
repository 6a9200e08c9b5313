"""What a trace says of a student: decisions, effects, changes; the report's own words where it has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from district.run_id import started_at
from qa.analyst.trace.nights import Night
from qa.report.reasons import REASONS
from qa.report.words import DECIDED, VERDICTS, clock_of, short_day_of

PRIVATE = "This page shows personal data. Keep it in the district's private folder."
NO_RESULT = "No result"
BLANK = "blank"

DECISIONS = {
    "quarantined": "Quarantined: not used",
    "refused": "Refused: not loaded as received",
    "merged": "Left out: sent under the person's other id",
    "carried": "Sent as last published",
    "departed": "Sent as inactive",
}
# What a load does with a record of a file, by its code.
EFFECTS = {
    "add": "Added",
    "update": "Changed",
    "same": "Same as before",
    "carried": "Kept as last published",
    "departed": "Sent as inactive",
    "delete": "Removed",
}
# Why a record is not used or not loaded, besides the reasons of the checks.
WHYS = REASONS | {
    "duplicate_key": REASONS["duplicate_key"]
    + ": the record that was changed last is used, and of the same time the one received last",
    "blank_key": "A part of its key is blank",
    "student_refused": "The student is refused",
    "student_quarantined": "The student was received, but the record is quarantined",
    "contact_quarantined": "The contact was received, but the record is quarantined",
    "school_quarantined": "The school was received, but the record is quarantined",
}
KEPT = {
    "carried": "As last published",
    "departed": "As inactive",
    "refused": "No: refused",
}
AS_RECEIVED = "As received"
NOT_IN_FILE = "No"
NO_FILE = "No import"
# How the pull of Student ended, where a student was not received.
RECEIVED = "Yes"
RECEIVED_TIMES = "Yes, {n} times"
NOT_RECEIVED = "No"
NOT_PULLED = "Not complete"
DIFFERENCES = {"lost": "Became blank", "changed": "Changed"}
NOT_RECOGNIZED = "Not recognized"


class Days:
    """The days of runs, as in "Nov 23"; of several on a day also the time: "Nov 23 at 2:00 a.m. UTC"."""

    def __init__(self, run_ids: Iterable[str]) -> None:
        """Know the runs that are told apart."""
        self._run_ids = set(run_ids)

    def of(self, run_id: str) -> str:
        """The day of a run."""
        started = started_at(run_id)
        same = [one for one in self._run_ids | {run_id} if started_at(one).date() == started.date()]
        day = short_day_of(started)
        return f"{day} at {clock_of(started)} UTC" if len(same) > 1 else day


def moment(run_id: str) -> datetime:
    """When a run began, in UTC, without fractions of a second."""
    return started_at(run_id).replace(tzinfo=None, microsecond=0)


def state(night: Night) -> str:
    """How a run ended, as in "Held, then discarded"."""
    if not night.verdict:
        return NO_RESULT
    verdicts: dict[str, str] = {str(code): words for code, words in VERDICTS.items()}
    decided: dict[str, str] = {str(code): words for code, words in DECIDED.items()}
    # History says "published" of a released run.
    if night.decision and night.verdict == "published":
        return decided[night.decision]
    said = verdicts.get(night.verdict, night.verdict)
    return f"{said}, then {night.decision}" if night.decision else said


def why(code: str | None) -> str:
    """A reason in words."""
    return WHYS.get(code, code) if code else ""


def lower(text: str) -> str:
    """A text within a sentence: its first letter small, without a full stop."""
    text = text.removesuffix(".")
    is_acronym = text[1:2].isupper()
    return text if is_acronym else text[:1].lower() + text[1:]


def shown(value: object) -> str:
    """A value of a record within a sentence."""
    text = "" if value is None else str(value).strip()
    return text or BLANK
