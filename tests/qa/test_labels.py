"""A district chooses its labels and codes: no redacted file shows a name in one, and no load waits for it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from extract.store.raw_store import open_store
from night.district_night import NightResult, record_result
from night.events import Steps
from qa.contract import QaDocument
from qa.profile.labels import remember_labels
from qa.profile.rows import LabelRow
from qa.redaction.labels import kind_of
from qa.redaction.pseudonyms import is_public_school_code
from qa.redaction.scan import Scanner
from qa.report.render import render_report
from tests.qa.conftest import BIRTH_DATE, SCHOOL_STATE_ID, TONIGHT, DistrictFolder

PRIORITY = "student_contacts__priority__plausible"
LABELS = ("SarahStevensNote", "Stevens_Sarah_note", "sarah stevens", "sarah-stevens!")
REMOVED = ("SSN_SarahStevens", "stevens login")
CODES = {"grade": "Sarah", "gender": "S", "currentStatus": "STEVENS", "building": "STEVENS"}


@dataclass(frozen=True)
class Run:
    document: QaDocument
    folder: Path

    def text_of(self, surface: str) -> str:
        return (self.folder / surface).read_text()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, new_district: Callable[..., DistrictFolder]) -> Run:
    """A run of a district that named labels, a school and codes after the student Sarah Stevens."""
    district = new_district(tmp_path_factory.mktemp("data"), removed={"Student": [*REMOVED]})
    students, schools = district.records["Student"], district.records["School"]
    students[0].update(firstName="Sarah", lastName="Stevens")
    for student in students:
        student.update(dict.fromkeys(LABELS, "x"))
    for student in students[1:13]:
        student.update(CODES)
    schools.insert(0, schools[0] | {"building": "STEVENS", "name": "Stevens School"})
    for link in district.records["StudentContact"][:5]:
        link["relationCode"] = "SARAH"
    for link in district.records["StudentContact"][:30]:
        link["contactPriority"] = 99
    document = district.night(failing={BIRTH_DATE: 13, SCHOOL_STATE_ID: 1})
    render_report(district.folder(document.run_id))
    night = district.folder(document.run_id)
    result = NightResult(district.key, document.verdict, document.findings[0].headline)
    with Scanner(night) as scanner:
        record_result(night, result, Steps(district.key, lambda _: None), document=document, scanner=scanner)
    return Run(document, district.path / "nights" / document.run_id)


@pytest.mark.parametrize("surface", ["qa.json", "report.html", "night.json"])
@pytest.mark.parametrize("spelling", ["sarah", "stevens"])
def test_no_redacted_file_shows_the_name(run, surface, spelling):
    assert spelling not in re.sub(r"[^a-z]", "", run.text_of(surface).lower())


def test_the_import_is_published_and_no_detail_is_lost(run):
    assert run.document.verdict == "published"
    assert not run.document.run.detail_withheld
    assert "Some detail is withheld" not in run.text_of("report.html")


def test_unrecognized_labels_are_counted(run):
    pulls = {pull.endpoint: pull for pull in run.document.pulls}
    assert pulls["Student"].unrecognized_labels == len(LABELS)
    assert pulls["Student"].stripped_labels == ["login", "ssn"]
    assert "4 fields we don't recognize" in re.sub("&#39;", "'", run.text_of("report.html"))


def test_their_names_are_private(run):
    place = run.folder / "private" / "labels.csv"
    with place.open(encoding="utf-8-sig", newline="") as lines:
        found = {(line["endpoint"], line["label"], line["kind"]) for line in csv.DictReader(lines)}
    assert found == {
        *(("Student", label, "unrecognized") for label in LABELS),
        ("UDRegUser", "meals", "district-defined"),
        *(("Student", label, "removed before storing") for label in REMOVED),
    }
    assert place.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("code", "is_public"),
    [("1", True), ("107", True), ("255901", True), ("9501464726", False), ("900123456", False), ("1a", False),
     ("\u0661", False), ("", False)],
)  # fmt: skip
def test_only_a_short_number_is_shown_as_a_school_code(code, is_public):
    """A long one may be a phone number, a social security number or a student's id."""
    assert is_public_school_code(code) == is_public


