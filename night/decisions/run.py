"""Decide on a held run: release it, or discard it. The link `published` says what is published.

A release is written into history and into the run's files first, then the link is switched. Whoever comes
next undoes what a killed command left: without the link switched, the run is held again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from district.folder import MANIFEST, DistrictFolder, NightFolder
from district.private_files import write_private
from night.decisions import history
from night.decisions.errors import RefusedError
from night.decisions.history import Decision
from night.export import ExportError, Manifest, sha256_of
from night.headline import load_headline
from night.publication.publish import announce, announced, publish
from night.record import NightRecord
from night.terminal.console import in_a_line
from qa.contract import QaDocument, RunDecision
from qa.load.words import changes
from qa.redaction.scan import Scanner
from qa.redaction.withhold import without_leaks
from qa.verdict.decided import decided
from qa.verdict.document_file import DocumentError, read_document


@dataclass(frozen=True)
class Decided:
    """A decision that stands.

    Attributes:
        headline: what it means: what the load does, or would have done.
        trouble: why there is no new report.
    """

    run_id: str
    headline: str
    trouble: str | None


def release_run(folder: DistrictFolder, run_id: str | None, reason: str | None) -> Decided:
    """Publish a held run; the district's lock must be held.

    Args:
        folder: the district's.
        run_id: which run; by default the one that waits for a decision.
        reason: why.

    Raises:
        RefusedError: there is nothing to decide, or the run's files are not those that were judged.
    """
    night, document = _waiting(folder, run_id)
    _refuse_changed_files(night)
    decision = Decision.now("released", night.run_id, reason=reason, holds=history.holds_of(night))
    headline = changes(document.load) if document.load else document.verdict_reason
    announce(night)
    write_private(night.undecided_qa_json, night.qa_json.read_text(encoding="utf-8"))
    try:
        history.record_decision(folder, decision)
        trouble = _tell(night, document, decision)
        publish(night)
    except Exception:
        with suppress(Exception):  # the next command does it
            repair_decision(folder)
        raise
    return Decided(night.run_id, headline, trouble)


def discard_run(folder: DistrictFolder, run_id: str | None, reason: str | None) -> Decided:
    """Keep what was published before a held run; the district's lock must be held.

    Raises:
        RefusedError: there is nothing to decide.
    """
    night, document = _waiting(folder, run_id)
    decision = Decision.now("discarded", night.run_id, reason=reason, holds=history.holds_of(night))
    history.record_decision(folder, decision)
    return Decided(night.run_id, document.verdict_reason, _tell(night, document, decision))


def held_by(folder: DistrictFolder) -> set[str]:
    """The rules because of which a run waits for a decision; empty where none waits."""
    if history.undecided_run(folder) is None:
        return set()
    night, _ = _waiting(folder, None)
    return {hold["rule"] for hold in history.holds_of(night)}


def repair_decision(folder: DistrictFolder) -> list[str]:
    """Finish, or undo, a decision whose command was killed; the district's lock must be held.

    Returns:
        What was done, in a line.
    """
    if (interrupted := announced(folder)) is not None and interrupted != folder.published:
        return _undo_release(interrupted)
    last = history.last_decision_on_a_run(folder)
    if last is None or last.run_id is None:
        return []
    night = folder.night(last.run_id)
    record = NightRecord.of(night)
    if record is not None and record.decision is not None:
        return []
    document = document_of(night)
    if document is None:
        return []
    published = folder.published
    if last.decision == "released" and (published is None or published.run_id < night.run_id):
        history.take_release_back(folder, night.run_id)
        return [f"the release of run {night.run_id} was interrupted: it waits for a decision again"]
    _tell(night, document, last)
    return [f"the command that {last.decision} run {night.run_id} was interrupted: its files say so now"]


def _undo_release(night: NightFolder) -> list[str]:
    """Let a run wait for a decision again whose release ended before the link was switched."""
    if not night.undecided_qa_json.exists():  # it was no release
        return []
    document = _document_in(night, night.undecided_qa_json)
    if document is None:  # what was judged is lost: the repair that follows takes the whole run back
        night.undecided_qa_json.unlink()
        return []
    decision = history.decision_on(night.district, night.run_id)
    if decision is not None and decision.decision == "released":
        history.take_release_back(night.district, night.run_id)
    write_files(night, document)
    night.undecided_qa_json.unlink()
    night.district.publishing.unlink(missing_ok=True)
    return [f"the release of run {night.run_id} was interrupted: it waits for a decision again"]


def record_of(night: NightFolder, document: QaDocument) -> NightRecord:
    """A run's night.json as qa.json has its verdict now."""
    record = NightRecord.of(night) or NightRecord.of_document(document)
    changed = {
        "verdict": document.verdict,
        "decision": document.decision,
        "headline": load_headline(document),
    }
    return record.model_copy(update=changed)


