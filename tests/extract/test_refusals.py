"""Servers that fail for a while cost time; of servers that say no, one line says what to do."""

import socket
from dataclasses import replace

import pytest

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


def test_retry_after_is_waited_for(pull, every_row_once):
    pulled = pull(faults={"throttles": {"first": 1, "seconds": 1, "endpoints": ["School"]}})
    every_row_once(pulled)
    assert pulled.pulls["School"].seconds > 1


# What the server is like, what plus360.pulls says of it, and what its message must tell.
REFUSALS = [
    ({"profile": Profile(active=False)}, "refused", 401, ["Active", "secret", "HMAC-SHA1"]),
    ({"secret": "wrong-secret"}, "refused", 401, ["secret", "consumer_key"]),
    ({"settings": {"consumer_key": "OneRoster_XYZ_123"}}, "refused", 401, ["consumer_key"]),
    ({"faults": {"clock_off": {"minutes": 20}}}, "refused", 401, ["clock", "seconds behind", "NTP"]),
    ({"faults": {"clock_off": {"minutes": -20}}}, "refused", 401, ["clock", "seconds ahead of"]),
    (
        {"profile": Profile(subscriptions=())},
        "refused",
        403,
        ["Subscriptions", "Get eSchoolPLUS/School (v1)"],
    ),
    (
        {"faults": {"not_found": {}}},
        "refused",
        404,
        ["/plus360api/v1/abc/eSchoolPLUS/School", "fits the consumer key"],
    ),
    (
        {"faults": {"html_page": {"title": "Down for <b>maintenance</b>"}}},
        "refused",
        200,
        ["maintenance", "web page"],
    ),
    ({"faults": {"redirects": {"to": "http"}}}, "refused", 302, ["unencrypted http://", "nothing was sent"]),
    ({"faults": {"redirects": {"to": "other host", "status": 307}}}, "refused", 307, ["proxy.example.org"]),
    ({"faults": {"certificate": {"kind": "expired"}}}, "broken", None, ["has expired", "renew"]),
    (
        {"faults": {"certificate": {"kind": "foreign"}}},
        "broken",
        None,
        ["ca_bundle", "not signed by an authority"],
    ),
    ({"faults": {"server_errors": {"status": 500}}}, "broken", 500, ["500", "fails", "3 attempts"]),
    ({"faults": {"resets": {}}}, "broken", None, ["breaks connections off"]),
    ({"faults": {"half_bodies": {}}}, "broken", None, ["breaks connections off"]),
    ({"faults": {"broken_gzip": {}}}, "broken", None, ["broken off"]),
    ({"faults": {"nested_values": {}, "windows_1252": {}}}, "broken", 200, ["not UTF-8", "PowerSchool"]),
    (
        {"settings": {"base_url": "https://no-such-host.invalid/plus360api/v1/abc/"}},
        "broken",
        None,
        ["not found", "DNS"],
    ),
]


@pytest.mark.parametrize(("options", "state", "status", "words"), REFUSALS)
def test_one_line_says_what_it_is_and_what_to_do(pull, options, state, status, words):
    pulled = pull(policy=replace(QUICK, attempts=3), **options)
    found = pulled.pulls["School"]
    assert (found.state, found.http_status) == (state, status), found.message
    for word in words:
        assert word in found.message
    assert set(pulled.states().values()) == {state}
    for one in pulled.pulls.values():
        _assert_says_nothing_it_should_not(one.message, pull.box)
    assert pulled.records("School") == []


def test_a_refused_connection_is_named(pull):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = pull({"base_url": f"https://localhost:{taken.getsockname()[1]}/plus360api/v1/abc/"})
    message = refused.pulls["School"].message
    assert "refuses connections" in message
    assert "localhost:" in message


def test_the_code_expected_from_the_consumer_key_is_named(pull, small_source):
    with Sandbox(small_source, abc="other") as other:
        wrong = other.base_url.replace("/other/", "/abc/")
        pulled = pull(
            {"base_url": wrong, "ca_bundle": other.ca_bundle, "consumer_key": other.consumer_key},
            secret=other.consumer_secret,
        )
    message = pulled.pulls["School"].message
    assert "404" in message
    assert wrong in message
    assert "/v1/other/" in message


def test_a_server_that_drips_is_given_up(pull):
    pulled = pull(
        policy=replace(QUICK, attempts=2, page_seconds=0.3),
        faults={"slow_bytes": {"pause_seconds": 0.1, "endpoints": ["Student"]}},
    )
    assert pulled.pulls["Student"].state == "broken"
    assert "too slowly" in pulled.pulls["Student"].message
    assert pulled.pulls["School"].state == "complete"


def test_a_page_larger_than_the_limit_is_refused(pull):
    pulled = pull(policy=replace(QUICK, page_bytes=10_000))
    assert pulled.pulls["Student"].state == "broken"
    assert "page_size" in pulled.pulls["Student"].message
    assert pulled.pulls["School"].state == "complete"


def test_the_time_budget_ends_it(pull):
    pulled = pull(
        {"time_budget_seconds": 1.0}, faults={"throttles": {"seconds": 30, "endpoints": ["Student"]}}
    )
    assert pulled.pulls["Student"].state == "broken"
    assert pulled.pulls["Student"].seconds < 30
    assert (
        "time_budget_seconds" in pulled.pulls["Student"].message
        or "patience" in pulled.pulls["Student"].message
    )


def test_no_variable_of_the_environment_overrules_the_authorities(
    pull, every_row_once, monkeypatch, tmp_path
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    every_row_once(pull())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pull.box.ca_bundle))
    refused = pull({"ca_bundle": None})
    assert "not signed by an authority" in refused.pulls["School"].message


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
    for forbidden in (box.consumer_secret, "wrong-secret", "limit=", "offset=", "oauth_", "signature="):
        assert forbidden not in message
