"""Delivers the import of the published run, once, and says so in history, qa.json, the report and night.json.

Whatever goes wrong here takes no publication back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from district.credentials import Password
from district.folder import NightFolder
from district.settings import DistrictSettings
from district.settings.delivery import DeliverySettings
from extract.store.raw_store import NIGHT_PATIENCE_SECONDS, patient
from night.decisions.run import document_of, write_files
from night.delivery.attempt import Attempt, attempt_delivery
from night.delivery.record import DeliveryRecord, awaits_confirmation, delivered_run, record_delivery
from night.events import Steps
from night.export import ExportError, Manifest, files_of
from night.publication.marts import copy_marts
from night.record import NightResult
from night.terminal.console import in_a_line
from qa.delivery import outcomes
from qa.delivery.contract import Delivery
from qa.verdict.decided import with_delivery

NOT_WRITTEN_DOWN = "it was delivered, but that could not be written down: {}"
NOT_SAID = "{} This could not be written down: {}"


def handed_on(
    result: NightResult,
    night: NightFolder,
    district: DistrictSettings,
    steps: Steps,
    *,
    password: Password,
    parquet: bool,
) -> NightResult:
    """The result of a run; where it was published, it is copied and delivered, or the result says why not."""
    if result.verdict != "published":
        return result
    if parquet:
        result = replace(result, uncopied=copy_marts(night))
    if district.delivery:
        with patient(NIGHT_PATIENCE_SECONDS, steps.wait), steps.step("deliver"):
            result = replace(result, undelivered=deliver(night, district, password))
    return result


def deliver(
    night: NightFolder,
    district: DistrictSettings,
    password: Password,
    *,
    again: bool = False,
    confirmed: bool = False,
) -> str | None:
    """Deliver a run's import where the settings say; the district's lock must be held.

    Only the run that `published` names is sent: a held, a stopped and an older one never are. None is sent
    twice, unless a person asks for it.

    Args:
        night: the run.
        district: its settings.
        password: of the login, or why there is none; None with a private key.
        again: whether to send a run that was delivered already.
        confirmed: whether a person says now that the first delivery may be made.

    Returns:
        Why it was not delivered, in one line; None where it was, or nothing was to be delivered.
    """
    to = district.delivery
    if to is None or night != night.district.published:
        return None
    try:
        is_there = delivered_run(night.district) == night.run_id
        if is_there and not again:
            return None
        started_at = datetime.now(UTC)
        manifest: Manifest | None = None
        if not confirmed and awaits_confirmation(night.district):
            attempt = Attempt(outcomes.FIRST_UNCONFIRMED)
        else:
            manifest, attempt = _send(night, to, password)
        return _written_down(night, to, started_at, manifest, attempt, is_there=is_there)
    except Exception as error:
        return in_a_line(error)


def _send(night: NightFolder, to: DeliverySettings, password: Password) -> tuple[Manifest | None, Attempt]:
    try:
        manifest = Manifest.of(night.export)
        files = files_of(night, manifest)
    except ExportError:
        return None, Attempt(outcomes.FILES_CHANGED)
    return manifest, attempt_delivery(manifest, files, to, password)


def _written_down(
    night: NightFolder,
    to: DeliverySettings,
    started_at: datetime,
    manifest: Manifest | None,
    attempt: Attempt,
    *,
    is_there: bool,
) -> str | None:
    """Write into history and the run's files how a delivery ended; returns why there is none, in one line."""
    finished_at, untold = datetime.now(UTC), None
    try:
        record_delivery(
            night.district,
            DeliveryRecord(night.run_id, started_at, finished_at, to.host, attempt.outcome.code),
            manifest,
        )
        # An import that is there stays delivered where another attempt ended before it changed anything.
        stays = is_there and attempt.trouble is not None and not attempt.has_changed
        if not stays and (document := document_of(night)) is not None:
            said = Delivery.of(attempt.outcome, finished_at)
            untold = write_files(night, with_delivery(document, said))
    except Exception as error:
        untold = in_a_line(error)
    if untold is None:
        return attempt.trouble
    if attempt.trouble:
        return NOT_SAID.format(attempt.trouble, untold)
    return NOT_WRITTEN_DOWN.format(untold)
