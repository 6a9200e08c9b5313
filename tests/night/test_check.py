"""`plus360 check`: a line for each item on the terminal, JSON to stdout, a page for the district."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from sandbox import Profile, Sandbox, generated
from tests.conftest import VIOLATIONS
from tests.night.conftest import Operator
from tests.rewritten import canaries_but_school_names, rewritten

CLEARED = Profile.without("Contact", "ContactPhone", "UDRegUser", date_of_birth=False)


@pytest.fixture(scope="module")
def small():
    return generated(students=60, seed=7)


@pytest.fixture
def cleared(operator: Operator, small) -> Iterator[Operator]:
    """A district with five things to fix: three subscriptions, Date of Birth, and the clock."""
    with Sandbox(small, CLEARED, faults={"clock_off": {"minutes": 20}}) as served:
        operator.knows("oak-hill", served)
        yield operator


def test_everything_matches_the_guide(operator: Operator, small) -> None:
    with Sandbox(small) as served:
        operator.knows("oak-hill", served)
        done = operator.plus360("check", "oak-hill")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("✓ ") for line in lines) == 22
    assert not [line for line in lines if line.startswith(("✗", "?"))]
    assert "22 of 22 match the setup guide" in done.stdout
    assert not operator.data.exists(), "a check lands nothing"


def test_what_cannot_be_checked_is_no_failure(operator: Operator, small) -> None:
    with Sandbox(small, Profile(include_preregistered=False)) as served:
        operator.knows("oak-hill", served)
        done = operator.plus360("check", "oak-hill")
    assert done.returncode == 0
    assert re.search(
        r"^\? Include Pre-Registered Students .*\n(?: .*\n)*? .*→ district SIS admin: Open Administration",
        done.stdout,
        re.M,
    )


def test_below_each_cross_is_who_can_fix_it_and_how(cleared: Operator) -> None:
    done = cleared.plus360("check", "oak-hill")
    assert done.returncode == 3
    crosses = re.findall(
        r"^✗ (.+?) {2,}.*\n +→ (plus360 operator|district SIS admin): (.+?) *$", done.stdout, re.M
    )
    assert [(title, owner) for title, owner, _ in crosses] == [
        ("Clock", "plus360 operator"),
        ("Get eSchoolPLUS/Contact (v1)", "district SIS admin"),
        ("Get eSchoolPLUS/ContactPhone (v1)", "district SIS admin"),
        ("Get eSchoolPLUS/UDRegUser (v1)", "district SIS admin"),
        ("Date of Birth", "district SIS admin"),
    ]
    assert re.search(r"^ +Check Date of Birth for Get eSchoolPLUS/Student \(v1\)\. *$", done.stdout, re.M)
    assert "5 to fix" in done.stdout


def test_json_on_stdout(cleared: Operator) -> None:
    done = cleared.plus360("check", "oak-hill", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert told["district"] == "oak-hill"
    assert len(told["results"]) == 22
    assert {found["state"] for found in told["results"]} == {"ok", "failed", "unknown"}
    assert {found["owner"] for found in told["results"]} == {"plus360 operator", "district SIS admin", None}
    for found in told["results"]:
        assert bool(found["owner"]) == bool(found["fix"]) == (found["state"] == "failed"), found
        assert all(isinstance(step, str) for step in found["fix"])


def test_wrong_use(operator: Operator, small) -> None:
    assert operator.plus360("check", "oak-hill").returncode == 2
    with Sandbox(small) as served:
        operator.knows("oak-hill", served)
        unknown = operator.plus360("check", "elm-hill")
        nowhere = operator.plus360("check", "oak-hill", "--share", "no/such/folder/page.html")
        operator.environment.clear()
        without_secret = operator.plus360("check", "oak-hill")
    for done in (unknown, nowhere, without_secret):
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert "Traceback" not in done.stderr


@pytest.fixture
def page(cleared: Operator) -> Path:
    cleared.plus360("check", "oak-hill", "--share", "page.html")
    return cleared.folder / "page.html"


def test_the_page_for_the_district(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "5 things to fix" in text
    assert "Under Subscriptions, check &#39;Get eSchoolPLUS/ContactPhone (v1)&#39;." in text
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(| on\w+=|<details", text)
    assert not re.search(r'(?:href|src)="', text)


def test_everybody_can_read_the_page(browser: Browser, page: Path) -> None:
    for width in (360, 1200):
        tab = browser.new_page(viewport={"width": width, "height": 900})
        tab.goto(page.as_uri())
        found = Axe().run(tab, options=VIOLATIONS)
        assert found.violations_count == 0, found.generate_report()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tab.close()


@pytest.mark.parametrize("profile", [Profile(), CLEARED])
def test_no_value_no_secret_no_key_gets_out(operator: Operator, small, profile: Profile) -> None:
    records = operator.folder / "records"
    records.mkdir()
    with Sandbox(
        rewritten(small, records, canaries_but_school_names), profile, faults={"sensitive_labels": {}}
    ) as served:
        operator.knows("oak-hill", served)
        spoken = operator.plus360("check", "oak-hill", "--share", "page.html")
        for_machines = operator.plus360("check", "oak-hill", "--json")
    page = (operator.folder / "page.html").read_text(encoding="utf-8")
    for text in (spoken.stdout + spoken.stderr, for_machines.stdout + for_machines.stderr, page):
        assert "School" in text
        for forbidden in (
            "CANARY",
            served.consumer_secret,
            served.consumer_key,
            "oauth",
            "limit=",
            "Traceback",
        ):
            assert forbidden not in text


@pytest.mark.parametrize(
    ("faults", "of_the_server"),
    [
        ({"html_page": {"title": "Welcome back, Jane Doe"}}, "Jane"),
        ({"redirects": {"to": "other host"}}, "example.org"),
        ({"label_names": {"names": {"stateReportId": "JaneDoeNote"}}}, "Jane"),
        ({"unauthorized": {"says": "Jane Doe is not active"}}, "Jane"),
    ],
)
def test_no_text_of_a_server_is_on_the_page(
    operator: Operator, small, faults: dict, of_the_server: str
) -> None:
    with Sandbox(small, faults=faults) as served:
        operator.knows("oak-hill", served)
        operator.plus360("check", "oak-hill", "--share", "page.html")
    page = (operator.folder / "page.html").read_text(encoding="utf-8")
    assert "to fix" in page
    assert of_the_server not in page
    assert "localhost" not in page
