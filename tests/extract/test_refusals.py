"""Servers that fail for a while cost time; what other servers do is recorded, with what to do about it."""

import re
import socket
import time
from dataclasses import replace
from email.utils import formatdate

import pytest

from extract.api.classify import seconds_to_wait
from extract.outcomes import BY_CODE
from extract.store.raw_store import FILE_NAME
from sandbox import Profile, Sandbox
from tests.extract.conftest import QUICK


@pytest.mark.parametrize(
    "fault",
    [
        {"server_errors": {"status": 500, "first": 2}},
        {"server_errors": {"status": 502, "rate": 0.2}},
        {"server_errors": {"status": 503, "rate": 0.2}},
        {"resets": {"rate": 0.2}},
        {"half_bodies": {"rate": 0.2}},
        {"broken_gzip": {"rate": 0.2}},
        {"throttles": {"status": 429, "seconds": 0, "every": 5}},
        {"throttles": {"status": 503, "seconds": 1, "every": 10, "form": "date"}},
        {"throttles": {"status": 429, "form": "none", "every": 5}},
        {"slow_bytes": {"pause_seconds": 0.001, "rate": 0.1}},
    ],
    ids=lambda fault: "-".join([*fault, *(str(value) for value in next(iter(fault.values())).values())]),
)
def test_passing_trouble_costs_nothing_but_time(pull, every_row_once, fault):
    pulled = pull(faults=fault)
    every_row_once(pulled)
    if "slow_bytes" not in fault:
        assert sum(found.retries for found in pulled.pulls.values()) > 0


def test_the_usual_bad_night_costs_nothing_but_time(pull, every_row_once):
    pulled = pull(
        {"page_size": 10},
        faults={
            "server_errors": {"rate": 0.05},
            "half_bodies": {"rate": 0.02},
            "throttles": {"every": 20, "seconds": 0},
        },
    )
    every_row_once(pulled)
    assert sum(found.retries for found in pulled.pulls.values()) > 5


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), (" 7 ", 7), ("soon", None), ("", None), ("-1", None), ("9" * 5000, None), (None, None)],
)
def test_retry_after(value, seconds):
    assert seconds_to_wait(value) == seconds


def test_retry_after_may_be_a_date():
    assert seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert 50 < seconds_to_wait(formatdate(time.time() + 60, usegmt=True)) <= 60


def test_retry_after_is_waited_for(pull, every_row_once):
    pulled = pull(faults={"throttles": {"first": 1, "seconds": 1, "endpoints": ["School"]}})
    every_row_once(pulled)
    assert pulled.pulls["School"].seconds > 1


# What the server is like, and what plus360.pulls says of it.
REFUSALS = [
    ({"profile": Profile(active=False)}, "refused", 401, "credentials_refused"),
    ({"secret": "wrong-secret"}, "refused", 401, "credentials_refused"),
    ({"settings": {"consumer_key": "OneRoster_XYZ_123"}}, "refused", 401, "credentials_refused"),
    ({"faults": {"unauthorized": {"says": "The caller is Not Active."}}}, "refused", 401, "profile_inactive"),
    ({"faults": {"unauthorized": {"says": "INACTIVE profile"}}}, "refused", 401, "profile_inactive"),
    (
        {"faults": {"unauthorized": {"says": "signature_invalid: oauth_nonce=1&oauth_timestamp=2"}}},
        "refused",
        401,
        "signature_refused",
    ),
    ({"faults": {"unauthorized": {"says": "Nonce was used"}}}, "refused", 401, "nonce_refused"),
    ({"faults": {"unauthorized": {"says": "timestamp refused"}}}, "refused", 401, "timestamp_refused"),
    ({"faults": {"clock_off": {"minutes": 20}}}, "refused", 401, "clock_off"),
    ({"profile": Profile(subscriptions=())}, "refused", 403, "not_subscribed"),
    ({"faults": {"not_found": {}}}, "refused", 404, "not_found"),
    ({"faults": {"html_page": {"title": "Down for <b>maintenance</b>"}}}, "refused", 200, "web_page"),
    ({"faults": {"redirects": {"to": "http"}}}, "refused", 302, "redirected_to_http"),
    (
        {"faults": {"redirects": {"to": "other host", "status": 307}}},
        "refused",
        307,
        "redirected_to_another_host",
    ),
    ({"faults": {"certificate": {"kind": "expired"}}}, "broken", None, "certificate_expired"),
    ({"faults": {"certificate": {"kind": "foreign"}}}, "broken", None, "certificate_not_trusted"),
    ({"faults": {"server_errors": {"status": 500}}}, "broken", 500, "server_error"),
    ({"faults": {"resets": {}}}, "broken", None, "connection_broken"),
    ({"faults": {"half_bodies": {}}}, "broken", None, "connection_broken"),
    ({"faults": {"broken_gzip": {}}}, "broken", None, "incomplete_answer"),
    ({"faults": {"nested_values": {}, "windows_1252": {}}}, "broken", 200, "not_utf8"),
    (
        {"settings": {"base_url": "https://no-such-host.invalid/plus360api/v1/abc/"}},
        "broken",
        None,
        "host_not_found",
    ),
]


