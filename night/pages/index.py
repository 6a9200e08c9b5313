"""All districts at a glance: data/index.html for the operator, data/index.json for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.links import refuse_damage
from district.private_files import write_private
from district.settings import DistrictSettings
from extract.outcomes import OPERATOR, Owner
from night.decisions.history import paused_until
from night.decisions.pause import pause_words, today
from night.pages.index_contract import (
    DistrictLine,
    HeldLoad,
    Index,
    LastGood,
    RunDecided,
    State,
    Totals,
)
from night.pages.index_words import render_index
from night.pages.still_open import still_open
from night.pages.urgency import urgency
from night.record import NightRecord, NightResult
from qa.contract import QaDocument
from qa.contract_types import NextStep
from qa.pull_checks import incomplete
from qa.verdict.document_file import DocumentError, read_document

# A configured district whose last run started longer ago than this had no nightly run: a day and some slack.
OVERDUE_AFTER = timedelta(hours=26)
COMMANDS = ("plus360 worklist {key}", 'plus360 release {key} --reason "..."', "plus360 discard {key}")
# Of a held run whose qa.json release and discard refuse.
UNDECIDABLE = "Held, and can't be decided on: its results are damaged, or of an earlier version of plus360."
# What a run without a qa.json of its own asks for, by its state.
_NEXT: dict[State, tuple[NextStep, Owner | None]] = {
    "no night": ("run_again", OPERATOR),
    "failed": ("run_again", OPERATOR),
    "stopped": ("fix", OPERATOR),
    "held": ("fix", None),
    "paused": ("nothing", None),
    "published": ("nothing", None),
}
_OF_THE_RUN: dict[str, object] = {
    "load": None,
    "findings": None,
    "new_findings": None,
    "resolved": None,
    "not_evaluated": None,
    "fix_first": None,
    "repairs": [],
}


def write_index(
    data: Path, scheduled: Sequence[DistrictSettings], unrecorded: Mapping[str, NightResult] | None = None
) -> Path:
    """Write index.json and index.html for all configured districts; returns the path of the page.

    Args:
        data: the folder of all districts.
        scheduled: the configured ones.
        unrecorded: by its district's key, how a run ended that left no night.json to read.
    """
    now = datetime.now(UTC)
    lines = [_line(data, district, now, (unrecorded or {}).get(district.key)) for district in scheduled]
    lines.sort(key=urgency)
    due = [line.run_due for line in lines if line.run_due and line.run_due > now]
    index = Index(written_at=now, run_due=min(due, default=None), districts=lines)
    folder = DataFolder(data)
    write_private(folder.index_json, index.model_dump_json(by_alias=True, indent=2) + "\n")
    write_private(folder.index_page, render_index(index))
    return folder.index_page


def _line(data: Path, district: DistrictSettings, now: datetime, ended: NightResult | None) -> DistrictLine:
    line = district_line(data, district, now)
    if ended is None:
        return line
    # An attempt that made no run: what the run before it found is not of it. That run's report, and the load
    # that waits for a decision, stay: the page says of which day they are.
    step, owner = ("decide", OPERATOR) if line.held else _NEXT[ended.verdict]
    return line.model_copy(
        update=_OF_THE_RUN
        | {
            "state": ended.verdict,
            "headline": ended.headline,
            "next_step": step,
            "next_owner": owner,
            "repairs": list(ended.repairs),
        }
    )


def district_line(data: Path, district: DistrictSettings, now: datetime) -> DistrictLine:
    """What the page says about one district, read from its recorded runs."""
    folder = DistrictFolder.of(data, district.key)
    until = _paused_until(folder)
    nights = NightRecord.of_district(folder)
    line = DistrictLine(
        district=district.key,
        name=district.name,
        state="no night",
        headline="It was never run.",
        next_step="run_again",
        next_owner=OPERATOR,
    )
    if nights:
        line = line.model_copy(update=_of_runs(data, folder, nights))
    due = line.run_due
    if until:
        words = pause_words(district.key, f"{until:%a %b} {until.day}")
        line = line.model_copy(update=_without_a_run("paused", words[0].upper() + words[1:]))
        due = datetime.combine(until, time()).astimezone() + OVERDUE_AFTER
    elif due and now > due:
        still = still_open(line, line.headline) if line.state == "stopped" else None
        missing = _without_a_run("no night", "No run when one was due.")
        line = line.model_copy(update=missing | {"still_open": still})
    if line.held:
        still = line.still_open or (still_open(line, None) if line.next_step == "run_again" else None)
        line = line.model_copy(update={"next_step": "decide", "next_owner": OPERATOR, "still_open": still})
    return line.model_copy(update={"paused_until": until, "run_due": due})


def _without_a_run(state: State, headline: str) -> dict[str, object]:
    """What a line says where the last run is not last night's: nothing of what that one found."""
    step, owner = _NEXT[state]
    its: dict[str, object] = {"state": state, "headline": headline, "next_step": step, "next_owner": owner}
    return _OF_THE_RUN | its | {"decision": None}


