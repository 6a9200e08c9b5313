"""The first line: the verdict with its cause, who acts next, since when, and the screen where it is fixed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from qa.contract import QaDocument, RunDecision
from qa.redaction.scan import Scanner
from qa.redaction.withhold import least
from qa.verdict.decided import decided
from tests.qa.conftest import BIRTH_DATE, EMAIL, GUARDIAN, STUDENTS, TONIGHT, DistrictFolder

ADMIN, OPERATOR = "district SIS admin", "plus360 operator"
API_PROFILE = "Administration > Utilities > Integration > API Profile"


def nights_ago(nights: int) -> datetime:
    return TONIGHT - timedelta(days=nights)


def first_line(document: QaDocument) -> tuple[str, str, str | None]:
    return document.headline, document.next_step, document.next_owner


def test_a_published_run_says_what_was_loaded_and_who_has_something_to_fix(district: DistrictFolder) -> None:
    clean = district.night(nights_ago(2))
    words = f"Published: first import, {STUDENTS} students and {STUDENTS} guardians."
    assert first_line(clean) == (words, "nothing", None)
    assert district.night(nights_ago(1), failing={GUARDIAN: 3}).next_step == "nothing", (
        "a warning asks no one to act"
    )
    told = district.night(failing={BIRTH_DATE: 3})
    assert (told.next_step, told.next_owner) == ("fix", "district secretary")


@pytest.mark.parametrize(
    ("states", "headline", "step", "owner"),
    [
        ({"ContactPhone": ("refused", 403)}, "Stopped: ContactPhone is not subscribed.", "fix", ADMIN),
        (
            {"Contact": ("refused", 403), "ContactPhone": ("refused", 403), "Student": ("refused", 404)},
            "Stopped: Contact, ContactPhone are not subscribed; at Student, nothing is at the address (404).",
            "fix",
            ADMIN,
        ),
        ({"Student": ("broken", 503)}, "Failed: at Student, the server failed (5xx).", "run_again", OPERATOR),
        (
            {"Student": ("unreconciled", 200)},
            "Stopped: at Student, the server's total doesn't match the records that it has.",
            "fix",
            "PowerSchool support",
        ),
    ],
)
def test_what_happened_to_the_endpoints_is_the_cause(district, states, headline, step, owner):
    assert first_line(district.night(states=states, build=False)) == (headline, step, owner)


# No student has a birth date, a few records fail other checks, and an endpoint was not received.
STOPPED = {
    "failing": {BIRTH_DATE: STUDENTS, GUARDIAN: 3, EMAIL: 2},
    "states": {"ContactPhone": ("refused", 403)},
}


def test_a_check_that_stops_a_run_is_named_with_its_numbers(district: DistrictFolder) -> None:
    document = district.night(**STOPPED)
    assert first_line(document) == (
        "Stopped: no student was received with a birth date (140 of 140 students); "
        "ContactPhone is not subscribed.",
        "fix",
        ADMIN,
    )
    assert [finding.id for finding in document.findings] == [
        "load__refused__plausible",
        "pull__endpoints__complete",
        GUARDIAN,
        EMAIL,
    ], "one cause is one finding"
    assert {BIRTH_DATE, "load__files__not_empty"} <= {*document.findings[0].also}
    assert len(document.findings[0].examples) == 5
    with Scanner(district.folder()) as scanner:
        assert scanner.allowed_text(document).allows(document.headline), "the words are ours"


def test_a_run_without_a_warehouse_says_so(district: DistrictFolder) -> None:
    headline = "Stopped: the warehouse could not be built completely, so not every check could be evaluated."
    assert first_line(district.night(build=False)) == (headline, "fix", OPERATOR)


def test_since_when_the_verdict_is_the_same(district: DistrictFolder) -> None:
    refused = {"ContactPhone": ("refused", 403)}
    district.night(nights_ago(5), states=refused)
    district.night(nights_ago(4))
    first = district.night(nights_ago(2), states=refused)
    assert district.night(states=refused).verdict_since == first.started_at == nights_ago(2)


def test_what_is_fixed_on_one_screen_names_the_same_place(district: DistrictFolder) -> None:
    document = district.night(nights_ago(1), **STOPPED)
    places = {finding.id: finding.place for finding in document.findings}
    student = "Registration > Entry & Reports > Student Demographic >"
    assert places[GUARDIAN] == f"{student} Contacts"
    assert places[EMAIL] == f"{student} Addresses"
    assert places["load__refused__plausible"] == places["pull__endpoints__complete"] == API_PROFILE
    few = district.night(failing={BIRTH_DATE: 3})
    assert few.findings[0].place == f"{student} Registration", "one student's is fixed where the student is"


def test_a_support_case_has_no_place(district: DistrictFolder) -> None:
    document = district.night(states={"Contact": ("unreconciled", 200)}, build=False)
    assert [finding.place for finding in document.findings] == [None]


def test_without_its_detail_a_headline_keeps_the_verdict(district: DistrictFolder) -> None:
    assert least(district.night(nights_ago(1))).headline.startswith("Published: first import")
    stopped = district.night(failing={BIRTH_DATE: STUDENTS})
    assert least(stopped).headline == "Stopped: the cause is withheld."


def test_a_decision_takes_the_verdicts_place(district: DistrictFolder) -> None:
    document = district.night()
    told = decided(document, RunDecision(decision="released", decided_at=TONIGHT))
    assert told.headline == f"Released: first import, {STUDENTS} students and {STUDENTS} guardians."
    assert (told.next_step, told.next_owner) == ("nothing", None)