def test_a_school_code_that_is_a_word_is_a_pseudonym(run):
    findings = {check: told for told in run.document.findings for check in (told.id, *told.also)}
    assert not findings[SCHOOL_STATE_ID].examples, "the only school that fails is not named"
    bands = {one.school: one.records_from for one in findings[PRIORITY].schools}
    (pseudonym,) = (school for school in bands if school != "1")
    assert pseudonym.startswith("B-")
    assert bands == {"1": 10, pseudonym: 10}
    assert {example.school for example in findings[PRIORITY].examples} == {"1", pseudonym}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("ssn", "ssn"), ("ssnLast4", "ssn"), ("socSecNo", "ssn"), ("Social Security #", "ssn"),
        ("networkPassword", "password"), ("pwd", "password"), ("lockerCombo", "locker_combination"),
        ("combination", "locker_combination"), ("userLogin", "login"), ("pin", "pin"), ("lunchPin", "pin"),
        ("medicaidId", "medicaid"), ("ONBOARD_TOKEN", "token"), ("CONTACT_KEY", "token"),
        ("Sarah Stevens", "other_sensitive"),
    ],
)  # fmt: skip
def test_a_removed_label_is_shown_by_its_kind(label, kind):
    assert kind_of(label) == kind


@pytest.fixture
def leaking(district: DistrictFolder) -> DistrictFolder:
    """A district whose failures give a student's name as their reason, as a broken model might."""
    run_id = district.pull(TONIGHT, failing={BIRTH_DATE: 12})
    district.build(run_id, failing={BIRTH_DATE: 12})
    with duckdb.connect(str(district.warehouse)) as con:
        con.execute("update checks.check_failures set reason = 'zyfirst3'")
    return district


def test_a_leak_costs_the_detail_and_not_the_import(leaking):
    document = leaking.check()
    written = json.loads((leaking.path / "nights" / document.run_id / "qa.json").read_text())
    assert (document.verdict, written["run"]["detail_withheld"]) == ("published", True)
    assert [finding["examples"] for finding in written["findings"]] == [[]]
    assert written["findings"][0]["failed"] == 12
    note = (leaking.path / "nights" / document.run_id / "private" / "withheld.txt").read_text()
    assert "marts.students.first_name" in note
    assert "zyfirst" not in note.lower()
    page = render_report(leaking.folder(document.run_id)).read_text()
    assert "Some detail is withheld." in page
    assert "12 of 140" in page


def test_a_report_that_leaks_shows_verdict_and_counts_only(district):
    """Someone edits qa.json after its scan: the report's own scan still finds the name."""
    document = district.night(failing={BIRTH_DATE: 12})
    place = district.path / "nights" / document.run_id / "qa.json"
    title = document.findings[0].headline.partition(":")[0]
    place.write_text(place.read_text().replace(title, f"{title} of Zyfirst3"))
    page = render_report(district.folder(document.run_id)).read_text()
    assert "Zyfirst3" not in page
    assert "Some detail is withheld." in page
    assert re.search(rf"{BIRTH_DATE}</span>\s*<span[^>]*>12 <span[^>]*>of 140<", page)
    assert f"{TONIGHT:%Y}" in page


def received(store: duckdb.DuckDBPyConnection, run_id: str, *labels: str) -> dict[str, bool]:
    """What a build remembers of a run that received these labels: whether each is new."""
    rows = [LabelRow("Student", label, None, 1, 1, None) for label in labels]
    return {one.row.label or "": one.new for one in remember_labels(store, run_id, rows)}


def remembered(store: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    return set(
        store.execute(
            "select label, first_run_id[7:8], last_run_id[7:8] from history.labels where endpoint = 'Student'"
        ).fetchall()
    )


def test_the_first_and_the_last_run_that_received_a_label_are_remembered(tmp_path):
    with closing(open_store(tmp_path / "raw.duckdb")) as store:
        received(store, "20261121T02", "studentId", "dob")
        received(store, "20261122T02", "studentId", "dob", "")
        assert received(store, "20261123T02", "studentId", "it's") == {"studentId": False, "it's": True}
        after_three = {("studentId", "21", "23"), ("dob", "21", "22"), ("", "22", "22"), ("it's", "23", "23")}
        assert remembered(store) == after_three
        for run_id, labels in {
            "20261123T02": ["studentId", "it's"],
            "20261122T02": ["studentId", "dob", ""],
            "20261121T02": ["studentId", "dob"],
        }.items():
            received(store, run_id, *labels)
            assert remembered(store) == after_three, "a run that is built again changes nothing"


def test_an_older_file_learns_the_last_run_at_its_next_build(tmp_path):
    with closing(open_store(tmp_path / "raw.duckdb")) as store:
        store.execute(
            "insert into history.labels (endpoint, label, first_run_id) values "
            "('Student', 'studentId', '20261121T02'), ('Student', 'dob', '20261121T02')"
        )
        received(store, "20261123T02", "studentId")
        assert remembered(store) == {("studentId", "21", "23"), ("dob", "21", None)}
