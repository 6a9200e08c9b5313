"""`plus360 check`: a line for each box on the terminal, JSON for machines, a page for the district."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from sandbox import Profile, Sandbox, generated
from tests.night.conftest import Operator
from tests.rewritten import canaries, rewritten

WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNTICKED = Profile.without("Contact", "ContactPhone", "UDRegUser", date_of_birth=False)


@pytest.fixture(scope="module")
def small():
    return generated(students=60, seed=7)


@pytest.fixture
def unticked(operator: Operator, small) -> Iterator[Operator]:
    """A district with five things to mend: three subscriptions, Date of Birth, and the clock."""
    with Sandbox(small, UNTICKED, faults={"clock_off": {"minutes": 20}}) as box:
        operator.knows("oak-hill", box)
        yield operator


def test_all_is_as_the_guide_says(operator: Operator, small) -> None:
    with Sandbox(small) as box:
        operator.knows("oak-hill", box)
        done = operator.plus360("check", "oak-hill")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("✓ ") for line in lines) == 21
    assert not [line for line in lines if line.startswith(("✗", "?"))]
    assert "21 of 21 as the set-up guide says" in done.stdout
    assert not operator.data.exists(), "a check lands nothing"


def test_what_cannot_be_told_is_no_failure(operator: Operator, small) -> None:
    with Sandbox(small, Profile(include_preregistered=False)) as box:
        operator.knows("oak-hill", box)
        done = operator.plus360("check", "oak-hill")
    assert done.returncode == 0
    assert re.search(
        r"^\? Include Pre-Registered Students .*\n.*→ the district: API Profile: check", done.stdout, re.M
    )


def test_below_each_cross_is_what_to_do_and_who_has_to(unticked: Operator) -> None:
    done = unticked.plus360("check", "oak-hill")
    assert done.returncode == 1
    crosses = re.findall(r"^✗ (.+?) {2,}.*\n +→ (us|the district): (.+?) *$", done.stdout, re.M)
    assert [(title, who) for title, who, _ in crosses] == [
        ("Clock", "us"),
        ("Get eSchoolPLUS/Contact (v1)", "the district"),
        ("Get eSchoolPLUS/ContactPhone (v1)", "the district"),
        ("Get eSchoolPLUS/UDRegUser (v1)", "the district"),
        ("Date of Birth", "the district"),
    ]
    assert crosses[-1][2] == "API Profile Endpoint Advanced Settings: check Date of Birth"
    assert "5 to mend" in done.stdout


def test_json_is_for_machines(unticked: Operator) -> None:
    done = unticked.plus360("check", "oak-hill", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["district"] == "oak-hill"
    assert len(told["results"]) == 21
    assert {found["state"] for found in told["results"]} == {"ok", "failed", "unknown"}
    assert all(found["remedy"] and found["who"] for found in told["results"] if found["state"] == "failed")


def test_wrong_use(operator: Operator, small) -> None:
    assert operator.plus360("check", "oak-hill").returncode == 2
    with Sandbox(small) as box:
        operator.knows("oak-hill", box)
        unknown = operator.plus360("check", "elm-hill")
        nowhere = operator.plus360("check", "oak-hill", "--share", "no/such/folder/page.html")
        operator.environment.clear()
        without_secret = operator.plus360("check", "oak-hill")
    for done in (unknown, nowhere, without_secret):
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert "Traceback" not in done.stderr


@pytest.fixture
def page(unticked: Operator) -> Path:
    unticked.plus360("check", "oak-hill", "--share", "page.html")
    return unticked.folder / "page.html"


def test_the_page_for_the_district(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "5 things to mend" in text
    assert "API Profile, Subscriptions: check Get eSchoolPLUS/ContactPhone (v1)" in text
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(| on\w+=|<details", text)
    assert not re.search(r'(?:href|src)="', text)


def test_everybody_can_read_the_page(page: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed: nobody looked at the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (360, 1200):
            tab = browser.new_page(viewport={"width": width, "height": 900})
            tab.goto(page.as_uri())
            found = Axe().run(tab, options={"runOnly": {"type": "tag", "values": WCAG_AA}})
            assert found.violations_count == 0, found.generate_report()
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()


@pytest.mark.parametrize("profile", [Profile(), UNTICKED])
def test_no_value_no_secret_no_key_gets_out(operator: Operator, small, profile: Profile) -> None:
    records = operator.folder / "records"
    records.mkdir()
    with Sandbox(rewritten(small, records, canaries), profile, faults={"sensitive_labels": {}}) as box:
        operator.knows("oak-hill", box)
        spoken = operator.plus360("check", "oak-hill", "--share", "page.html")
        for_machines = operator.plus360("check", "oak-hill", "--json")
    page = (operator.folder / "page.html").read_text(encoding="utf-8")
    for text in (spoken.stdout + spoken.stderr, for_machines.stdout + for_machines.stderr, page):
        assert "School" in text
        for forbidden in ("CANARY", box.consumer_secret, box.consumer_key, "oauth", "limit=", "Traceback"):
            assert forbidden not in text
