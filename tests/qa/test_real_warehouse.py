"""A canary district, unique strings in every field, through the real dbt project: none of them gets out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator

from district.folder import DistrictFolder, NightFolder
from extract.store.raw_store import open_store
from qa.contract import SCHEMA_FILE, QaDocument
from qa.document import write_qa_json
from qa.history import write_night
from qa.report.render import render_report
from tests.dbt_project.districts import RUN, District
from tests.qa.conftest import labels

STUDENTS = 40
SOUND = {"gender": "M", "currentStatus": "A", "grade": "05", "birthdate": "2012-05-01T00:00:00"}
TONIGHT = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)


def canary(endpoint: str, label: str, number: int) -> str:
    """A word that is nowhere else: letters only, so that every field takes it for text."""
    letters = "".join(chr(ord("a") + (number // 26**place) % 26) for place in range(3))
    return f"Qz{endpoint}{label}{letters}"


def records() -> dict[str, list[dict[str, object]]]:
    """Families of one student and one guardian; every field that is not a key or a code is a canary."""

    def filled(endpoint: str, number: int, **known: object) -> dict[str, object]:
        return {label: canary(endpoint, label, number) for label in labels()[endpoint]} | known

    numbers = range(STUDENTS)
    return {
        "School": [filled("School", n, building=11 + n, phone=f"98732500{n:02}") for n in range(2)],
        "Student": [
            filled("Student", n, studentId=f"77310{n:02}", building=11 + n % 2, stateReportId=f"66420{n:02}",
                   birthdate=None if n < 12 else f"2012-05-{n - 11:02}T00:00:00")
            for n in numbers
        ],
        "Contact": [filled("Contact", n, contactId=f"88420{n:02}") for n in numbers],
        "ContactAddress": [filled("ContactAddress", n, contactId=f"88420{n:02}") for n in numbers],
        "ContactPhone": [
            filled("ContactPhone", n, contactId=f"88420{n:02}", phoneType="H", phone=f"98765432{n:02}")
            for n in numbers
        ],
        "StudentContact": [
            filled("StudentContact", n, studentId=f"77310{n:02}", contactId=f"88420{n:02}", contactType=kind)
            for n in numbers for kind in "GP"
        ],
        "UDRegUser": [
            {"studentId": f"77310{n:02}", "bus": canary("UDRegUser", "bus", n), "key": f"{551122330 + n}"}
            for n in numbers
        ],
    }  # fmt: skip


def values() -> Iterator[str]:
    for of_endpoint in records().values():
        for record in of_endpoint:
            yield from (str(value) for value in record.values() if len(str(value)) > 4 and value is not None)


def night_of(district: District, run_id: str = RUN) -> NightFolder:
    """The folder of a run, with the warehouse that was built last."""
    folder = DistrictFolder(district.directory.resolve())
    night = folder.night(run_id).make()
    if folder.new_warehouse.exists():
        shutil.copyfile(folder.new_warehouse, night.warehouse)
    return night


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return District(tmp_path_factory.mktemp("data") / "canary").land(records())


@pytest.fixture(scope="module")
def document(district: District) -> QaDocument:
    district.build()
    document = write_qa_json(night_of(district), "Canary ISD", finished_at=TONIGHT + timedelta(seconds=9))
    with closing(open_store(district.folder.raw)) as store:
        write_night(store, document)
    return document


def test_every_check_is_in_the_file_and_the_schema_holds(district, document):
    written = json.loads((district.directory / "nights" / RUN / "qa.json").read_text())
    Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(written)
    assert {check.id for check in document.checks} == district.states().keys()
    assert {check.id: check.failed for check in document.checks if check.failed} == district.failed()
    assert document.counts["students"] == STUDENTS


def test_its_findings_are_those_that_were_planted(document):
    told = {finding.id: finding for finding in document.findings}
    assert told["students__birth_date__required"].failed == 12
    assert told["students__gender__accepted"].failed == STUDENTS
    assert all(example.pseudonym for example in told["students__gender__accepted"].examples)


def test_no_canary_gets_out(district, document):
    report = render_report(night_of(district))
    page = (report.read_text() + (report.parent / "qa.json").read_text()).lower()
    assert document.run.scan.values > 1000
    assert [value for value in set(values()) if value.lower() in page] == []


def test_an_endpoint_that_was_refused_is_one_finding_and_names_what_it_blocks(district, document):
    later = "20261124T020005123Z"
    district.land(records(), later, {"Contact": "refused"}).build()
    told = write_qa_json(
        night_of(district, later), "Canary ISD", finished_at=TONIGHT + timedelta(days=1, seconds=9)
    )
    first = told.findings[0]
    assert (told.verdict, first.id, first.new) == ("stopped", "pull__endpoints__complete", True)
    assert any("'Get eSchoolPLUS/Contact (v1)'" in step for step in first.remedy)
    waiting = {check.id for check in told.checks if check.state == "not_evaluated"}
    assert (
        {check.id for check in told.checks if check.id in waiting and check.total}
        <= {*first.blocks}
        <= waiting
    )
    assert "contacts__email__valid" in first.blocks
    assert not {finding.id for finding in told.findings} & set(first.blocks)


@pytest.mark.parametrize(
    ("emptied", "first_id", "told"),
    [
        ("School", "load__refused__plausible", "40 of 40 students"),
        ("Contact", "load__refused__plausible", "40 of 40 guardian records"),
        ("StudentContact", "load__files__not_empty", "1 of 2 import files"),
        (None, "load__files__not_empty", "2 of 2 import files"),
    ],
)
def test_an_endpoint_without_a_record_stops_the_first_nightly_run(tmp_path, emptied, first_id, told):
    sound = {
        endpoint: [
            record | {label: value for label, value in SOUND.items() if label in record}
            for record in of_endpoint
        ]
        for endpoint, of_endpoint in records().items()
    }
    rows = {endpoint: [] if emptied in (endpoint, None) else sound[endpoint] for endpoint in sound}
    district = District(tmp_path / "canary").land(rows).build()
    document = write_qa_json(night_of(district), "Canary ISD", finished_at=TONIGHT)
    first = document.findings[0]
    assert (document.verdict, document.fix_first, first.id) == ("stopped", first_id, first_id)
    assert told in first.headline
    assert any("API Profile" in step for step in first.remedy)
    assert first.level == "stop"
