"""One district's night, step by step: pull, build, check, gate, publish, report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from district.credentials import consumer_secret
from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder
from district.run_id import new_run_id, started_at
from district.settings import DistrictSettings
from extract.errors import DistrictBusyError, ExtractError
from extract.pull import PullProgress, pull_district
from extract.store.raw_store import KEPT_RUNS, Pull
from night.dbt_build import build_warehouse
from night.errors import NightError, in_a_line
from night.events import Listener, NightEvent, Step
from night.publish import publish
from night.record import FILE_NAME, EndpointRows, NightRecord
from night.row_counts import count_rows
from qa.contract import Verdict
from qa.document import QaDocument, write_qa_json
from qa.history import record_night
from qa.redaction.allowed_text import Vocabulary
from qa.redaction.scan import Scanner
from qa.report.render import render_report


@dataclass(frozen=True)
class NightResult:
    """How one district's night ended, in words for the operator."""

    district: str
    verdict: Verdict
    headline: str
    report: Path | None = None
    trouble: str | None = None
    """What went wrong after the verdict: the night may be published and yet have no report."""

    @classmethod
    def died(cls, district: str, exit_code: int | None) -> NightResult:
        """The result of a district whose process ended without a word (killed, out of memory)."""
        return cls(
            district, "failed", f"its process ended by itself (exit {exit_code}); the last good night stays"
        )


def pull_night(district: DistrictSettings, *, data: Path, listen: Listener) -> tuple[str, list[Pull]]:
    """Pull the seven endpoints under a new run id.

    Raises:
        ExtractError: the whole district cannot be pulled; one endpoint's trouble is its Pull's state.
    """
    folder = DistrictFolder.of(data, district.key)
    steps = Steps(district.key, listen)
    run_id = new_run_id()
    with steps.step("extract"):
        return run_id, _pull(district, folder, run_id, steps)


def build_night(district: DistrictSettings, *, data: Path, run_id: str, listen: Listener) -> NightResult:
    """Build and check a run that was pulled; publish it if nothing stops it.

    Raises:
        NightError: another night of this district is under way.
    """
    folder = DistrictFolder.of(data, district.key)
    with _alone(folder):
        return _build(district, folder, run_id, Steps(district.key, listen))


def run_night(district: DistrictSettings, *, data: Path, listen: Listener) -> NightResult:
    """All of one district's night. Whatever happens to it ends in a result, never in an exception."""
    folder = DistrictFolder.of(data, district.key)
    steps = Steps(district.key, listen)
    run_id = new_run_id()
    try:
        with _alone(folder):
            try:
                with steps.step("extract"):
                    _pull(district, folder, run_id, steps)
                result = _build(district, folder, run_id, steps)
                return _with_report(result, data, folder, run_id, steps)
            except (NightError, DistrictBusyError):
                raise
            except Exception as error:
                result = NightResult(district.key, "failed", in_a_line(error))
                record_night_json(folder, run_id, result, steps)
                return result
    except (NightError, ExtractError) as error:
        return NightResult(district.key, "failed", str(error))


class Steps:
    """Tells the listener which step is under way, and keeps the seconds of each."""

    def __init__(self, district: str, listen: Listener) -> None:
        self.district = district
        self.listen = listen
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: Step) -> Iterator[None]:
        """Everything inside belongs to the step."""
        began = time.monotonic()
        self.listen(NightEvent(self.district, name, begins=True))
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - began, 3)


def _pull(district: DistrictSettings, folder: DistrictFolder, run_id: str, steps: Steps) -> list[Pull]:
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

    return pull_district(district, consumer_secret(district.key), folder.path, run_id, tell)


def _build(district: DistrictSettings, folder: DistrictFolder, run_id: str, steps: Steps) -> NightResult:
    with steps.step("build"):
        built = build_warehouse(district, folder, run_id)
    rows = count_rows(folder, run_id)
    broken = [f"integrity test failed: {words}" for words in built.broken_integrity]
    broken += [f"dbt could not build {model}" for model in built.crashed] + [
        f"rows of {endpoint} were lost or doubled on their way to the marts"
        for endpoint, counted in rows.items()
        if not counted.reconciled
    ]
    with steps.step("check"):
        document = write_qa_json(
            folder.path,
            district.key,
            district.name,
            run_id,
            started_at=started_at(run_id),
            finished_at=datetime.now(UTC),
            failed_step=("integrity" if built.broken_integrity else "build") if broken else None,
        )
    exported: dict[str, int] = {}
    if document.verdict == "published":
        with steps.step("publish"):
            exported = publish(folder, run_id)
    result = NightResult(district.key, document.verdict, _headline(document, exported, broken))
    record_night(folder.path, document)
    record_night_json(folder, run_id, result, steps, rows=rows, exported=exported, document=document)
    return result


def _headline(document: QaDocument, exported: dict[str, int], broken: list[str]) -> str:
    """What the operator reads first."""
    if document.verdict == "published":
        students, guardians = (exported[name] for name in ("students.csv", "guardians.csv"))
        return f"{students:,} students and {guardians:,} guardians are in the import."
    reasons = [finding.headline for finding in document.findings if finding.level == "stop"]
    return "Nothing is published. " + "; ".join(reasons + broken or [document.verdict_reason])


def _with_report(
    result: NightResult, data: Path, folder: DistrictFolder, run_id: str, steps: Steps
) -> NightResult:
    """The report comes last: a report that cannot be written takes no import back."""
    try:
        with steps.step("report"):
            report = render_report(data, folder.path.name, run_id, "redacted")
    except Exception as error:
        return replace(result, trouble=in_a_line(error))
    return replace(result, report=report)


def record_night_json(
    folder: DistrictFolder,
    run_id: str,
    result: NightResult,
    steps: Steps,
    *,
    rows: dict[str, EndpointRows] | None = None,
    exported: dict[str, int] | None = None,
    document: QaDocument | None = None,
) -> None:
    """Write night.json; what is words in it is held against the district's personal values first.

    The rest is counts, times and ids by its type, any of which may happen to equal a house number.
    """
    record = NightRecord(
        district=folder.path.name,
        run_id=run_id,
        started_at=started_at(run_id),
        finished_at=datetime.now(UTC),
        verdict=result.verdict,
        headline=result.headline,
        rows=rows or {},
        exported=exported or {},
        seconds=steps.seconds,
    )
    if document:
        with Scanner(folder.path) as scanner:
            scanner.check(FILE_NAME, record.model_dump_json(include={"headline"}), Vocabulary(document))
    record.write(folder.night(run_id))
    _forget_old_nights(folder)


def _forget_old_nights(folder: DistrictFolder) -> None:
    """Remove what is older than the kept nights, but never the published one."""
    published = folder.export.resolve().parent
    nights = sorted(path for path in folder.nights.iterdir() if path.is_dir())
    for night in nights[:-KEPT_RUNS]:
        if night != published:
            shutil.rmtree(night)


@contextmanager
def _alone(folder: DistrictFolder) -> Iterator[None]:
    try:
        with FileLock(folder.lock, timeout=0):
            yield
    except Timeout:
        raise NightError(f"{folder.path.name}: a night of this district is under way already") from None
