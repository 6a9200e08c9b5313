"""The report is one file that opens anywhere, shows the verdict at first glance, and everyone can read."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from qa.contract import QaDocument
from qa.redaction.scan import LeakError, Scanner
from qa.report.notebook import ParameterError, open_night
from qa.report.reidentify import Identity
from qa.report.render import ReportError, render_report
from qa.report.sections import Sections
from tests.conftest import PROJECT
from tests.qa.conftest import BIRTH_DATE, EMAIL, GUARDIAN, SCHOOL_STATE_ID, TONIGHT, DistrictFolder

WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIS_URL = "https://esp.canary.example/eSchoolPLUS/"
FAILING = {BIRTH_DATE: 12, GUARDIAN: 7, SCHOOL_STATE_ID: 1, EMAIL: 40}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, new_district) -> DistrictFolder:
    district = new_district(tmp_path_factory.mktemp("data"), name="Canary & <Sons> ISD")
    district.night(TONIGHT - timedelta(days=2), failing={GUARDIAN: 3})
    return district


@pytest.fixture(scope="module")
def stopped(district: DistrictFolder) -> QaDocument:
    return district.night(failing=FAILING, states={"ContactPhone": ("refused", 403)})


@pytest.fixture(scope="module")
def report(district: DistrictFolder, stopped: QaDocument) -> Path:
    return render_report(district.folder(stopped.run_id), sis_url=SIS_URL)


@pytest.fixture(scope="module")
def unredacted(district: DistrictFolder, stopped: QaDocument) -> Path:
    return render_report(district.folder(stopped.run_id), "unredacted", sis_url=SIS_URL)


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        message = "Chromium is not installed: nobody looked at the report"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Links(HTMLParser):
    """Every tag, and every address that a page would fetch or go to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")
        ]


def test_it_is_one_file_that_fetches_nothing(report):
    page = report.read_text()
    links = Links(page)
    assert not links.tags & {"script", "link", "iframe", "object", "form", "img"}
    assert all(address.startswith("#") for address in links.addresses)
    assert not re.search(r"@import|@font-face|url\(|javascript:| on\w+=", page)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert len(page.encode()) < 1_000_000
    assert not links.tags & {"details"}, "closed details vanish in print"


def test_every_link_within_it_leads_somewhere(report):
    page = report.read_text()
    targets = set(re.findall(r' id="([^"]+)"', page))
    assert {address[1:] for address in Links(page).addresses} <= targets


def test_support_reads_what_when_where_and_who(report, stopped):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report.read_text()))
    assert "nothing from this run was published" in page
    assert "Canary &amp; &lt;Sons&gt; ISD" in page
    assert "ContactPhone: not subscribed (403)" in page
    assert "check 'Get eSchoolPLUS/ContactPhone (v1)'" in page
    assert "The district's SIS admin" in page
    assert "Sat Nov 21, 2026 (2 nightly runs)" in page
    assert "12 of 140 students (8.6" in page
    titles = {check.id: check.title for check in stopped.checks}
    assert titles["contact_phones__contact_id__exists"] in page, "what could not be evaluated is named"
    assert "ssn" in page, "kinds of labels that were removed are reported"


def test_the_hosts_name_is_in_no_redacted_file(district, stopped, report, unredacted):
    night = district.folder(stopped.run_id)
    files = (report, night.qa_json, *map(night.executed_notebook, ("redacted", "unredacted")))
    assert ["esp.canary" in file.read_text() for file in files] == [False, False, False, True]


def test_a_clean_run_says_published(tmp_path, district):
    district = replace(district, data=tmp_path)
    page = render_report(district.folder(district.night().run_id)).read_text()
    assert "<h2>Published</h2>" in page
    assert "Nothing to fix: no check failed." in page


def test_a_run_without_a_warehouse_has_a_report(tmp_path, district):
    district = replace(district, data=tmp_path)
    names = ("School", "Contact", "ContactAddress", "ContactPhone", "StudentContact", "Student", "UDRegUser")
    document = district.night(states=dict.fromkeys(names, ("refused", 401)), build=False)
    page = render_report(district.folder(document.run_id)).read_text()
    assert "None of the 7 endpoints is complete" in page


