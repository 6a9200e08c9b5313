"""Puts a run's qa.json together from the raw store and the warehouse, scans it, and writes it."""

from __future__ import annotations

import platform
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import duckdb

from district.folder import NightFolder
from district.private_files import write_private
from district.run_id import started_at
from district.settings import DistrictSettings
from extract.store.raw_store import open_store
from qa.built import Built, read_built
from qa.check_results import CheckResult
from qa.checks import check_of, sha256_of_definitions
from qa.contract import Pull, QaDocument, Run
from qa.contract_types import FailedStep
from qa.delivery.contract import Delivery
from qa.delivery.outcomes import INTERRUPTED
from qa.examples import with_reasons
from qa.failing.refused import Refused
from qa.findings import build_findings
from qa.history import History
from qa.load.contract import Carried, Load, SchoolEffect
from qa.load.effects import read_baseline_run
from qa.load.findings import Judged, our_changes, with_causes
from qa.load.redact import load_parts
from qa.load.refusals import refused_for_long, refusing_titles, with_refusing_check
from qa.load.words import reason
from qa.profile.labels import SeenLabel, labels_of, lines_of, own_fields_of, remember_labels, unrecognized
from qa.profile.people import completeness_of, guardians_per_student_of, school_completeness_of
from qa.profile.rows import Profiles
from qa.pull_checks import lacks_the_import, with_pull_checks
from qa.pulls import read_pulls, read_removed_labels, read_rows_before
from qa.redaction.labels import write_labels
from qa.redaction.pseudonyms import Pseudonyms
from qa.redaction.scan import Scanner
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import EVERYTHING_SHOWN, SmallPopulations, small_populations
from qa.redaction.withhold import without_leaks
from qa.verdict.decided import with_delivery
from qa.verdict.gate import decide
from qa.verdict.headline import Causes, headline_of
from qa.verdict.same_cause import one_for_each_cause, without_consequences
from qa.verdict.without_values import not_evaluated_without_values

__all__ = ["QaDocument", "write_qa_json"]

_PACKAGES = ("plus360-demographics", "dbt-core", "dbt-duckdb", "duckdb", "jinja2")


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
    Where the scan finds a personal value, the detail is left out and `run.detail_withheld` is true. Where a
    population is too small to be counted, the document with its numbers is in private/.

    Args:
        night: the run's folder.
        district_name: its name in the settings, as the report shows it.
        finished_at: end of its work on the data, with time zone.
        failed_step: the step that failed, if one did.
        scanner: the run's scanner; without one, the district's values are loaded for this file alone.
        settings: the district's; without them, nothing is said of what changed in them.
    """
    run_id = night.run_id
    built = read_built(night)
    with closing(open_store(night.district.raw)) as store:
        store.begin()  # labels, pseudonyms, schools: a commit of each row would take a second in a first run
        seen = remember_labels(store, run_id, built.profiles.labels)
        numbers = unrecognized(seen)
        pulls = [
            pull.model_copy(update={"unrecognized_labels": numbers.get(pull.endpoint, 0)})
            for pull in read_pulls(store, run_id)
        ]
        write_labels(night, lines_of(seen), read_removed_labels(store, run_id))
        baseline = _baseline_run(night) if built.load else None
        small = small_populations(
            pulls,
            read_rows_before(store, run_id),
            built.counts,
            built.load,
            has_baseline=baseline is not None,
        )
        results = with_refusing_check(
            not_evaluated_without_values(with_pull_checks(built.results, pulls)), built.refusals
        )
        history = History(store, run_id, settings.calendar if settings else None)
        judged = _Judging(night, built, pulls, seen, results, history, baseline, failed_step, settings)
        pseudonyms = Pseudonyms(store)
        renewal = Renewal(store, run_id)
        parts = _parts(judged, pseudonyms, small, renewal)
        renewal.write()
        all_parts = _parts(judged, pseudonyms, EVERYTHING_SHOWN, Renewal(None, run_id))
        store.commit()
    with nullcontext(scanner) if scanner else Scanner(night) as values:
        extent = values.extent
        document = QaDocument(
            district=night.district.key,
            district_name=district_name,
            run_id=run_id,
            started_at=started_at(run_id),
            finished_at=finished_at,
            verdict_since=judged.history.verdict_since(parts["verdict"]),
            decision=None,
            last_good=judged.history.last_good,
            run=Run(
                versions={
                    "python": platform.python_version(),
                    **{package: version(package) for package in _PACKAGES},
                },
                checks_sha256=sha256_of_definitions(built.results),
                scan=extent.model_copy(update={"values": None}) if "students" in small.marts else extent,
            ),
            **parts,
        )
        everything = document.model_copy(update=all_parts)
        if settings and settings.delivery and document.verdict == "published":
            # Until it is delivered, which comes after all else: so it says the truth where the run is killed.
            waits = Delivery.of(INTERRUPTED, finished_at)
            document, everything = with_delivery(document, waits), with_delivery(everything, waits)
        document = without_leaks(document, values, night)
    if parts == all_parts:
        night.uncut_qa_json.unlink(missing_ok=True)
    else:
        write_private(night.uncut_qa_json, everything.to_json())
    write_private(night.qa_json, document.to_json())
    return document


@dataclass(frozen=True)
class _Judging:
    """What a run's document is made of, whatever of it is shown."""

    night: NightFolder
    built: Built
    pulls: list[Pull]
    labels: list[SeenLabel]
    results: list[CheckResult]
    history: History
    baseline_run_id: str | None
    failed_step: FailedStep | None
    settings: DistrictSettings | None


