"""The setup checklist: every fault that can be told apart is, and all of them in one check."""

import re
import socket
from typing import Any

import pytest
from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from extract.preflight.checklist import Checklist, check_district
from night.pages.checklist import write_page
from sandbox import Profile, Sandbox
from tests.rewritten import canaries_but_school_names, rewritten

SECRET_OF_NOBODY = "not-the-secret-of-this-district"
OPTIONAL = {"active", "pre_registered", "out_of_district"}
PASSES_BY_ITSELF = {"base_url", "server_errors", "throttles", "resets", "half_bodies"}
SUBSCRIPTIONS = {f"subscription-{endpoint.name}" for endpoint in ENDPOINTS}


class Checker:
    """Serves a district as told, and checks it."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.sandbox: Sandbox | None = None

    def __call__(
        self, settings: dict[str, Any] | None = None, secret: str | None = None, **options: Any
    ) -> Checklist:
        with Sandbox(self.source, **options) as self.sandbox:
            district = self.sandbox.settings("small", "Small ISD", **({"page_size": 100} | (settings or {})))
            return check_district(district, SecretStr(secret or self.sandbox.consumer_secret))


@pytest.fixture
def check(small_source):
    return Checker(small_source)


def failed(checklist: Checklist) -> set[str]:
    return {result.id for result in checklist.of("failed")}


def unknown(checklist: Checklist) -> set[str]:
    return {result.id for result in checklist.of("unknown")}


def result(checklist: Checklist, item: str):
    return next(found for found in checklist.results if found.id == item)


def test_a_district_set_up_as_the_guide_says(check):
    checklist = check()
    assert not failed(checklist)
    assert not unknown(checklist), checklist.of("unknown")
    assert not any(found.fix or found.owner for found in checklist.results)
    for endpoint in ENDPOINTS:
        found = result(checklist, f"subscription-{endpoint.name}")
        assert found.title == f"Get eSchoolPLUS/{endpoint.name} (v1)"
        assert f"{check.source.count(endpoint.name, Profile()):,} records" in found.seen
    assert "about 1 s" in result(checklist, "night").seen


def test_it_is_a_look_and_no_pull(check):
    check({"page_size": 10})
    asked = [(served.endpoint, served.offset) for served in check.sandbox.log]
    assert len(asked) <= 1 + 2 * len(ENDPOINTS)
    assert all(served.limit == 10 for served in check.sandbox.log if served.endpoint)


ADMIN, SUPPORT, OPERATOR = "district SIS admin", "PowerSchool support", "plus360 operator"

# What the district is like, the items that fail, who can fix it, and words of the item or its fix.
FAULTS: list[tuple[str, dict[str, Any], set[str], str, list[str]]] = [
    (
        "no-such-host",
        {"settings": {"base_url": "https://no-such-host.invalid/plus360api/v1/abc/"}},
        {"host"},
        OPERATOR,
        ["not found", "DNS"],
    ),
    (
        "expired",
        {"faults": {"certificate": {"kind": "expired"}}},
        {"certificate"},
        ADMIN,
        ["expired", "Renew"],
    ),
    (
        "foreign",
        {"faults": {"certificate": {"kind": "foreign"}}},
        {"certificate"},
        OPERATOR,
        ["not signed", "ca_bundle"],
    ),
    (
        "code",
        {"settings": {"consumer_key": "OneRoster_XYZ_123"}, "secret": SECRET_OF_NOBODY},
        {"code", "credentials"},
        OPERATOR,
        ["/plus360api/v1/", "/xyz/", "base_url"],
    ),
    ("nothing-there", {"faults": {"not_found": {}}}, {"code"}, SUPPORT, ["404", "case"]),
    (
        "clock-ahead",
        {"faults": {"clock_off": {"minutes": 2}}},
        {"clock"},
        OPERATOR,
        ["seconds behind", "NTP"],
    ),
    ("clock-behind", {"faults": {"clock_off": {"minutes": -20}}}, {"clock"}, OPERATOR, ["seconds ahead of"]),
    (
        "secret",
        {"secret": SECRET_OF_NOBODY},
        {"credentials"},
        ADMIN,
        ["401", "Signature Method", "secret", "Active is checked"],
    ),
    ("inactive", {"profile": Profile(active=False)}, {"credentials"}, ADMIN, ["Active is checked"]),
    ("told-inactive", {"faults": {"unauthorized": {}}}, {"active"}, ADMIN, ["not active", "Check Active"]),
    *(
        (
            f"not-subscribed-{endpoint.name}",
            {"profile": Profile.without(endpoint.name)},
            {f"subscription-{endpoint.name}"},
            ADMIN,
            ["403", f"Under Subscriptions, check 'Get eSchoolPLUS/{endpoint.name} (v1)'."],
        )
        for endpoint in ENDPOINTS
    ),
    (
        "old-release",
        {"faults": {"not_found": {"endpoints": ["UDRegUser"]}}},
        {"subscription-UDRegUser"},
        SUPPORT,
        ["404", "Get eSchoolPLUS/UDRegUser (v1)"],
    ),
    (
        "birth-date",
        {"profile": Profile(date_of_birth=False)},
        {"birth_date"},
        ADMIN,
        ["received with none of", "Check Date of Birth"],
    ),
    (
        "web-page",
        {"faults": {"html_page": {"title": "Down. For \x1b[31mmaintenance"}}},
        {"answers"},
        ADMIN,
        ["web page", "login page"],
    ),
    ("redirect", {"faults": {"redirects": {}}}, {"answers"}, OPERATOR, ["unencrypted http://"]),
    (
        "elsewhere",
        {"faults": {"redirects": {"to": "other host"}}},
        {"answers"},
        OPERATOR,
        ["another host", "base_url"],
    ),
    (
        "server-errors",
        {"faults": {"server_errors": {"status": 503, "endpoints": ["Student"]}}},
        {"answers"},
        ADMIN,
        ["Student: ", "status 503", "eSchoolPLUS server"],
    ),
    ("throttled", {"faults": {"throttles": {"seconds": 60}}}, {"answers"}, OPERATOR, ["rate", "connections"]),
    ("resets", {"faults": {"resets": {}}}, {"host"}, ADMIN, ["closed the connection"]),
    (
        "half-bodies",
        {"faults": {"half_bodies": {"endpoints": ["Contact"]}}},
        {"answers"},
        ADMIN,
        ["Contact: ", "closed the connection"],
    ),
    ("same-page", {"faults": {"ignores_offset": {}}}, {"answers"}, SUPPORT, ["ignores offset", "case"]),
    (
        "false-total",
        {"faults": {"false_total": {"endpoints": ["Contact"]}}},
        {"totals"},
        SUPPORT,
        ["Contact: ", "total", "case"],
    ),
    (
        "renamed-label",
        {"faults": {"label_names": {"names": {"stateReportId": "stateNumber"}}}},
        {"labels"},
        OPERATOR,
        ["Student: stateNumber", "Student: never sent stateReportId", "field_labels.csv"],
    ),
]


@pytest.mark.parametrize(
    ("options", "items", "owner", "words"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_each_fault_has_its_item_and_an_owner(check, options, items, owner, words):
    checklist = check(**options)
    assert failed(checklist) == items
    first = checklist.of("failed")[0]
    causes = {*options.get("faults", {}), *options.get("settings", {})}
    assert first.owner == owner
    assert first.transient == bool(PASSES_BY_ITSELF & causes)
    text = " ".join([first.seen, *first.fix, *first.details])
    for word in words:
        assert word in text
    assert text.isprintable()
    for one in checklist.results:
        assert one.seen, one.id
        assert bool(one.fix) == bool(one.owner)
        assert not one.fix or one.state == "failed" or one.id in OPTIONAL
    for of_the_server in ("Down", "maintenance<", "example.org", "no-such-host"):
        assert of_the_server not in checklist.model_dump_json(exclude={"base_url"})


def test_a_refused_connection_and_a_silent_host(check):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"https://localhost:{taken.getsockname()[1]}/plus360api/v1/abc/"
        refused = check({"base_url": address})
        assert "refuses connections" in result(refused, "host").seen
        taken.listen()
        silent = check({"base_url": address})
    for checklist in (refused, silent):
        assert failed(checklist) == {"host"}
        assert "the host gave no answer" in {found.seen for found in checklist.of("unknown")}
        assert unknown(checklist) >= SUBSCRIPTIONS | {"certificate", "credentials", "birth_date", "night"}


def test_an_address_of_another_district_is_told_from_a_wrong_key(check, small_source):
    with Sandbox(small_source, abc="other") as other:
        checklist = check(
            {"base_url": other.base_url.replace("/other/", "/abc/"), "consumer_key": other.consumer_key}
            | {"ca_bundle": other.ca_bundle},
            secret=other.consumer_secret,
        )
    assert failed(checklist) == {"code"}
    assert result(checklist, "code").details == ["/other/"]
    assert result(checklist, "credentials").state == "unknown"


def test_trouble_that_passes_is_no_fault(check):
    assert not failed(check(faults={"server_errors": {"first": 1}}))


def test_all_faults_are_told_in_one_run(check):
    checklist = check(
        profile=Profile.without("Contact", "ContactPhone", "UDRegUser", date_of_birth=False),
        faults={
            "clock_off": {"minutes": 20},
            "server_errors": {"status": 500, "endpoints": ["ContactAddress"]},
            "label_names": {"names": {"building": "campus"}},
        },
    )
    assert failed(checklist) == {
        "clock",
        "answers",
        "subscription-Contact",
        "subscription-ContactPhone",
        "subscription-UDRegUser",
        "birth_date",
        "labels",
    }
    assert result(checklist, "credentials").state == "ok"
    assert result(checklist, "pre_registered").state == "ok"
    assert result(checklist, "subscription-ContactAddress").state == "unknown"


def test_with_a_wrong_clock_a_wrong_secret_is_still_told(check):
    checklist = check(secret=SECRET_OF_NOBODY, faults={"clock_off": {"minutes": 20}})
    assert failed(checklist) == {"clock", "credentials"}


@pytest.mark.parametrize(
    ("item", "profile", "step"),
    [
        ("pre_registered", Profile(include_preregistered=False), "Include Pre-Registered Students"),
        ("out_of_district", Profile(include_out_of_district=False), "Include Out of District"),
        ("active", Profile(active=False), "Check Active"),
    ],
)
def test_what_no_server_tells_is_not_guessed(check, item, profile, step):
    found = result(check(profile=profile), item)
    assert found.state == "unknown"
    assert step in found.fix[1]
    assert found.owner == ADMIN


def test_a_birth_date_that_is_null_in_every_record(check, tmp_path, small_source):
    def without_birth_date(_endpoint, record):
        return record | ({"birthdate": None} if "birthdate" in record else {})

    check.source = rewritten(small_source, tmp_path, without_birth_date)
    checklist = check()
    assert failed(checklist) == {"birth_date"}
    assert "empty for all" in result(checklist, "birth_date").seen


def test_an_endpoint_without_a_record(check, tmp_path, small_source):
    def without_phones(endpoint, record):
        return None if endpoint == "ContactPhone" else record

    check.source = rewritten(small_source, tmp_path, without_phones)
    checklist = check()
    assert failed(checklist) == {"totals"}
    assert "ContactPhone" in result(checklist, "totals").seen


def test_without_a_total_the_night_cannot_be_estimated(check):
    checklist = check(total="nowhere")
    assert not failed(checklist)
    assert unknown(checklist) == {"totals", "night"}


def test_a_night_longer_than_its_budget(check):
    checklist = check({"time_budget_seconds": 0.001 + 1, "page_size": 1, "connections": 1})
    assert "night" in failed(checklist)
    assert "time_budget_seconds" in result(checklist, "night").fix[0]


@pytest.mark.parametrize("style", ["PascalCase", "snake_case", "UPPER_SNAKE", "lowercase"])
def test_labels_are_matched_in_any_style(check, style):
    checklist = check(faults={"label_style": {"style": style}})
    assert not failed(checklist)
    assert not unknown(checklist)


def test_a_synonym_of_the_district_is_mapped(check):
    names = {"names": {"birthdate": "bornOn"}}
    without = check(faults={"label_names": names})
    assert result(without, "birth_date").details == ["Student: bornOn"]
    checklist = check({"label_synonyms": {"Student.birth_date": ["bornOn"]}}, faults={"label_names": names})
    assert not failed(checklist)


@pytest.mark.parametrize("options", [{}, {"profile": Profile.without("Contact", date_of_birth=False)}])
def test_no_value_of_a_record_and_no_secret_gets_out(check, tmp_path, small_source, options):
    check.source = rewritten(small_source, tmp_path, canaries_but_school_names)
    text = check(faults={"sensitive_labels": {}}, **options).model_dump_json()
    assert "webPassword" in text
    for forbidden in (
        "CANARY",
        check.sandbox.consumer_secret,
        check.sandbox.consumer_key,
        "limit=",
        "oauth_",
    ):
        assert forbidden not in text


def test_a_hostile_label_is_not_repeated(check):
    names = {"names": {"stateReportId": "Jane Doe, 1 Main St; born 2010-01-01"}}
    found = result(check(faults={"label_names": names}), "labels")
    assert "Jane" not in found.model_dump_json()
    assert found.details == ["Student: 1 with odd names"]


def test_a_label_of_the_server_is_in_the_details_alone(check):
    found = result(check(faults={"label_names": {"names": {"stateReportId": "JaneDoesNote"}}}), "labels")
    assert found.details == ["Student: JaneDoesNote"]
    assert "1 label that we don't recognize" in found.seen
    assert "Jane" not in found.model_dump_json(exclude={"details"})


def first_of_each(numbers):
    """Drops all but the first records of the endpoints that have a number here."""
    seen = dict.fromkeys(numbers, 0)

    def change(endpoint, record):
        if endpoint not in numbers:
            return record
        seen[endpoint] += 1
        return record if seen[endpoint] <= numbers[endpoint] else None

    return change


# The records of each endpoint, and of two such districts the numbers that differ.
SEVEN = {
    "Student": 7,
    "StudentContact": 35,
    "Contact": 25,
    "ContactAddress": 20,
    "ContactPhone": 28,
    "UDRegUser": 17,
}
EIGHT = SEVEN | {
    "Student": 8,
    "StudentContact": 42,
    "Contact": 29,
    "ContactAddress": 24,
    "ContactPhone": 31,
    "UDRegUser": 22,
}
MANY = {"Student": 40, "StudentContact": 35, "Contact": 25, "ContactAddress": 20, "ContactPhone": 28}
FEW_CONTACTS = MANY | {"Contact": 8}


def shared(checklist: Checklist, tmp_path) -> str:
    """All that `--json` and `--share` show, without times."""
    write_page(checklist, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8").partition("</style>")[2]
    text = re.sub(r'"(seconds|checked_at)": .*', "", checklist.shared()) + page
    return re.sub(r"\d+(\.\d+)? s\b|Checked [-\d]+ [\d:]+", "", text)


@pytest.mark.parametrize("page_size", [100, 5])
def test_of_few_students_no_number_about_people_is_shared(check, tmp_path, small_source, page_size):
    texts = []
    for numbers in (SEVEN, EIGHT):
        check.source = rewritten(small_source, tmp_path, first_of_each(numbers))
        checklist = check({"page_size": page_size}, profile=Profile(include_preregistered=False))
        assert not failed(checklist)
        assert f"Contact: {numbers['Contact']} records" in result(checklist, "totals").details
        schools = check.source.count("School", Profile())
        assert f"{schools} records" in result(checklist, "subscription-School").seen
        texts.append(shared(checklist, tmp_path))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("numbers", "options", "shown"),
    [
        (MANY, {}, {"Student", "StudentContact", "Contact", "ContactAddress", "ContactPhone"}),
        (FEW_CONTACTS, {}, {"Student"}),
        (MANY, {"profile": Profile.without("Student")}, set()),
        (MANY, {"faults": {"server_errors": {"status": 503, "endpoints": ["Student"]}}}, set()),
        (MANY, {"profile": Profile.without("Contact")}, {"Student"}),
    ],
    ids=["many", "few-contacts", "no-students", "students-unknown", "no-contacts"],
)
def test_few_contacts_or_unknown_students_hide_what_belongs_to_them(
    check, tmp_path, small_source, numbers, options, shown
):
    check.source = rewritten(small_source, tmp_path, first_of_each(numbers))
    checklist = check(**options)
    seen = {name: result(checklist, f"subscription-{name}").seen for name in numbers}
    assert {name for name, line in seen.items() if " records, " in line} == shown
    for name in shown:
        assert f"{check.source.count(name, Profile())} records" in seen[name]
    if shown < seen.keys():
        assert not re.search(r"\d+ records", result(checklist, "totals").seen)
        assert "pages" not in result(checklist, "night").seen
