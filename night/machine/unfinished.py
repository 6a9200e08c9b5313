"""What is recorded of a run that can't say itself how it ended: killed, interrupted, or out of time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from district.folder import NightFolder
from night.publication.repair import withdraw
from night.record import NightRecord, NightResult
from qa.delivery.outcomes import BY_CODE
from qa.verdict.document_file import DocumentError, read_document

# In a run's own words only these are true without `published` naming it.
_JUDGED = ("held", "stopped")


def record_unfinished(night: NightFolder, result: NightResult, *, known: bool = False) -> NightResult:
    """Write night.json of a run whose process ended before it told its result.

    The link says whether the run was published: then all of it is there, and it is what it says it is. A run
    that was judged otherwise keeps that verdict.

    Args:
        night: the run's folder.
        result: failed or stopped, and why.
        known: whether that is why it ended; else the run's own record of its failure says more.

    Returns:
        The result as it is recorded.
    """
    record = NightRecord.of(night)
    if night == night.district.published:
        return _published(night, record, result)
    if record is not None and (record.verdict in _JUDGED or (record.verdict == "failed" and not known)):
        return replace(result, verdict=record.verdict, headline=record.headline)
    if night.qa_json.exists():  # it says more than is true: nothing was published, and no one decides on it
        with suppress(Exception):  # such as no room: the next run does it
            withdraw(night)
    changed = {
        "verdict": result.verdict,
        "finished_at": datetime.now(UTC),
        "repairs": list(result.repairs),
    }
    NightRecord.of_failed(night, result.headline).model_copy(update=changed).write(night)
    return result


def _published(night: NightFolder, record: NightRecord | None, result: NightResult) -> NightResult:
    """The result of a run that the link names: what its own files say of it."""
    try:
        document, _ = read_document(night)
    except (OSError, DocumentError):  # the next run repairs it
        headline = record.headline if record else "Published."
        return replace(result, verdict="published", headline=headline)
    delivery = document.delivery
    return replace(
        result,
        verdict="published",
        headline=record.headline if record else document.headline,
        undelivered=BY_CODE[delivery.outcome].words if delivery and delivery.state != "delivered" else None,
    )