def _of_runs(data: Path, folder: DistrictFolder, nights: Sequence[NightRecord]) -> dict[str, object]:
    """What the page says of a district's runs, the oldest of which comes first."""
    last = nights[-1]
    published = [night for night in nights if night.verdict == "published"]
    unpublished = [night for night in nights if not published or night.started_at > published[-1].started_at]
    waiting = _waiting(nights)
    document = _document(folder.night(last.run_id), last)
    step, owner = (document.next_step, document.next_owner) if document else _NEXT[last.verdict]
    said: dict[str, object] = {
        "state": last.verdict,
        "headline": document.headline if document else last.headline,
        "next_step": step,
        "next_owner": owner,
        "run_id": last.run_id,
        "verdict": last.verdict,
        "run_due": last.started_at + OVERDUE_AFTER,
        "held": _held(data, folder, waiting) if waiting else None,
        "decision": _last_decision(nights),
        "last_night": last.started_at,
        "unpublished_since": unpublished[0].started_at if unpublished else None,
        "last_good": _last_good(data, folder, published[-1]) if published else None,
        "report": _report(data, folder.night(last.run_id)),
        "repairs": list(last.repairs),
    }
    if waiting == last and document is None:
        said |= {"headline": UNDECIDABLE, "next_step": "run_again", "next_owner": OPERATOR}
    return said | (_found(document) if document else {})


def _found(document: QaDocument) -> dict[str, object]:
    """What the checks of a run say."""
    first = next((finding for finding in document.findings if finding.id == document.fix_first), None)
    # What blocks a load, or holds it, is the headline.
    is_said = first is None or first.level in ("stop", "hold")
    evaluated = [check for check in document.checks if check.state in ("passed", "failed")]
    if document.pulls and len(incomplete(document.pulls)) == len(document.pulls):
        evaluated = []  # only the pulls were, and the headline says what became of them
    return {
        "load": _totals(document),
        "findings": dict(Counter(finding.level for finding in document.findings)) if evaluated else None,
        "new_findings": sum(finding.new for finding in document.findings) if evaluated else None,
        "resolved": len(document.resolved) if evaluated else None,
        "not_evaluated": len(document.checks) - len(evaluated),
        "fix_first": None if is_said or first is None else first.headline,
    }


def _document(night: NightFolder, record: NightRecord) -> QaDocument | None:
    """The qa.json of a run, where it ended as that says; None where it can't be used."""
    with suppress(OSError, DocumentError):
        document, _ = read_document(night)
        return document if document.verdict == record.verdict else None
    return None


def _held(data: Path, folder: DistrictFolder, waiting: NightRecord) -> HeldLoad | None:
    """The run that waits; None where no one can decide on it, because no one can see what it would do."""
    night = folder.night(waiting.run_id)
    document = _document(night, waiting)
    if document is None:
        return None
    return HeldLoad(
        run_id=waiting.run_id,
        started_at=waiting.started_at,
        headline=document.headline,
        load=_totals(document),
        report=_report(data, night),
        commands=[command.format(key=folder.key) for command in COMMANDS],
    )


def _totals(document: QaDocument) -> Totals | None:
    load = document.load
    return Totals(students=load.students, guardians=load.guardians) if load else None


def _last_good(data: Path, folder: DistrictFolder, night: NightRecord) -> LastGood:
    report = _report(data, folder.night(night.run_id))
    return LastGood(run_id=night.run_id, started_at=night.started_at, report=report)


def _report(data: Path, night: NightFolder) -> str | None:
    return night.report.relative_to(data.resolve()).as_posix() if night.report.exists() else None


def _paused_until(folder: DistrictFolder) -> date | None:
    """The first day on which a paused district runs again, where that can be read."""
    with suppress(Plus360Error):
        refuse_damage(folder)
        return paused_until(folder, today())
    return None


def _waiting(nights: Sequence[NightRecord]) -> NightRecord | None:
    """The held run that waits for a decision: failed runs after it say nothing about the records."""
    latest = next((night for night in reversed(nights) if night.verdict != "failed"), None)
    return latest if latest and latest.verdict == "held" and latest.decision is None else None


def _last_decision(nights: Sequence[NightRecord]) -> RunDecided | None:
    for night in reversed(nights):
        if night.decision:
            return RunDecided(run_id=night.run_id, **night.decision.model_dump())
    return None
