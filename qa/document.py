"""Puts a night's qa.json together out of the raw store and the warehouse, scans it, and writes it."""

from __future__ import annotations

import hashlib
import json
import platform
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from district.endpoints import ENDPOINTS
from district.private_files import write_private
from extract.store.raw_store import open_store
from qa.check_results import CheckResult, Failure, Refusal, open_warehouse
from qa.contract import Check, FailedStep, QaDocument, Run
from qa.findings import build_findings, with_endpoints_check, with_refusing_check
from qa.gate import decide
from qa.history import History, read_pulls
from qa.redaction.allowed_text import Vocabulary
from qa.redaction.pseudonyms import Pseudonyms
from qa.redaction.scan import Scanner

__all__ = ["QaDocument", "write_qa_json"]

_MARTS = (
    *(endpoint.mart for endpoint in ENDPOINTS),
    "quarantined_records",
    "import_students",
    "import_guardians",
    "import_rejects",
)
_PACKAGES = ("plus360-demographics", "dbt-core", "dbt-duckdb", "duckdb", "papermill", "nbconvert")


def write_qa_json(  # noqa: PLR0917 - the night calls it by name or in this order
    directory: Path,
    district_key: str,
    district_name: str,
    run_id: str,
    started_at: datetime,
    finished_at: datetime,
    failed_step: FailedStep | None = None,
) -> QaDocument:
    """Write nights/<run_id>/qa.json of a district, its verdict included.

    Needs no warehouse: where dbt left none for this run, the pulls and the verdict are told all the same.

    Args:
        directory: the district's folder, data/<district>/.
        district_key: its key in the settings.
        district_name: its name in the settings, as the report shows it.
        run_id: the night.
        started_at: start of the night, with time zone.
        finished_at: end of its work on the data, with time zone.
        failed_step: the step that broke off, where the night did not come to its end.

    Raises:
        qa.redaction.scan.LeakError: the document holds a personal value; nothing was written.
    """
    built = _read_warehouse(directory, run_id)
    with Scanner(directory) as scanner, closing(open_store(directory / "raw.duckdb")) as store:
        pulls = read_pulls(store, run_id)
        history = History(store, run_id)
        results = with_refusing_check(with_endpoints_check(built.results, pulls), built.refusals)
        findings = build_findings(results, pulls, built.failures, history, Pseudonyms(store))
        checks = [_check(result, history) for result in results]
        decision = decide(checks, failed_step or (None if built.is_of_this_run else "build"))
        document = QaDocument(
            district=district_key,
            district_name=district_name,
            run_id=run_id,
            started_at=started_at,
            finished_at=finished_at,
            verdict=decision.verdict,
            verdict_reason=decision.reason,
            first_to_mend=findings[0].id if findings else None,
            last_good=history.last_good,
            counts=built.counts,
            pulls=pulls,
            checks=checks,
            findings=findings,
            resolved=[
                check.id for check in checks if check.state == "passed" and history.failing_runs(check.id)
            ],
            nights=history.nights(decision.verdict),
            run=Run(
                versions={
                    "python": platform.python_version(),
                    **{package: version(package) for package in _PACKAGES},
                },
                checks_sha256=_sha256_of_definitions(built.results),
                scan=scanner.extent,
            ),
        )
        place = directory / "nights" / run_id / "qa.json"
        text = document.to_json()
        scanner.check(place, text, Vocabulary(document))
    write_private(place, text)
    return document


@dataclass(frozen=True)
class _Built:
    """What dbt made of a run; without its warehouse, the checks by name only, none of them evaluated."""

    is_of_this_run: bool
    results: list[CheckResult]
    counts: dict[str, int]
    failures: dict[str, list[Failure]]
    refusals: list[Refusal]


def _read_warehouse(directory: Path, run_id: str) -> _Built:
    tonights, published = directory / "build" / "warehouse.duckdb", directory / "warehouse.duckdb"
    for path in (tonights, published):
        with open_warehouse(path) as warehouse:
            if warehouse is not None and warehouse.run_id() == run_id:
                results = warehouse.results()
                failed = [result.check_id for result in results if result.state == "failed"]
                counts, examples = warehouse.counts(_MARTS), warehouse.examples(failed)
                return _Built(True, results, counts, examples, warehouse.refusals())
    with open_warehouse(published) as warehouse:
        known = warehouse.results() if warehouse is not None else []
    return _Built(
        False, [replace(result, state="not_evaluated", failed=0, total=0) for result in known], {}, {}, []
    )


def _check(result: CheckResult, history: History) -> Check:
    return Check(
        id=result.check_id,
        level=result.level,
        state=result.state,
        failed=result.failed,
        total=result.total,
        title=result.title,
        population=result.population,
        owner=result.owner,
        trend=history.trend(result.check_id, result.state, result.failed),
    )


def _sha256_of_definitions(results: list[CheckResult]) -> str | None:
    """Of what the checks say and hold against, not of how they ended tonight."""
    if not results:
        return None
    definitions = [asdict(replace(result, state="passed", failed=0, total=0)) for result in results]
    return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()
