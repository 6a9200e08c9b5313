"""One district's nightly run, step by step: pull, build, check, gate, publish, report."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from district.credentials import CredentialError
from district.endpoints import ENDPOINTS
from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.run_id import new_run_id, started_at
from district.settings import DistrictSettings
from extract.pull import PullProgress, pull_district
from extract.store.pulls import Pull
from night.baseline import write_baseline
from night.dbt_build import BuildOutcome, build_warehouse
from night.decisions.history import paused_until, record_load
from night.decisions.pause import pause_words, today
from night.decisions.run import repair
from night.decisions.worklist import write_worklists
from night.events import Listener, NightEvent, Steps
from night.export import write_export
from night.headline import SENTENCES, headline
from night.lock import locked
from night.publish import forget_old_nights, publish
from night.record import EndpointRows, NightRecord, NightResult, count_rows, exported_shown, rows_shown
from night.terminal.console import in_a_line
from qa.contract_types import FailedStep
from qa.document import QaDocument, write_qa_json
from qa.history import record_night
from qa.redaction.scan import LeakError, Scanner
from qa.report.render import render_report


def pull_night(
    district: DistrictSettings, secret: SecretStr, *, data: Path, listen: Listener
) -> tuple[str, list[Pull]]:
    """Pull the seven endpoints under a new run id.

    Raises:
        Plus360Error: the whole district can't be pulled; one endpoint's trouble is its Pull's state.
    """
    night = DistrictFolder.of(data, district.key).make().night(new_run_id())
    steps = Steps(district.key, listen)
    with steps.step("extract"):
        pulls = _pull(district, secret, night, steps)
    # For `dbt build` by hand.
    write_baseline(night.district)
    return night.run_id, pulls


def build_night(district: DistrictSettings, *, data: Path, run_id: str, listen: Listener) -> NightResult:
    """Build and check a run that was pulled; publish it if nothing stops it.

    Raises:
        DistrictLockedError: another nightly run of this district is at work.
    """
    folder = DistrictFolder.of(data, district.key).make()
    with locked(folder):
        repair(folder)
        return _build(district, folder.night(run_id).make(), Steps(district.key, listen))


def run_night(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    *,
    data: Path,
    listen: Listener,
    run_id: str | None = None,
    with_report: bool = True,
) -> NightResult:
    """One district's whole nightly run. Whatever happens ends in a result, never in an exception.

    Args:
        district: where to and how.
        secret: the consumer secret, or why there is none.
        data: the folder of all districts.
        listen: told as the run moves on.
        run_id: of the run, where it is not one that starts now: the demo shows several days.
        with_report: whether to write the report.
    """
    steps = Steps(district.key, listen, started_at(run_id) if run_id else None)
    try:
        folder = DistrictFolder.of(data, district.key).make()
        with locked(folder):
            night = folder.night(run_id or new_run_id())
            return _run(district, secret, night, steps, with_report=with_report)
    except Exception as error:
        return NightResult.of_error(district.key, error)


def _run(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    night: NightFolder,
    steps: Steps,
    *,
    with_report: bool,
) -> NightResult:
    try:
        if until := paused_until(night.district, today()):
            return NightResult(district.key, "paused", pause_words(district.key, until))
        night.make()
        if isinstance(secret, CredentialError):
            raise secret  # noqa: TRY301 - it ends the run like any other error
        repair(night.district)
        with steps.step("extract"):
            _pull(district, secret, night, steps)
        return _build(district, night, steps, with_report=with_report)
    except Exception as error:
        result = NightResult.of_error(district.key, error)
        record_result(night, result, steps)
        return result


def _pull(district: DistrictSettings, secret: SecretStr, night: NightFolder, steps: Steps) -> list[Pull]:
    latest: dict[str, PullProgress] = {}

    def tell(progress: PullProgress) -> None:
        latest[progress.endpoint] = progress
        totals = [seen.reported_total for seen in latest.values()]
        steps.listen(
            NightEvent(
                district.key,
                "extract",
                rows=sum(seen.rows for seen in latest.values()),
                expected_rows=sum(filter(None, totals)) if len(latest) == len(ENDPOINTS) else None,
            )
        )

    return pull_district(district, secret, night, tell)


def _build(
    district: DistrictSettings, night: NightFolder, steps: Steps, *, with_report: bool = False
) -> NightResult:
    with steps.step("build"):
        built = build_warehouse(district, night)
    # Every personal value is loaded once for all of the run's files.
    with Scanner(night) as scanner:
        result = _check_and_publish(district, night, steps, built, scanner)
        return _with_report(result, night, steps, scanner) if with_report else result


def _check_and_publish(
    district: DistrictSettings, night: NightFolder, steps: Steps, built: BuildOutcome, scanner: Scanner
) -> NightResult:
    rows = count_rows(night)
    rows_lost = [endpoint for endpoint, counted in rows.items() if not counted.reconciled]
    with steps.step("check"):
        document = write_qa_json(
            night,
            district.name,
            finished_at=steps.now(),
            failed_step=_failed_step(built, rows_lost),
            scanner=scanner,
            settings=district,
        )
    exported: dict[str, int] = {}
    if document.verdict in ("published", "held"):
        with steps.step("publish"):
            files = write_export(night).files
            exported = {name: file.rows for name, file in files.items()}
            record_load(night, files)
            if document.verdict == "held":
                write_worklists(night)
            record_night(night.district.raw, document)
            if document.verdict == "published":
                publish(night)
    else:
        record_night(night.district.raw, document)
    words = headline(document, built=built, rows_lost=rows_lost)
    result = NightResult(district.key, document.verdict, words)
    record_result(night, result, steps, rows=rows, exported=exported, document=document, scanner=scanner)
    return result


def _failed_step(built: BuildOutcome, rows_lost: list[str]) -> FailedStep | None:
    if built.broken_integrity or rows_lost:
        return "integrity"
    return "build" if built.crashed else None


def _with_report(result: NightResult, night: NightFolder, steps: Steps, scanner: Scanner) -> NightResult:
    """The report comes last: a report that can't be written takes no import back."""
    try:
        with steps.step("report"):
            report = render_report(night, "redacted", scanner)
    except Exception as error:
        return replace(result, trouble=in_a_line(error))
    return replace(result, report=report)


def record_result(
    night: NightFolder,
    result: NightResult,
    steps: Steps,
    *,
    rows: dict[str, EndpointRows] | None = None,
    exported: dict[str, int] | None = None,
    document: QaDocument | None = None,
    scanner: Scanner | None = None,
) -> None:
    """Write night.json; a paused district's run leaves none.

    A headline that contains a personal value is replaced by the verdict's reason. The rest is counts, times
    and ids by its type, any of which may happen to equal a house number.
    """
    if result.verdict == "paused":
        return
    record = NightRecord(
        district=night.district.key,
        run_id=night.run_id,
        started_at=started_at(night.run_id),
        finished_at=steps.now(),
        verdict=result.verdict,
        headline=result.headline,
        rows=rows_shown(rows or {}, document) if document else {},
        exported=exported_shown(exported or {}, document) if document else {},
        seconds=steps.seconds,
    )
    if document and scanner:
        allowed = scanner.allowed_text(document, SENTENCES)
        try:
            scanner.check(night.record, record.model_dump_json(include={"headline"}), allowed)
        except LeakError:
            record = record.model_copy(update={"headline": document.verdict_reason})
    record.write(night)
    with suppress(Plus360Error):  # a damaged raw.duckdb was reported; what it says of old runs is not known
        forget_old_nights(night.district)