@pytest.mark.parametrize(("options", "state", "status", "outcome"), REFUSALS)
def test_what_happened_is_recorded_and_told_in_one_line(pull, options, state, status, outcome):
    pulled = pull(policy=replace(QUICK, attempts=3), **options)
    for found in pulled.pulls.values():
        assert (found.state, found.http_status, found.outcome) == (state, status, outcome), found.message
        assert found.message.startswith(BY_CODE[outcome].meaning)
        _assert_says_nothing_it_should_not(found.message, pull.box)
    assert pulled.records("School") == []


@pytest.mark.parametrize(("minutes", "told"), [(20, "seconds behind"), (-20, "seconds ahead of")])
def test_the_clock_difference_is_told(pull, minutes, told):
    message = pull(faults={"clock_off": {"minutes": minutes}}).pulls["School"].message
    seconds = re.search(r"(\d+) " + told, message)
    assert seconds, message
    # The Date header has whole seconds, and the answer takes a moment.
    assert abs(int(seconds.group(1)) - 1200) <= 30


def test_a_failing_server_is_told_with_its_status_and_the_attempts(pull):
    pulled = pull(policy=replace(QUICK, attempts=3), faults={"server_errors": {"status": 503}})
    assert pulled.pulls["School"].message == "the server failed (5xx) (status 503, 3 attempts)"


def test_a_refused_connection_is_named(pull):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = pull({"base_url": f"https://localhost:{taken.getsockname()[1]}/plus360api/v1/abc/"})
    assert refused.pulls["School"].outcome == "connection_refused"


def test_an_address_without_the_code_of_the_consumer_key_is_told_from_an_old_release(pull, small_source):
    with Sandbox(small_source, abc="other") as other:
        wrong = other.base_url.replace("/other/", "/abc/")
        pulled = pull(
            {"base_url": wrong, "ca_bundle": other.ca_bundle, "consumer_key": other.consumer_key},
            secret=other.consumer_secret,
        )
    found = pulled.pulls["School"]
    assert found.outcome == "wrong_code"
    assert found.fix[0].startswith("plus360 operator: Correct base_url")


def test_a_server_that_drips_is_given_up(pull):
    pulled = pull(
        policy=replace(QUICK, attempts=2, page_seconds=0.3),
        faults={"slow_bytes": {"pause_seconds": 0.1, "endpoints": ["Student"]}},
    )
    assert pulled.pulls["Student"].state == "broken"
    assert pulled.pulls["Student"].outcome == "too_slow"
    assert pulled.pulls["School"].state == "complete"


def test_a_page_larger_than_the_limit_is_refused(pull):
    pulled = pull(policy=replace(QUICK, page_bytes=10_000))
    assert pulled.pulls["Student"].state == "broken"
    assert pulled.pulls["Student"].outcome == "page_too_large"
    assert pulled.pulls["School"].state == "complete"


def test_the_time_budget_ends_it(pull):
    pulled = pull(
        {"time_budget_seconds": 1.0}, faults={"throttles": {"seconds": 30, "endpoints": ["Student"]}}
    )
    assert pulled.pulls["Student"].state == "broken"
    assert pulled.pulls["Student"].seconds < 30
    assert pulled.pulls["Student"].outcome in ("throttled", "out_of_time")


def test_no_variable_of_the_environment_overrules_the_authorities(
    pull, every_row_once, monkeypatch, tmp_path
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    every_row_once(pull())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pull.box.ca_bundle))
    refused = pull({"ca_bundle": None})
    assert refused.pulls["School"].outcome == "certificate_not_trusted"


def test_either_signature_method_is_spoken(pull, every_row_once):
    every_row_once(pull({"signature_method": "HMAC-SHA256"}))


def test_no_secret_lies_in_any_file(pull, tmp_path):
    pull()
    secret = pull.box.consumer_secret.encode()
    assert (tmp_path / "small" / FILE_NAME).exists()
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or secret not in path.read_bytes()


def _assert_says_nothing_it_should_not(message, box):
    assert "\n" not in message
    assert "Traceback" not in message
    secret = (box.consumer_secret, "wrong-secret", "limit=", "offset=", "oauth_", "signature=")
    of_the_server = ("maintenance<", "Down for", "example.org", "localhost", "no-such-host", "Not Active")
    for forbidden in (*secret, *of_the_server):
        assert forbidden not in message
