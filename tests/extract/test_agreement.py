"""The same fault has the same owner and the same fix in `check` and in the report, for every fault."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from district.folder import DistrictFolder
from district.run_id import new_run_id
from district.settings import DistrictSettings
from extract.outcomes import BY_CODE, FACTS, Outcome
from extract.preflight import setup_outcomes
from extract.preflight.checklist import check_district
from extract.pull import pull_district
from qa.document import write_qa_json
from sandbox import Profile, Sandbox
from sandbox.faults.catalog import FAULTS
from tests.extract.conftest import QUICK

PULL_CHECKS = {
    "pull__endpoints__complete", "pull__rows__reconciled", "pull__keys__unique_across_pages",
}  # fmt: skip

# How each fault leads to an error, and the outcome.
ERRORS: list[tuple[dict[str, dict[str, Any]], str]] = [
    ({"ignores_offset": {"endpoints": ["StudentContact"]}}, "repeated_page"),
    ({"false_total": {"endpoints": ["Student"]}}, "total_contradicted"),
    ({"windows_1252": {}, "nested_values": {}}, "not_utf8"),
    ({"odd_value": {"value": "NaN"}}, "not_json"),
    ({"odd_value": {"value": "[", "times": 100_000, "closing": "]"}}, "unreadable"),
    ({"odd_value": {"value": "9", "times": 10**6}}, "record_too_large"),
    ({"many_labels": {"labels": 2_001}}, "too_many_labels"),
    ({"empty_records": {"records": 250_001, "endpoints": ["School"]}}, "too_many_records"),
    ({"server_errors": {"status": 500}}, "server_error"),
    ({"server_errors": {"status": 503, "endpoints": ["Contact", "Student"]}}, "server_error"),
    ({"throttles": {"seconds": 60}}, "throttled"),
    ({"resets": {}}, "connection_broken"),
    ({"half_bodies": {"endpoints": ["Contact"]}}, "connection_broken"),
    ({"broken_gzip": {}}, "incomplete_answer"),
    ({"slow_bytes": {"pause_seconds": 60, "endpoints": ["Student"]}}, "silent"),
    ({"certificate": {"kind": "expired"}}, "certificate_expired"),
    ({"certificate": {"kind": "foreign"}}, "certificate_not_trusted"),
    ({"clock_off": {"minutes": 20}}, "clock_off"),
    ({"unauthorized": {"says": "denied"}}, "credentials_refused"),
    ({"unauthorized": {"says": "The profile is not active."}}, "profile_inactive"),
    ({"unauthorized": {"says": "bad signature"}}, "signature_refused"),
    ({"unauthorized": {"says": "nonce used"}}, "nonce_refused"),
    ({"unauthorized": {"says": "timestamp"}}, "timestamp_refused"),
    ({"not_found": {}}, "not_found"),
    ({"not_found": {"endpoints": ["UDRegUser"]}}, "not_found"),
    ({"html_page": {}}, "web_page"),
    ({"redirects": {}}, "redirected_to_http"),
    ({"redirects": {"to": "other host"}}, "redirected_to_another_host"),
]
# Seen only where every page is read, or nothing that a pull could not cope with.
NO_ERROR_IN_A_CHECK = {
    "ignores_limit", "repeats_page", "rows_come", "rows_go", "unstable_order",
    "duplicate_records", "total_drifts", "body_shape", "byte_order_mark",
    "duplicate_label", "null_page", "label_style", "label_names", "nested_values", "sensitive_labels",
    "gzip_members", "server_words",
}  # fmt: skip
# Below HTTP or at its edge: tests/extract/test_wire.py tries each of their answers.
OF_THE_WIRE = {"answers_twice", "raw_answer"}


def test_every_fault_is_here():
    of_errors = {name for faults, _ in ERRORS for name in faults}
    assert of_errors | NO_ERROR_IN_A_CHECK | OF_THE_WIRE == set(FAULTS)


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        *(({"faults": faults}, outcome) for faults, outcome in ERRORS),
        ({"profile": Profile.without("Contact")}, "not_subscribed"),
    ],
    ids=[*(f"{'-'.join(faults)}-{outcome}" for faults, outcome in ERRORS), "not-subscribed"],
)
def test_check_and_report_agree(pull, options, outcome):
    policy = replace(QUICK, attempts=3, silence_seconds=0.5)
    with Sandbox(pull.source, **options) as served:
        district: DistrictSettings = pull.district(served, time_budget_seconds=5.0)
        secret = SecretStr(served.consumer_secret)
        failed = check_district(district, secret).of("failed")
    with Sandbox(pull.source, **options) as served:
        district = pull.district(served, time_budget_seconds=5.0)
        night = DistrictFolder(pull.directory).make().night(new_run_id()).make()
        secret = SecretStr(served.consumer_secret)
        pull_district(district, secret, night, policy=policy)
    document = write_qa_json(night, district.name, finished_at=datetime.now(UTC))
    assert outcome in {one.outcome for one in document.pulls}
    findings = [finding for finding in document.findings if finding.id in PULL_CHECKS]
    assert {(item.owner, tuple(item.fix)) for item in failed} == {
        (finding.owner, tuple(finding.remedy)) for finding in findings
    }
    assert {finding.owner for finding in findings} == {BY_CODE[outcome].owner}


@pytest.mark.parametrize(
    ("fault", "outcome", "finding"),
    [
        ("unstable_order", "order_unstable", "pull__keys__unique_across_pages"),
        ("duplicate_records", "complete_with_duplicates", None),
    ],
)
def test_what_only_a_pull_sees_is_in_the_report_although_the_check_found_nothing(
    pull, fault, outcome, finding
):
    with Sandbox(pull.source, faults={fault: {"endpoints": ["StudentContact"]}}) as served:
        district: DistrictSettings = pull.district(served)
        secret = SecretStr(served.consumer_secret)
        assert check_district(district, secret).of("failed") == []
        night = DistrictFolder(pull.directory).make().night(new_run_id()).make()
        pull_district(district, secret, night, policy=QUICK)
    document = write_qa_json(night, district.name, finished_at=datetime.now(UTC))
    assert {one.outcome for one in document.pulls} == {"complete", outcome}
    found = {item.id: item for item in document.findings if item.id in PULL_CHECKS}
    assert list(found) == ([finding] if finding else [])
    if finding:
        (item,) = found.values()
        steps = BY_CODE[outcome].steps(["Get eSchoolPLUS/StudentContact (v1)"])
        assert (item.level, item.owner, item.remedy) == ("stop", BY_CODE[outcome].owner, steps)
        assert document.verdict == "stopped"


OUTCOMES = [*BY_CODE.values(), *(one for one in vars(setup_outcomes).values() if isinstance(one, Outcome))]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.code)
def test_every_outcome_says_who_can_fix_it_and_how(outcome):
    assert bool(outcome.fix) == bool(outcome.owner) == (outcome.state != "complete")
    steps = outcome.steps(["Get eSchoolPLUS/School (v1)", "Get eSchoolPLUS/Student (v1)"])
    for text in (outcome.meaning, *steps):
        assert text.isprintable()
        assert "{" not in text
        assert len(text) < 300
    assert all(step[0].isupper() and step.endswith(".") for step in steps)
    assert not outcome.transient or outcome.state in ("broken", "missing", "unreconciled")


def test_codes_are_unique_and_facts_are_numbers():
    assert len({outcome.code for outcome in OUTCOMES}) == len(OUTCOMES)
    assert all(words.format(1) for words in FACTS.values())
