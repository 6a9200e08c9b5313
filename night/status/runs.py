"""Reads what the recorded runs of a district and the decisions on it say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.links import refuse_damage
from extract.outcomes import OPERATOR
from night.decisions.history import last_pause
from night.delivery.record import is_first_delivery
from night.pages.index_contract import DistrictLine, HeldLoad, LastGood, RunDecided, Totals
from night.pages.states import STATES
from night.record import NightRecord
from night.status.contract import Attempt, DistrictStatus
from night.status.next_step import NEXT
from qa.contract import QaDocument
from qa.delivery.contract import Delivery
from qa.pull_checks import incomplete
from qa.verdict.document_file import DocumentError, read_document

# Of a held run whose qa.json release and discard refuse.
UNDECIDABLE = "Held, and can't be decided on: its results are damaged, or of an earlier version of plus360."
NEVER = "It was never run."
# So many of the last runs tell at what hour a district runs.
_STARTS = 5


def status_of_runs(
    folder: DistrictFolder, attempt: Attempt | None, kept: DistrictStatus | None
) -> DistrictStatus:
    """What a district's runs said.

    Args:
        folder: the district's.
        attempt: what left no night.json; it counts if it ended after the last run.
        kept: what was known before: of the pauses, where raw.duckdb can't be read now.
    """
    nights = NightRecord.of_district(folder)
    step, owner = NEXT["no night"]
    line = DistrictLine(
        district=folder.key, name="", state="no night", headline=NEVER, next_step=step, next_owner=owner
    )
    if nights:
        line = line.model_copy(update=_of_runs(folder, nights))
    is_last = attempt is not None and (not nights or nights[-1].finished_at < attempt.at)
    status = DistrictStatus(
        line=line,
        starts=[night.started_at for night in nights[-_STARTS:]],
        attempt=attempt if is_last else None,
    )
    if kept:
        status = status.model_copy(update={"pause_ends": kept.pause_ends, "resumed_at": kept.resumed_at})
    with suppress(Plus360Error):
        refuse_damage(folder)
        if pause := last_pause(folder):
            resumed = pause.decided_at if pause.decision == "resumed" else None
            status = status.model_copy(update={"pause_ends": pause.until, "resumed_at": resumed})
    return status


def _of_runs(folder: DistrictFolder, nights: Sequence[NightRecord]) -> dict[str, object]:
    """What the page says of a district's runs, the oldest of which comes first."""
    last = nights[-1]
    published = [night for night in nights if night.verdict == "published"]
    unpublished = [night for night in nights if not published or night.started_at > published[-1].started_at]
    waiting = _waiting(nights)
    document = _document(folder.night(last.run_id), last)
    step, owner = (document.next_step, document.next_owner) if document else NEXT[last.verdict]
    said: dict[str, object] = {
        "state": last.verdict,
        "headline": document.headline if document else last.headline,
        "next_step": step,
        "next_owner": owner,
        "run_id": last.run_id,
        "verdict": last.verdict,
        "held": _held(folder, waiting) if waiting else None,
        "decision": _last_decision(nights),
        "last_night": last.started_at,
        "unpublished_since": unpublished[0].started_at if unpublished else None,
        "last_good": _last_good(folder, published[-1]) if published else None,
        "delivery": _delivery(folder, published[-1]) if published else None,
        "report": _report(folder.night(last.run_id)),
        "repairs": list(last.repairs),
    }
    if waiting == last and document is None:
        said |= {"headline": UNDECIDABLE, "next_step": "run_again", "next_owner": OPERATOR}
    return said | (_found(document) if document else {})


def _delivery(folder: DistrictFolder, published: NightRecord) -> Delivery | None:
    document = _document(folder.night(published.run_id), published)
    return document.delivery if document else None


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


def _held(folder: DistrictFolder, waiting: NightRecord) -> HeldLoad | None:
    """The run that waits; None where no one can decide on it, because no one can see what it would do."""
    night = folder.night(waiting.run_id)
    document = _document(night, waiting)
    if document is None:
        return None
    is_first = is_first_delivery(document)
    # The lists of whom a first load affects are empty.
    commands = STATES["held"].commands[1 if is_first else 0 :]
    return HeldLoad(
        run_id=waiting.run_id,
        started_at=waiting.started_at,
        headline=document.headline,
        load=_totals(document),
        report=_report(night),
        compare=_beside_the_index(night, night.export) if is_first else None,
        commands=[command.format(key=folder.key) for command in commands],
    )


def _totals(document: QaDocument) -> Totals | None:
    load = document.load
    return Totals(students=load.students, guardians=load.guardians) if load else None


def _last_good(folder: DistrictFolder, night: NightRecord) -> LastGood:
    report = _report(folder.night(night.run_id))
    return LastGood(run_id=night.run_id, started_at=night.started_at, report=report)


def _report(night: NightFolder) -> str | None:
    return _beside_the_index(night, night.report) if night.report.exists() else None


def _beside_the_index(night: NightFolder, path: Path) -> str:
    return path.relative_to(night.district.path.parent).as_posix()


def _waiting(nights: Sequence[NightRecord]) -> NightRecord | None:
    """The held run that waits for a decision: failed runs after it say nothing about the records."""
    latest = next((night for night in reversed(nights) if night.verdict != "failed"), None)
    return latest if latest and latest.verdict == "held" and latest.decision is None else None


def _last_decision(nights: Sequence[NightRecord]) -> RunDecided | None:
    for night in reversed(nights):
        if night.decision:
            return RunDecided(run_id=night.run_id, **night.decision.model_dump())
    return None