def _waiting(folder: DistrictFolder, run_id: str | None) -> tuple[NightFolder, QaDocument]:
    """The run that waits for a decision, and its qa.json."""
    waiting = history.undecided_run(folder)
    if waiting is None or run_id not in (None, waiting):
        raise RefusedError(_why_not(folder, run_id))
    night = folder.night(waiting)
    try:
        return night, read_document(night)[0]
    except DocumentError as error:
        raise RefusedError(f"no one can see what would be decided: {error}") from None


def _why_not(folder: DistrictFolder, run_id: str | None) -> str:
    records = history.runs_after(folder)
    if run_id is None:
        if not records:
            return f"there is nothing to decide: no run of {folder.key} was judged yet"
        run_id = records[-1].run_id
    # A run that an error stopped has a record, and no row of history.
    recorded = {record.run_id: record.verdict for record in records}
    verdict = history.verdict_of(folder, run_id) or recorded.get(run_id)
    if verdict is None:
        return f"{folder.key} has no run {run_id}"
    decision = history.decision_on(folder, run_id)
    if decision is None and verdict == "held" and records and records[-1].run_id > run_id:
        return (
            f"there is nothing to decide on run {run_id} of {folder.key}: "
            f"a later run, {records[-1].run_id}, was {records[-1].verdict}"
        )
    ended = decision.words if decision else verdict
    return f"there is nothing to decide: run {run_id} of {folder.key} was {ended}"


def _refuse_changed_files(night: NightFolder) -> None:
    """Refuse a run whose import is not, byte by byte, what was judged."""
    judged = history.imported_files(night.district, night.run_id)
    try:
        named = {name: file.sha256 for name, file in Manifest.of(night.export).files.items()}
    except ExportError:
        named = {}
    found = {name: sha256_of(night.export / name) for name in judged}
    faults = [
        f"{name} is missing" if not digest else f"{name} was changed after it was judged"
        for name, digest in found.items()
        if digest != judged[name]
    ]
    if not judged or named != judged:
        faults.append(f"{MANIFEST} is missing, or was changed after it was written")
    if not night.warehouse.exists():
        faults.append(f"{night.warehouse.name} is missing")
    if faults:
        raise RefusedError(
            f"run {night.run_id} can't be released: {', '.join(faults)}. "
            f"Run plus360 night {night.district.key} again"
        )


def document_of(night: NightFolder) -> QaDocument | None:
    """A run's qa.json; None where it can't be used."""
    return _document_in(night, night.qa_json)


def _document_in(night: NightFolder, path: Path) -> QaDocument | None:
    try:
        return read_document(night, path)[0]
    except (OSError, DocumentError):
        return None


def _tell(night: NightFolder, document: QaDocument, decision: Decision) -> str | None:
    """Write a decision into the run's files, night.json last: with it there, nothing is left to repair.

    Returns:
        Why there is no new report, or None.
    """
    made = {"decision": decision.decision, "decided_at": decision.decided_at}
    return write_files(night, decided(document, RunDecision.model_validate(made)))


def write_files(night: NightFolder, document: QaDocument) -> str | None:
    """Write what a run's files say now: qa.json, the report, night.json last.

    Returns:
        Why there is no new report, or None.
    """
    from qa.report.render import render_report  # noqa: PLC0415 - so that --help stays quick

    trouble = None
    with Scanner(night) as scanner:
        document = without_leaks(document, scanner, night)
        write_private(night.qa_json, document.to_json())
        try:
            render_report(night, "redacted", scanner)
            # It says what is no longer true. `plus360 report --unredacted` writes it again, with its links.
            night.unredacted_report.unlink(missing_ok=True)
        except Exception as error:  # a report that can't be written takes no decision back
            trouble = in_a_line(error)
    record_of(night, document).write(night)
    return trouble
