"""Delivers the import of the published run, once, and says so in history, qa.json, the report and night.json.

Whatever goes wrong here takes no publication back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from district.credentials import CredentialError, Password
from district.folder import NightFolder
from district.settings import DistrictSettings
from district.settings.delivery import DeliverySettings
from extract.store.raw_store import NIGHT_PATIENCE_SECONDS, patient
from night.decisions.run import document_of, write_files
from night.delivery.record import DeliveryRecord, delivered_run, record_delivery
from night.events import Steps
from night.export import ExportError, Manifest, files_of
from night.publication.marts import copy_marts
from night.record import NightResult
from night.terminal.console import in_a_line
from qa.delivery import outcomes
from qa.delivery.contract import Delivery
from qa.delivery.outcomes import DELIVERED, DeliveryOutcome

NOT_WRITTEN_DOWN = "it was delivered, but that could not be written down: {}"


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
    night: NightFolder, district: DistrictSettings, password: Password, *, again: bool = False
) -> str | None:
    """Deliver a run's import where the settings say; the district's lock must be held.

    Only the run that `published` names is sent: a held, a stopped and an older one never are. None is sent
    twice, unless a person asks for it.

    Args:
        night: the run.
        district: its settings.
        password: of the login, or why there is none; None with a private key.
        again: whether to send a run that was delivered already.

    Returns:
        Why it was not delivered, in one line; None where it was, or nothing was to be delivered.
    """
    to = district.delivery
    if to is None or night != night.district.published:
        return None
    try:
        if not again and delivered_run(night.district) == night.run_id:
            return None
        return _deliver(night, to, password)
    except Exception as error:
        return in_a_line(error)


def _deliver(night: NightFolder, to: DeliverySettings, password: Password) -> str | None:
    started_at = datetime.now(UTC)
    manifest: Manifest | None = None
    outcome: DeliveryOutcome
    try:
        manifest = Manifest.of(night.export)
        outcome, words = _send(manifest, files_of(night, manifest), to, password)
    except ExportError:
        outcome, words = outcomes.FILES_CHANGED, outcomes.FILES_CHANGED.words
    finished_at = datetime.now(UTC)
    try:
        record_delivery(
            night.district,
            DeliveryRecord(night.run_id, started_at, finished_at, to.host, outcome.code),
            manifest,
        )
        if (document := document_of(night)) is not None:
            write_files(night, document.model_copy(update={"delivery": Delivery.of(outcome, finished_at)}))
    except Exception as error:
        return words or NOT_WRITTEN_DOWN.format(in_a_line(error))
    return words


def _send(
    manifest: Manifest, files: dict[str, bytes], to: DeliverySettings, password: Password
) -> tuple[DeliveryOutcome, str | None]:
    # Imported here: asyncssh takes a while, and most commands deliver nothing.
    from night.delivery.errors import DeliveryError  # noqa: PLC0415
    from night.delivery.sftp import send  # noqa: PLC0415
    from night.delivery.upload import Upload  # noqa: PLC0415

    if isinstance(password, CredentialError) and to.private_key_file is None:
        return outcomes.PASSWORD_UNREADABLE, outcomes.PASSWORD_UNREADABLE.words
    try:
        upload = Upload(manifest.district, files, manifest.content())
        send(upload, to, None if isinstance(password, CredentialError) else password)
    except DeliveryError as error:
        return error.outcome, str(error)
    except Exception as error:
        return outcomes.UNEXPECTED, f"{outcomes.UNEXPECTED.words} {in_a_line(error)}"
    return DELIVERED, None
