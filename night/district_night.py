"""One district's nightly run, step by step: pull, build, check, report, publish."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
from pydantic import SecretStr

from district.credentials import CredentialError, Password
from district.folder import DistrictFolder, NightFolder
from district.run_id import new_run_id, started_at
from district.settings import DistrictSettings
from extract.errors import StoreUnreadableError
from extract.store.database_faults import is_damaged
from extract.store.pulls import Pull
from extract.store.raw_store import NIGHT_PATIENCE_SECONDS, patient
from extract.store.store_errors import error_of
from night.baseline import write_baseline
from night.dbt_build import BuildOutcome, build_warehouse
from night.decisions.errors import RefusedError
from night.decisions.history import paused_until
from night.decisions.pause import today
from night.delivery.deliver import handed_on
from night.events import Listener, Steps
from night.headline import headline
from night.lock import locked
from night.notebooks.nightly import with_notebooks
from night.publication.leftovers import put_away_if_damaged, rebuild_raw
from night.publication.publish import announce, outdated, publish, write_history, write_import
from night.publication.repair import repair, start_over, withdraw
from night.pull import pull_endpoints
from night.record import NightRecord, NightResult, record_result
from night.rows import count_rows
from night.status.words import pause_words
from night.terminal.console import in_a_line
from qa.contract_types import FailedStep
from qa.document import write_qa_json
from qa.redaction.scan import Scanner
from qa.report.render import render_report


def pull_night(
    district: DistrictSettings, secret: SecretStr, *, data: Path, listen: Listener
) -> tuple[str, list[Pull], list[str]]:
    """Pull the seven endpoints under a new run id, after the same repairs as a nightly run.

    Returns:
        The run's id, its pulls, and what was repaired.

    Raises:
        Plus360Error: the whole district can't be pulled; one endpoint's trouble is its Pull's state.
    """
    night = DistrictFolder.of(data, district.key).make().night(new_run_id())
    steps = Steps(district.key, listen, run_id=night.run_id)
    with locked(night.district, "extract"):
        repairs = repair(night.district)
        with steps.step("extract"):
            pulls = pull_endpoints(district, secret, night, steps)
        write_baseline(night.district, delivers=district.delivery is not None)  # for `dbt build` by hand
    return night.run_id, pulls, repairs


def build_night(
    district: DistrictSettings,
    *,
    data: Path,
    run_id: str,
    listen: Listener,
    password: Password = None,
    parquet: bool = False,
) -> NightResult:
    """Build and check a run that was pulled; publish and deliver it if nothing stops it.

    Raises:
        DistrictLockedError: another nightly run of this district is at work.
    """
    folder = DistrictFolder.of(data, district.key).make()
    steps = Steps(district.key, listen, run_id=run_id)
    with locked(folder, "build"):
        night = folder.night(run_id)
        if night == folder.published:
            raise RefusedError(f"run {run_id} of {folder.key} is published already")
        result = _to_its_end(
            night,
            steps,
            # Made after the repair: a folder without a night.json is one of a run that was killed.
            lambda repairs: _build(district, night.make(), steps, repairs, with_report=False),
        )
        result = handed_on(result, night, district, steps, password=password, parquet=parquet)
    return with_notebooks(result, night, district, steps)


def run_night(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    *,
    data: Path,
    listen: Listener,
    run_id: str | None = None,
    with_report: bool = True,
    password: Password = None,
    parquet: bool = False,
) -> NightResult:
    """One district's whole nightly run. Whatever happens ends in a result, never in an exception.

    Args:
        district: where to and how.
        secret: the consumer secret, or why there is none.
        data: the folder of all districts.
        listen: told as the run moves on.
        run_id: of the run, where it is not one that starts now: the demo shows several days.
        with_report: whether to write the report.
        password: with which its import is delivered; None with a private key, or where none is delivered.
        parquet: whether its marts are written to data/marts as well.
    """
    start, run_id = started_at(run_id) if run_id else None, run_id or new_run_id()
    steps = Steps(district.key, listen, start, run_id=run_id)
    try:
        folder = DistrictFolder.of(data, district.key).make()
        with locked(folder, "night"):
            night = folder.night(run_id)
            result = _to_its_end(
                night,
                steps,
                lambda repairs: _run(district, secret, night, steps, repairs, with_report=with_report),
            )
            result = handed_on(result, night, district, steps, password=password, parquet=parquet)
        return with_notebooks(result, night, district, steps)
    except Exception as error:
        return NightResult.of_error(district.key, error)


def _to_its_end(night: NightFolder, steps: Steps, run: Callable[[list[str]], NightResult]) -> NightResult:
    """Repair what was left, then run; an error ends the run as failed or stopped, and its folder says so."""
    repairs: list[str] = []
    try:
        with patient(NIGHT_PATIENCE_SECONDS, steps.wait):
            return _again_if_damaged(night, repairs, lambda: _repair_and_run(night, steps, repairs, run))
    except Exception as error:
        if night == night.district.published and (record := NightRecord.of(night)):
            # The link was switched: what came after that takes nothing back.
            return NightResult(record.district, record.verdict, record.headline, repairs=tuple(repairs))
        result = replace(NightResult.of_error(night.district.key, error), repairs=tuple(repairs))
        with suppress(Exception), patient(0):  # the next run's repair does it
            withdraw(night)
        record_result(night, result, steps)
        with suppress(OSError):
            outdated(night.district, night).remove()
        return result


def _again_if_damaged(night: NightFolder, repairs: list[str], run: Callable[[], NightResult]) -> NightResult:
    """Run; where raw.duckdb turns out to be damaged, make a new one and run once more from the start."""
    try:
        return run()
    except (duckdb.Error, StoreUnreadableError):
        rebuilt = rebuild_raw(night.district, schema=None)
        if not rebuilt:
            raise
    repairs += rebuilt
    return run()


def _repair_and_run(
    night: NightFolder, steps: Steps, repairs: list[str], run: Callable[[list[str]], NightResult]
) -> NightResult:
    with steps.step("prepare"):
        repairs += repair(night.district)
        start_over(night)
    return run(repairs)


def _run(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    night: NightFolder,
    steps: Steps,
    repairs: list[str],
    *,
    with_report: bool,
) -> NightResult:
    if until := paused_until(night.district, today()):
        words = pause_words(district.key, until)
        return NightResult(district.key, "paused", words, repairs=tuple(repairs))
    if isinstance(secret, CredentialError):
        raise secret
    night.make()
    with steps.step("extract"):
        pull_endpoints(district, secret, night, steps)
    return _build(district, night, steps, repairs, with_report=with_report)


def _build(
    district: DistrictSettings, night: NightFolder, steps: Steps, repairs: list[str], *, with_report: bool
) -> NightResult:
    """Build, check, report; then history, night.json, and last the link. Nothing but old runs comes after."""
    with steps.step("build"):
        built = build_warehouse(district, night)
    if built.crashed and is_damaged(night.district.raw):
        raise error_of(night.district.raw, "damaged")
    # Every personal value is loaded once for all of the run's files.
    with Scanner(night) as scanner:
        repairs += map(put_away_if_damaged, scanner.unreadable)
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
            files = write_import(night, document.verdict)
        report, trouble = _write_report(night, steps, scanner) if with_report else (None, None)
        words = headline(document, built=built, rows_lost=rows_lost)
        result = NightResult(district.key, document.verdict, words, report, trouble, tuple(repairs))
        with steps.step("publish"):
            if document.verdict == "published":
                announce(night)
            write_history(night, document, files)
        exported = {name: file.rows for name, file in files.items()}
        record = record_result(
            night, result, steps, rows=rows, exported=exported, document=document, scanner=scanner
        )
    old = outdated(night.district, night)
    if document.verdict == "published":
        publish(night)
    old.remove()
    return replace(result, headline=record.headline)  # as it was scanned


def _write_report(night: NightFolder, steps: Steps, scanner: Scanner) -> tuple[Path | None, str | None]:
    """The report, or why there is none: it costs no import."""
    try:
        with steps.step("report"):
            return render_report(night, "redacted", scanner), None
    except Exception as error:
        return None, in_a_line(error)


def _failed_step(built: BuildOutcome, rows_lost: list[str]) -> FailedStep | None:
    if built.broken_integrity or rows_lost:
        return "integrity"
    return "build" if built.crashed else None
