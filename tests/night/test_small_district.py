"""A district of seven, then eight: what is shared counts no one, and tells nothing of the new child.

One district, two nightly runs: the eighth child comes with the second, and has no birth date.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from district.data_folder import DataFolder
from district.folder import DistrictFolder, NightFolder
from night.district_night import run_night
from night.pages.index import write_index
from night.record import NightResult
from qa.contract import QaDocument
from qa.report.render import render_report
from qa.verdict.document_file import read_document
from sandbox import Profile, Sandbox, generated
from sandbox.population.source import text
from tests.rewritten import Record, rewritten

DISTRICT = "oak-hill"
CHECK = "students__birth_date__required"
PEOPLE = re.compile(r"\d[\d,]* (?:of \d[\d,]* )?(?:students?|guardians?|contacts?|links?|addresses|phones)\b")


@dataclass(frozen=True)
class Nights:
    """Both runs and the pages of all districts after each."""

    first: NightFolder
    second: NightFolder
    results: list[NightResult]
    pages: list[str]
    totals: list[dict]

    def documents(self) -> list[QaDocument]:
        return [read_document(night)[0] for night in (self.first, self.second)]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    data = tmp_path_factory.mktemp("data")
    everyone = generated(students=8, seed=3)
    folder = DistrictFolder.of(data, DISTRICT)
    results, pages, totals = [], [], []
    new = text(json.loads(everyone.lines("Student", 7, 1, Profile())[0]), "studentId")

    def seven(endpoint: str, record: Record) -> Record | None:
        return None if text(record, "studentId") == new else record

    def eight(endpoint: str, record: Record) -> Record:
        is_new = endpoint == "Student" and text(record, "studentId") == new
        return record | {"birthdate": None} if is_new else record

    for change in (seven, eight):
        source = rewritten(everyone, tmp_path_factory.mktemp("records"), change)
        with Sandbox(source) as box:
            settings = box.settings(DISTRICT, "Oak Hill")
            secret = SecretStr(box.consumer_secret)
            results.append(run_night(settings, secret, data=data, listen=lambda _: None))
        write_index(data, [settings])
        pages.append(DataFolder(data).index_page.read_text())
        totals.append(json.loads(DataFolder(data).index_json.read_text())["districts"][0])
    return Nights(*folder.all_nights(), results, pages, totals)


def test_the_new_child_fails_a_check_and_is_not_counted(nights: Nights) -> None:
    passed, failed = (
        next(check for check in document.checks if check.id == CHECK) for document in nights.documents()
    )
    assert (passed.state, failed.state) == ("passed", "failed")
    for check in (passed, failed):
        assert (check.failed, check.total, {*check.trend}) == (None, None, {None})
    (finding,) = (one for one in nights.documents()[1].findings if one.id == CHECK)
    assert (finding.failed, finding.total, finding.since, finding.nights, finding.new) == (*[None] * 4, False)
    assert (finding.examples, {*finding.trend}) == ([], {None})
    assert finding.headline.endswith(": some students")
    assert finding.remedy, "what to do is still said"


def test_nothing_counts_people(nights: Nights) -> None:
    for document in nights.documents():
        rows = {pull.endpoint: (pull.rows, pull.reported_total, pull.pages) for pull in document.pulls}
        assert rows.pop("School") != (None, None, None)
        assert {*rows.values()} == {(None, None, None)}
        assert {*document.counts} <= {"schools"}
        assert {*document.load.students.model_dump().values()} == {None}
        assert {*document.load.guardians.model_dump().values()} == {None}
        assert (document.load_schools, document.carried, document.run.scan.values) == ([], [], None)
        of_people = [check for check in document.checks if check.failed is not None]
        assert {check.id.partition("__")[0] for check in of_people} <= {"schools", "pull", "load"}
    for night in (nights.first, nights.second):
        record = json.loads(night.record.read_text())
        assert {endpoint for endpoint, rows in record["rows"].items() if rows} == {"School"}
        assert {*record["exported"].values()} == {None}
        texts = [night.report.read_text(), night.record.read_text(), night.qa_json.read_text()]
        assert [PEOPLE.findall(text) for text in texts] == [[], [], []]
    assert [PEOPLE.findall(text) for text in (*nights.pages, *(one.headline for one in nights.results))] == [
        []
    ] * 4
    assert [{*line["load"]["students"].values()} for line in nights.totals] == [{None}, {None}]
    assert [line["new_findings"] for line in nights.totals] == [0, 0]


def test_two_reports_differ_in_what_failed_and_in_times_alone(nights: Nights) -> None:
    """What remains of 0 -> 1 is that the check failed; nothing says that there is one child more."""
    before, after = (json.loads(night.qa_json.read_text()) for night in (nights.first, nights.second))
    for document in (before, after):
        document["checks"] = [one | {"state": ""} for one in document["checks"] if one["id"] == CHECK]
        for pull in document["pulls"]:
            del pull["seconds"], pull["last_complete"]
        del document["run"]["scan"]["columns"]  # of one warehouse, and then of two
    told = {name for name in before if before[name] != after[name]}
    assert told <= {
        "run_id", "started_at", "finished_at", "nights", "last_good", "findings", "fix_first",
        "load", "verdict_reason", "next_step", "next_owner",
    }  # fmt: skip
    (new,) = (one for one in after["findings"] if one["id"] == CHECK)
    assert (before["next_step"], before["next_owner"]) == ("nothing", None)
    assert (after["next_step"], after["next_owner"]) == ("fix", new["owner"])
    before["load"]["baseline_run_id"] = after["load"]["baseline_run_id"]
    assert before["load"] == after["load"]
    known = {finding["id"] for finding in before["findings"]}
    assert [one for one in after["findings"] if one["id"] in known] == before["findings"]


def visible_text(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_districts_own_edition_has_every_number(nights: Nights) -> None:
    page = visible_text(render_report(nights.second, "unredacted").read_text())
    assert "NEW 1 of 8 12.5% since" in page
    assert "Checked: students" in page
    assert "Students Guardians + Added 0 0" in page
    assert "In the import 7 12" in page
    assert nights.second.uncut_qa_json.stat().st_mode & 0o077 == 0
    assert Path(nights.second.uncut_qa_json).parent == nights.second.private