def test_the_redacted_edition_holds_no_person(report):
    page = report.read_text().lower()
    assert not re.search(r"zyfirst|qulast|wyfirst|vulast|700[12]\d\d|900[23]\d\d|zworeduced|gruzel", page)
    assert "redacted edition" in page


def test_the_unredacted_edition_names_them_and_says_so(unredacted):
    page = unredacted.read_text()
    assert unredacted.parent.name == "private"
    assert stat.S_IMODE(unredacted.stat().st_mode) == 0o600
    assert stat.S_IMODE(unredacted.parent.stat().st_mode) == 0o700
    assert "Unredacted: names and ids" in page
    assert "Zyfirst0 Qulast0" in page
    assert "700100" in page
    assert "Redacted edition</strong>" not in page


def test_the_unredacted_edition_would_not_pass_for_the_redacted(district, stopped, unredacted):
    with (
        Scanner(district.folder()) as scanner,
        pytest.raises(LeakError, match=r"marts\.students\.first_name"),
    ):
        scanner.check(Path("report.html"), unredacted.read_text(), scanner.allowed_text(stopped))


def test_a_name_is_text_whatever_stands_in_it(stopped):
    codes = [example.pseudonym for finding in stopped.findings for example in finding.examples]
    identities = {code: Identity("700<100>", "<script>alert(1)</script> & Sons") for code in codes if code}
    page = Sections(stopped, "0" * 64, "unredacted", identities).html("fix_first")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page
    assert "<script" not in page


def test_the_executed_notebook_stays_private(report):
    executed = report.parent / "private" / "district_qa.redacted.ipynb"
    assert stat.S_IMODE(executed.stat().st_mode) == 0o600
    injected = next(
        cell
        for cell in nbformat.read(executed, as_version=4).cells
        if "injected-parameters" in cell.metadata.get("tags", [])
    )
    assert set(re.findall(r"^(\w+) =", injected.source, re.MULTILINE)) == {"district", "run_id", "edition"}


def test_two_reports_at_once_do_not_meet(district, stopped):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = [
            pool.submit(render_report, district.folder(stopped.run_id), edition)
            for edition in ("redacted", "unredacted")
        ]
        assert all(future.result(timeout=120).exists() for future in made)


def test_the_notebook_runs_by_hand(district, stopped, tmp_path):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("papermill")), "notebooks/district_qa.ipynb",
         str(tmp_path / "out.ipynb"), "-p", "district", district.key],
        cwd=PROJECT, env={**os.environ, "PLUS360_DATA": str(district.data)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert stopped.run_id in (tmp_path / "out.ipynb").read_text()


@pytest.mark.parametrize(
    "names",
    [
        {"district": "canary", "run_id": "", "edition": "full"},
        {"district": "nowhere", "run_id": "", "edition": "redacted"},
        {"district": "canary", "run_id": "20200101T000000000Z", "edition": "redacted"},
    ],
)
def test_a_parameter_that_cannot_be_is_fatal(district, stopped, names, monkeypatch):
    monkeypatch.setenv("PLUS360_DATA", str(district.data))
    with pytest.raises(ParameterError):
        open_night(**names)


def test_a_notebook_that_fails_quotes_nothing(district):
    with pytest.raises(ReportError, match=r"failed with ParameterError; see district_qa\.redacted\.ipynb"):
        render_report(district.folder("20200101T000000000Z"))


@pytest.mark.parametrize("edition", ["redacted", "unredacted"])
@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_read_it(browser, report, unredacted, edition, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto((report if edition == "redacted" else unredacted).as_uri())
    assert messages == [], "the browser reports no problem"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing hangs over the edge"
    assert page.locator("h2", has_text="nothing from this run was published").bounding_box()["y"] < 400, (
        "the verdict is on the first screen"
    )
    results = Axe().run(page, options={"runOnly": WCAG_AA})
    assert results.violations_count == 0, results.generate_report()
    page.close()


def test_nothing_is_lost_in_print(browser, report):
    page = browser.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.locator("section, article, table").evaluate_all(
        "all => all.every(one => one.checkVisibility())"
    )
    page.set_viewport_size({"width": 690, "height": 1000})  # what A4 leaves between its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    tables = page.locator(".scroll").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert max(tables) <= 0, "no table is cut off at the paper's edge"
    page.close()