def _parts(
    run: _Judging, pseudonyms: Pseudonyms, small: SmallPopulations, renewal: Renewal
) -> dict[str, Any]:
    """The parts of the document that depend on which populations are too small to be counted."""
    built, history = run.built, run.history
    load: Load | None = None
    schools: list[SchoolEffect] = []
    carried: list[Carried] = []
    findings = build_findings(
        run.results,
        run.pulls,
        built.failures,
        history,
        pseudonyms,
        failing=built.failing,
        refused=Refused(built.refused, built.counts.get("students", 0)),
        renewal=renewal,
        small=small,
    )
    findings = with_reasons(findings, built.profiles.reasons)
    is_partial = lacks_the_import(run.pulls)
    if (rows := built.load) is not None:
        if is_partial:  # no school is named, and so none is remembered as shown
            rows, renewal = rows.without_schools(), Renewal(None, run.night.run_id)
        load, schools, carried = load_parts(rows, run.baseline_run_id, pseudonyms, small, renewal)
        judged = Judged(
            run.night.district.key,
            load,
            schools,
            discarded=history.discarded,
            schools_over=[(hold.rule, hold.school) for hold in rows.holds if hold.school],
            our_changes=our_changes(run.night, run.baseline_run_id, run.settings),
            causes=rows.causes,
            titles=refusing_titles(run.results, built.refusals),
            again=refused_for_long(rows.carried, run.settings.carry_nights if run.settings else None),
        )
        findings = one_for_each_cause(with_causes(findings, judged), built.refusals, load)
        findings = without_consequences(findings, rows.explained)
    hidden = {result.check_id for result in run.results if small.hides(result)}
    carried = [
        kept.model_copy(update={"records": None}) if kept.check in hidden else kept for kept in carried
    ]
    checks = [check_of(result, history, is_hidden=result.check_id in hidden) for result in run.results]
    # A check that had no record to look at says nothing against the load.
    deciding = [check for check, its in zip(checks, run.results, strict=True) if not its.without_records]
    decision = decide(deciding, run.failed_step or (None if built.is_of_this_run else "build"), run.pulls)
    profiles = built.profiles
    if is_partial:  # what dbt built of the rest would look like a load that empties all
        load, schools, carried, profiles = None, [], [], Profiles(labels=profiles.labels)
    effect = reason(decision.verdict, load, schools) if load else None
    records = {pull.endpoint: pull.rows or 0 for pull in run.pulls}
    told = headline_of(
        decision.verdict, Causes(decision.reason, findings, run.results, run.pulls, load, schools)
    )
    return {
        "verdict": decision.verdict,
        "headline": told.text,
        "next_step": told.next_step,
        "next_owner": told.next_owner,
        "verdict_reason": effect or decision.reason,
        "load": load,
        "load_schools": schools,
        "carried": carried,
        "nights": history.nights(
            decision.verdict,
            checks,
            load,
            [file for file in ("students.csv", "guardians.csv") if small.hides_file(file)],
        ),
        "fix_first": findings[0].id if findings else None,
        "counts": small.counts_shown(built.counts),
        "pulls": [small.pull_shown(pull) for pull in run.pulls],
        "labels": labels_of(run.labels, records, small),
        "own_fields": own_fields_of(run.labels, records, small),
        "completeness": completeness_of(profiles, small),
        "school_completeness": school_completeness_of(profiles, pseudonyms, small, renewal),
        "guardians_per_student": guardians_per_student_of(profiles, small),
        "checks": checks,
        "findings": findings,
        "resolved": [
            check.id
            for check in checks
            if check.state == "passed" and check.id not in hidden and history.failing_runs(check.id)
        ],
    }


def _baseline_run(night: NightFolder) -> str | None:
    with closing(duckdb.connect(str(night.district.baseline), read_only=True)) as con:
        return read_baseline_run(con)
