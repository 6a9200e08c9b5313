"""Puts a run's qa.json together from the raw store and the warehouse, scans it, and writes it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version

import duckdb

from district.endpoints import ENDPOINTS
from district.folder import NightFolder
from district.private_files import write_private
from district.run_id import started_at
from district.settings import DistrictSettings
from extract.store.raw_store import open_store
from qa.check_results import CheckResult, Failure, Refusal, open_results
from qa.contract import Check, Pull, QaDocument, Run, RunDecision
from qa.contract_types import FailedStep, Verdict
from qa.findings import build_findings, with_pull_checks
from qa.gate import DECISIONS, decide
from qa.history import History, read_pulls, read_removed_labels
from qa.load.contract import Carried, Load, SchoolEffect
from qa.load.effects import LoadRows, read_baseline_run
from qa.load.findings import Judged, once_decided, our_changes, with_causes
from qa.load.redact import counts_shown, load_parts
from qa.load.refusals import refusals_of_carried, refused_for_long, refusing_titles, with_refusing_check
from qa.load.words import changes, reason
from qa.redaction.labels import write_labels
from qa.redaction.pseudonyms import Pseudonyms
from qa.redaction.scan import Scanner
from qa.redaction.withhold import without_leaks
from qa.warehouse import WarehouseError

__all__ = ["QaDocument", "decided", "write_qa_json"]

_MARTS = (
    *(endpoint.mart for endpoint in ENDPOINTS),
    "quarantined_records",
    "import_students",
    "import_guardians",
    "import_rejects",
    "import_carried",
)
_PACKAGES = ("plus360-demographics", "dbt-core", "dbt-duckdb", "duckdb", "papermill", "nbconvert")


def write_qa_json(
    night: NightFolder,
    district_name: str,
    *,
    finished_at: datetime,
    failed_step: FailedStep | None = None,
    scanner: Scanner | None = None,
    settings: DistrictSettings | None = None,
) -> QaDocument:
    """Write a run's qa.json, including its verdict, and return what was written.

    Needs no warehouse: where dbt left none for this run, the pulls and the verdict are reported all the same.
    Where the scan finds a personal value, the detail is left out and `run.detail_withheld` is true.

    Args:
        night: the run's folder.
        district_name: its name in the settings, as the report shows it.
        finished_at: end of its work on the data, with time zone.
        failed_step: the step that failed, if one did.
        scanner: the run's scanner; without one, the district's values are loaded for this file alone.
        settings: the district's; without them, nothing is said of what changed in them.
    """
    run_id = night.run_id
    built = _read_warehouse(night)
    with closing(open_store(night.district.raw)) as store:
        pulls = _with_unrecognized_labels(read_pulls(store, run_id), built)
        write_labels(night, built.unrecognized_labels, read_removed_labels(store, run_id))
        history = History(store, run_id)
        pseudonyms = Pseudonyms(store)
        load, schools, carried = _load(night, built.load, pseudonyms)
        results = with_refusing_check(with_pull_checks(built.results, pulls), built.refusals)
        findings = build_findings(results, pulls, built.failures, history, pseudonyms)
        if load is not None and built.load is not None:
            carry_nights = settings.carry_nights if settings else None
            judged = Judged(
                night.district.key,
                load,
                schools,
                discarded=history.discarded,
                our_changes=our_changes(night, load.baseline_run_id, settings),
                titles=refusing_titles(results, built.refusals),
                again=refused_for_long(built.load.carried, carry_nights),
            )
            findings = with_causes(findings, judged)
    with nullcontext(scanner) if scanner else Scanner(night) as values:
        checks = [_check(result, history) for result in results]
        # A check that had no record to look at says nothing against the load.
        deciding = [check for check, its in zip(checks, results, strict=True) if not its.without_records]
        decision = decide(deciding, failed_step or (None if built.is_of_this_run else "build"), pulls)
        effect = reason(decision.verdict, load, schools) if load else None
        document = QaDocument(
            district=night.district.key,
            district_name=district_name,
            run_id=run_id,
            started_at=started_at(run_id),
            finished_at=finished_at,
            verdict=decision.verdict,
            verdict_reason=effect or decision.reason,
            decision=None,
            load=load,
            load_schools=schools,
            carried=carried,
            fix_first=findings[0].id if findings else None,
            last_good=history.last_good,
            counts=counts_shown(built.counts, load),
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
                scan=values.extent,
            ),
        )
        document = without_leaks(document, values, night)
    write_private(night.qa_json, document.to_json())
    return document


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
    return document.model_copy(
        update=dict(  # noqa: C408
            verdict=verdict,
            verdict_reason=reason,
            decision=decision,
            nights=nights,
            findings=findings,
            fix_first=next(iter(faults), None),
        )
    )


@dataclass(frozen=True)
class _Built:
    """What dbt built in a run; without its warehouse, the checks by name only, none of them evaluated."""

    is_of_this_run: bool
    results: list[CheckResult]
    counts: dict[str, int]
    failures: dict[str, list[Failure]]
    unrecognized_labels: list[tuple[str, str, int, int]]
    refusals: list[Refusal]
    load: LoadRows | None


def _read_warehouse(night: NightFolder) -> _Built:
    with open_results(night) as warehouse:
        if warehouse is not None and warehouse.run_id() == night.run_id:
            results = warehouse.results()
            failed = [result.check_id for result in results if result.state == "failed"]
            load = warehouse.load()
            return _Built(
                True,
                results,
                warehouse.counts(_MARTS),
                warehouse.examples(failed),
                warehouse.unrecognized_labels(),
                [*warehouse.refusals(), *refusals_of_carried(load.carried if load else [])],
                load,
            )
    known: list[CheckResult] = []
    with suppress(WarehouseError), open_results(night.district.published) as warehouse:
        known = warehouse.results() if warehouse is not None else []
    unknown = [
        replace(result, state="not_evaluated", failed=0, total=0, without_records=False) for result in known
    ]
    return _Built(False, unknown, {}, {}, [], [], None)


def _load(
    night: NightFolder, rows: LoadRows | None, pseudonyms: Pseudonyms
) -> tuple[Load | None, list[SchoolEffect], list[Carried]]:
    if rows is None:
        return None, [], []
    with closing(duckdb.connect(str(night.district.baseline), read_only=True)) as con:
        return load_parts(rows, read_baseline_run(con), pseudonyms)


def _with_unrecognized_labels(pulls: Sequence[Pull], built: _Built) -> list[Pull]:
    numbers = Counter(endpoint for endpoint, *_ in built.unrecognized_labels)
    return [pull.model_copy(update={"unrecognized_labels": numbers[pull.endpoint]}) for pull in pulls]


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
    """Of what the checks say and compare, not of their results in this run."""
    if not results:
        return None
    definitions = [
        asdict(replace(result, state="passed", failed=0, total=0, without_records=False))
        for result in results
    ]
    return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()
