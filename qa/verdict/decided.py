"""A run's document once a person has decided on it, and the one with the numbers of few people."""

from __future__ import annotations

from district.folder import NightFolder
from qa.contract import QaDocument, RunDecision
from qa.contract_types import Verdict
from qa.delivery.contract import Delivery
from qa.load.findings import once_decided
from qa.load.words import changes
from qa.verdict import headline
from qa.verdict.document_file import read_document
from qa.verdict.gate import DECISIONS


def uncut(night: NightFolder, document: QaDocument) -> QaDocument:
    """A run's document with the numbers of few people, too: for the unredacted edition.

    Raises:
        qa.verdict.document_file.DocumentError: the file with those numbers is damaged, or is another run's.
    """
    if not night.uncut_qa_json.exists():  # nothing was hidden
        return document
    everything, _ = read_document(night, night.uncut_qa_json)
    if document.decision:
        everything = decided(everything, document.decision)
    return with_delivery(everything, document.delivery) if document.delivery else everything


def with_delivery(document: QaDocument, delivery: Delivery) -> QaDocument:
    """A published run's document that says whether its import was delivered, and so what comes next."""
    step, owner = headline.after_publishing(document.findings, delivery)
    return document.model_copy(update={"delivery": delivery, "next_step": step, "next_owner": owner})


def decided(document: QaDocument, decision: RunDecision) -> QaDocument:
    """A held run's document once a person has decided: released it is published, discarded it stays held."""
    verdict: Verdict = "published" if decision.decision == "released" else "held"
    nights = [
        night.model_copy(update={"verdict": verdict}) if night.run_id == document.run_id else night
        for night in document.nights
    ]
    findings = once_decided(document.findings, decision.decision, document.district)
    faults = [finding.id for finding in findings if verdict == "held" or finding.level != "hold"]
    effect = [changes(document.load)] if document.load and verdict == "published" else []
    reason = " ".join([*effect, DECISIONS[decision.decision]])
    told = headline.once_decided(decision.decision, document.load, document.load_schools, findings)
    return document.model_copy(
        update=dict(  # noqa: C408
            verdict=verdict,
            headline=told.text,
            verdict_reason=reason,
            # A release begins a row of published runs.
            verdict_since=document.started_at if verdict == "published" else document.verdict_since,
            next_step=told.next_step,
            next_owner=told.next_owner,
            decision=decision,
            nights=nights,
            findings=findings,
            fix_first=next(iter(faults), None),
        )
    )
