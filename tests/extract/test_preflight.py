"""The set-up guide, box by box: every fault that can be told apart is, and all of them in one run."""

import socket
from typing import Any

import pytest
from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from extract.preflight.checklist import Preflight, check_district
from sandbox import Profile, Sandbox
from tests.rewritten import canaries, rewritten

SECRET_OF_NOBODY = "not-the-secret-of-this-district"
SUBSCRIPTIONS = {f"subscription-{endpoint.name}" for endpoint in ENDPOINTS}


class Checker:
    """Serves a district as told, and checks it."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.box: Sandbox | None = None

    def __call__(
        self, settings: dict[str, Any] | None = None, secret: str | None = None, **options: Any
    ) -> Preflight:
        with Sandbox(self.source, **options) as self.box:
            district = self.box.settings("small", "Small ISD", **({"page_size": 100} | (settings or {})))
            return check_district(district, SecretStr(secret or self.box.consumer_secret))


@pytest.fixture
def check(small_source):
    return Checker(small_source)


def failed(preflight: Preflight) -> set[str]:
    return {result.id for result in preflight.of("failed")}


def unknown(preflight: Preflight) -> set[str]:
    return {result.id for result in preflight.of("unknown")}


def result(preflight: Preflight, box: str):
    return next(found for found in preflight.results if found.id == box)


def test_a_district_set_up_as_the_guide_says(check):
    preflight = check()
    assert not failed(preflight)
    assert not unknown(preflight), preflight.of("unknown")
    assert not any(found.remedy or found.who for found in preflight.results)
    for endpoint in ENDPOINTS:
        found = result(preflight, f"subscription-{endpoint.name}")
        assert found.title == f"Get eSchoolPLUS/{endpoint.name} (v1)"
        assert f"{check.source.count(endpoint.name, Profile()):,} records" in found.seen
    assert "about 1 s" in result(preflight, "night").seen


def test_it_is_a_look_and_no_pull(check):
    check({"page_size": 10})
    asked = [(served.endpoint, served.offset) for served in check.box.log]
    assert len(asked) <= 1 + 2 * len(ENDPOINTS)
    assert all(served.limit == 10 for served in check.box.log if served.endpoint)


# What the district is like, the boxes that fail, who has to act, and what the box's line must tell.
FAULTS: list[tuple[str, dict[str, Any], set[str], str, list[str]]] = [
    (
        "no-such-host",
        {"settings": {"base_url": "https://no-such-host.invalid/plus360api/v1/abc/"}},
        {"host"},
        "us",
        ["not found", "DNS"],
    ),
    (
        "expired",
        {"faults": {"certificate": {"kind": "expired"}}},
        {"certificate"},
        "district",
        ["expired", "Renew"],
    ),
    (
        "foreign",
        {"faults": {"certificate": {"kind": "foreign"}}},
        {"certificate"},
        "us",
        ["not signed", "ca_bundle"],
    ),
    (
        "code",
        {"settings": {"consumer_key": "OneRoster_XYZ_123"}, "secret": SECRET_OF_NOBODY},
        {"code", "credentials"},
        "us",
        ["/plus360api/v1/abc/", "/xyz/", "base_url"],
    ),
    ("nothing-there", {"faults": {"not_found": {}}}, {"code"}, "PowerSchool support", ["404", "case"]),
    ("clock-ahead", {"faults": {"clock_off": {"minutes": 2}}}, {"clock"}, "us", ["seconds behind", "NTP"]),
    ("clock-behind", {"faults": {"clock_off": {"minutes": -20}}}, {"clock"}, "us", ["seconds ahead of"]),
    ("secret", {"secret": SECRET_OF_NOBODY}, {"credentials"}, "us", ["401", "HMAC-SHA1", "secret"]),
    (
        "inactive",
        {"profile": Profile(active=False)},
        {"credentials"},
        "us",
        ["not Active", "Active is checked"],
    ),
    *(
        (
            f"not-subscribed-{endpoint.name}",
            {"profile": Profile.without(endpoint.name)},
            {f"subscription-{endpoint.name}"},
            "district",
            ["403", f"API Profile, Subscriptions: check Get eSchoolPLUS/{endpoint.name} (v1)"],
        )
        for endpoint in ENDPOINTS
    ),
    (
        "old-release",
        {"faults": {"not_found": {"endpoints": ["UDRegUser"]}}},
        {"subscription-UDRegUser"},
        "PowerSchool support",
        ["404", "Get eSchoolPLUS/UDRegUser (v1)"],
    ),
    (
        "birth-date",
        {"profile": Profile(date_of_birth=False)},
        {"birth_date"},
        "district",
        ["came with none of", "API Profile Endpoint Advanced Settings: check Date of Birth"],
    ),
    (
        "web-page",
        {"faults": {"html_page": {"title": "Down. For \x1b[31mmaintenance"}}},
        {"answers"},
        "us",
        ['"Down. For', "web page"],
    ),
    ("redirect", {"faults": {"redirects": {}}}, {"answers"}, "us", ["unencrypted http://"]),
    ("elsewhere", {"faults": {"redirects": {"to": "other host"}}}, {"answers"}, "us", ["proxy.example.org"]),
    (
        "server-errors",
        {"faults": {"server_errors": {"status": 503, "endpoints": ["Student"]}}},
        {"answers"},
        "district",
        ["Student: 503", "eSchoolPLUS server"],
    ),
    ("throttled", {"faults": {"throttles": {"seconds": 60}}}, {"answers"}, "us", ["429", "connections"]),
    ("resets", {"faults": {"resets": {}}}, {"host"}, "district", ["breaks connections off"]),
    (
        "half-bodies",
        {"faults": {"half_bodies": {"endpoints": ["Contact"]}}},
        {"answers"},
        "district",
        ["Contact: ", "breaks connections off"],
    ),
    (
        "same-page",
        {"faults": {"ignores_offset": {}}},
        {"answers"},
        "PowerSchool support",
        ["ignores offset", "case"],
    ),
    (
        "renamed-label",
        {"faults": {"label_names": {"names": {"stateReportId": "stateNumber"}}}},
        {"labels"},
        "us",
        ["Student sent unmapped stateNumber", "Student never sent stateReportId", "field_labels.csv"],
    ),
]


@pytest.mark.parametrize(
    ("options", "boxes", "who", "words"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_fault_is_told_with_its_box_and_who_must_act(check, options, boxes, who, words):
    preflight = check(**options)
    assert failed(preflight) == boxes
    first = preflight.of("failed")[0]
    assert first.who == who
    line = f"{first.seen} {first.remedy}"
    for word in words:
        assert word in line
    assert line.isprintable()
    for blank in preflight.of("unknown"):
        assert blank.seen, blank.id


def test_a_refused_connection_and_a_silent_host(check):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"https://localhost:{taken.getsockname()[1]}/plus360api/v1/abc/"
        refused = check({"base_url": address})
        assert "refuses connections" in result(refused, "host").seen
        taken.listen()
        silent = check({"base_url": address})
    for preflight in (refused, silent):
        assert failed(preflight) == {"host"}
        assert "the host gave no answer" in {found.seen for found in preflight.of("unknown")}
        assert unknown(preflight) >= SUBSCRIPTIONS | {"certificate", "credentials", "birth_date", "night"}


def test_another_districts_address_is_told_from_a_wrong_key(check, small_source):
    with Sandbox(small_source, abc="other") as other:
        preflight = check(
            {"base_url": other.base_url.replace("/other/", "/abc/"), "consumer_key": other.consumer_key}
            | {"ca_bundle": other.ca_bundle},
            secret=other.consumer_secret,
        )
    assert failed(preflight) == {"code"}
    assert "/plus360api/v1/other/" in result(preflight, "code").remedy
    assert result(preflight, "credentials").state == "unknown"


def test_trouble_that_passes_is_no_fault(check):
    assert not failed(check(faults={"server_errors": {"first": 1}}))


def test_all_faults_are_told_in_one_run(check):
    preflight = check(
        profile=Profile.without("Contact", "ContactPhone", "UDRegUser", date_of_birth=False),
        faults={
            "clock_off": {"minutes": 20},
            "server_errors": {"status": 500, "endpoints": ["ContactAddress"]},
            "label_names": {"names": {"building": "campus"}},
        },
    )
    assert failed(preflight) == {
        "clock",
        "answers",
        "subscription-Contact",
        "subscription-ContactPhone",
        "subscription-UDRegUser",
        "birth_date",
        "labels",
    }
    assert result(preflight, "credentials").state == "ok"
    assert result(preflight, "pre_registered").state == "ok"
    assert result(preflight, "subscription-ContactAddress").state == "unknown"


def test_with_a_wrong_clock_a_wrong_secret_is_still_told(check):
    preflight = check(secret=SECRET_OF_NOBODY, faults={"clock_off": {"minutes": 20}})
    assert failed(preflight) == {"clock", "credentials"}


@pytest.mark.parametrize(
    ("box", "profile", "remedy"),
    [
        ("pre_registered", Profile(include_preregistered=False), "Include Pre-Registered Students"),
        ("out_of_district", Profile(include_out_of_district=False), "Include Out of District"),
        ("active", Profile(active=False), "check Active"),
    ],
)
def test_what_no_server_tells_is_not_guessed(check, box, profile, remedy):
    found = result(check(profile=profile), box)
    assert found.state == "unknown"
    assert remedy in found.remedy
    assert found.who == "district"


def test_a_birth_date_that_is_null_in_every_record(check, tmp_path, small_source):
    def without_birth_date(_endpoint, record):
        return record | ({"birthdate": None} if "birthdate" in record else {})

    check.source = rewritten(small_source, tmp_path, without_birth_date)
    preflight = check()
    assert failed(preflight) == {"birth_date"}
    assert "it is empty for all" in result(preflight, "birth_date").seen


def test_an_endpoint_without_a_record(check, tmp_path, small_source):
    def without_phones(endpoint, record):
        return None if endpoint == "ContactPhone" else record

    check.source = rewritten(small_source, tmp_path, without_phones)
    preflight = check()
    assert failed(preflight) == {"totals"}
    assert "ContactPhone" in result(preflight, "totals").seen


def test_without_a_total_the_night_cannot_be_estimated(check):
    preflight = check(total="nowhere")
    assert not failed(preflight)
    assert unknown(preflight) == {"totals", "night"}


def test_a_night_longer_than_its_budget(check):
    preflight = check({"time_budget_seconds": 0.001 + 1, "page_size": 1, "connections": 1})
    assert "night" in failed(preflight)
    assert "time_budget_seconds" in result(preflight, "night").remedy


@pytest.mark.parametrize("style", ["PascalCase", "snake_case", "UPPER_SNAKE", "lowercase"])
def test_labels_are_matched_in_any_style(check, style):
    preflight = check(faults={"label_style": {"style": style}})
    assert not failed(preflight)
    assert not unknown(preflight)


def test_a_synonym_of_the_district_is_mapped(check):
    names = {"names": {"birthdate": "bornOn"}}
    without = check(faults={"label_names": names})
    assert "bornOn" in result(without, "birth_date").seen
    preflight = check({"label_synonyms": {"Student.birth_date": ["bornOn"]}}, faults={"label_names": names})
    assert not failed(preflight)


@pytest.mark.parametrize("options", [{}, {"profile": Profile.without("Contact", date_of_birth=False)}])
def test_no_value_of_a_record_and_no_secret_gets_out(check, tmp_path, small_source, options):
    check.source = rewritten(small_source, tmp_path, canaries)
    text = check(faults={"sensitive_labels": {}}, **options).model_dump_json()
    assert "webPassword" in text
    for forbidden in ("CANARY", check.box.consumer_secret, check.box.consumer_key, "limit=", "oauth_"):
        assert forbidden not in text


def test_a_hostile_label_is_not_repeated(check):
    names = {"names": {"stateReportId": "Jane Doe, 1 Main St; born 2010-01-01"}}
    found = result(check(faults={"label_names": names}), "labels")
    assert "Jane" not in found.seen
    assert "1 with odd names" in found.seen
