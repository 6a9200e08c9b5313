"""The report is one file that opens anywhere, shows the verdict at first glance, and everyone can read."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html import escape, unescape
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest

from qa.contract import QaDocument
from qa.redaction.allowed_text import AllowedText
from qa.redaction.scan import LeakError, Scanner
from qa.report.notebook import TABLES, ParameterError, open_night
from qa.report.records import Records
from qa.report.reidentify import FailingValue, FailingValues
from qa.report.render import render_report
from qa.report.sections import Sections
from qa.report.tables.night_charts import published_chart
from tests.conftest import PROJECT
from tests.qa.conftest import BIRTH_DATE, EMAIL, GUARDIAN, SCHOOL_STATE_ID, TONIGHT, DistrictFolder

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
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_every_link_within_it_leads_somewhere(report):
    page = report.read_text()
    targets = set(re.findall(r' id="([^"]+)"', page))
    assert {address[1:] for address in Links(page).addresses} <= targets


def test_support_reads_what_when_where_and_who(report, stopped):
    page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", report.read_text())))
    assert "Nothing from this run was published" in page
    assert "Canary & <Sons> ISD" in page
    assert "ContactPhone: not subscribed (403)" in page
    assert "check 'Get eSchoolPLUS/ContactPhone (v1)'" in page
    assert "District SIS admin" in page
    assert "2 nightly runs, since Sat Nov 21, 2026" in page
    assert "12 of 140 8.6%" in page
    titles = {check.id: check.title for check in stopped.checks}
    assert titles["contact_phones__contact_id__exists"] in page, "what could not be evaluated is named"
    assert "ssn" in page, "kinds of labels that were removed are reported"


def test_the_hosts_name_is_in_no_redacted_file(district, stopped, report, unredacted):
    night = district.folder(stopped.run_id)
    assert not any("esp.canary" in file.read_text() for file in (report, night.qa_json))
    assert "esp.canary" in unredacted.read_text()


def test_a_clean_run_says_published(tmp_path, district):
    district = replace(district, data=tmp_path)
    document = district.night()
    page = render_report(district.folder(document.run_id)).read_text()
    assert f">{escape(document.headline)}</h2>" in page
    assert "This run's files are in place." in page
    assert "Nothing to fix: no check failed." in page


def test_the_numbers_of_a_charts_scale_are_no_leak(stopped):
    """They are round, and a house may have the same number."""
    series = [
        {"add": 0, "update": 0, "carried": 0, "departed": 0, "delete": 0, "now": now} for now in (1302, 41)
    ]
    for zeros in range(5):
        nights = [night.model_dump() for night in stopped.nights]
        for file, its in zip(("students", "guardians"), series, strict=True):
            nights[-1][file] = its | {"now": its["now"] * 10**zeros}
        document = QaDocument.model_validate(stopped.model_dump(by_alias=True) | {"nights": nights})
        chart = published_chart(document)
        allowed = AllowedText(document)
        assert chart is not None
        assert all(allowed.allows(f"{line.value:,}") for line in chart.scale)


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
    value = FailingValue("700<100>", "<script>alert(1)</script> & Sons", "", "Birth date", "<b>", "blank")
    failing = {finding.id: FailingValues((value,), 1) for finding in stopped.findings}
    page = Sections(stopped, "0" * 64, Records(failing=failing)).html("fix_first")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page
    assert "<script" not in page


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
    ran = (tmp_path / "out.ipynb").read_text()
    assert stopped.run_id in ran
    assert "failed_stop" in ran, "the numbers of the nights are a table"


def test_an_analyst_gets_the_numbers_as_tables(district, stopped, monkeypatch):
    monkeypatch.setenv("PLUS360_DATA", str(district.data))
    night = open_night(district.key)
    findings = night.table("findings").set_index("id")
    assert findings.loc[BIRTH_DATE, ["failed", "total"]].tolist() == [12, 140]
    assert {name: type(night.table(name)) for name in TABLES} == dict.fromkeys(TABLES, pd.DataFrame)
    assert "<svg" in night.chart("failed").data
    with pytest.raises(ParameterError, match="'chnages' is none of"):
        night.table("chnages")


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
