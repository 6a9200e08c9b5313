"""What the unredacted edition shows of each finding: every failing value, and whose it is."""

from __future__ import annotations

from qa.report import reidentify
from qa.report.reidentify import failing_values
from tests.qa.conftest import BIRTH_DATE, EMAIL, SCHOOL_STATE_ID, DistrictFolder

SIS_URL = "https://esp.canary.example/eSchoolPLUS/"
FAILING = {BIRTH_DATE: 12, SCHOOL_STATE_ID: 1, EMAIL: 40}


def test_every_failing_record_is_there_with_value_name_and_school(district: DistrictFolder) -> None:
    document = district.night(failing=FAILING)
    found = failing_values(
        district.folder(document.run_id), [*FAILING, "students__gender__accepted"], SIS_URL
    )
    assert {check_id: its.total for check_id, its in found.items()} == FAILING
    assert {check_id: len(its.values) for check_id, its in found.items()} == FAILING
    failed = {finding.id: finding.failed for finding in document.findings}
    assert {check_id: failed[check_id] for check_id in FAILING} == FAILING, "as many as the finding counts"
    for value in found[EMAIL].values:
        assert (value.field, value.reason) == ("Email", "not_an_address")
        assert value.value
        assert value.name
        assert value.student.endswith(")"), "the student through whom a guardian is found"
        assert f"contactId={value.record_key}&" in value.url
    for value in found[BIRTH_DATE].values:
        assert value.name
        assert value.school
        assert (value.value, value.url) == ("", "")
    (example, *_) = next(one for one in document.findings if one.id == BIRTH_DATE).examples
    assert example.pseudonym in {value.pseudonym for value in found[BIRTH_DATE].values}, "support may ask"
    (school,) = found[SCHOOL_STATE_ID].values
    assert school.record_key in school.school


def test_a_page_holds_the_first_and_says_how_many_there_are(district: DistrictFolder, monkeypatch) -> None:
    night = district.folder(district.night(failing=FAILING).run_id)
    monkeypatch.setattr(reidentify, "VALUES_SHOWN", 5)
    emails = failing_values(night, [EMAIL])[EMAIL]
    assert (len(emails.values), emails.total) == (5, 40)
    assert {value.url for value in emails.values} == {""}
    schools = [value.school for value in emails.values]
    assert schools == sorted(schools)


def test_there_are_none_where_the_warehouse_is_gone(district: DistrictFolder) -> None:
    night = district.folder(district.night(failing=FAILING).run_id)
    night.warehouse.unlink()
    assert failing_values(night, [EMAIL]) == {}
