import shutil
from datetime import date, timedelta

import duckdb
import pytest

from qa.analyst import District
from qa.analyst.errors import DataError
from qa.analyst.people.findings import document_of
from tests.qa.analyst.people.conftest import (
    FAULTY_BEFORE,
    FAULTY_NOW,
    GENDER,
    GONE,
    GONE_CODE,
    INES,
    MARIA,
    QUARANTINED,
)
from tests.qa.conftest import TONIGHT

ACCEPTED = "students__gender__accepted"


def test_findings_say_what_since_when_who_fixes_it_and_how(d):
    finding = d.findings().set_index("check_id").loc[ACCEPTED]
    assert finding["level"] == "Can't be loaded"
    assert finding["title"] == "Gender code that the import does not accept"
    assert finding[["count", "runs"]].tolist() == [1, 1]
    assert finding["since"] == date(2026, 11, 23)
    assert finding["fix"]


def test_failing_shows_records_with_their_values(d):
    record = d.failing(ACCEPTED.upper()).iloc[0]
    assert record[["student_id", "school", "field", "value", "reason"]].tolist() == [
        GENDER, "School 1", "Gender", "X", "A code that is not in the list",
    ]  # fmt: skip
    assert record["pseudonym"].startswith("S-")


def test_a_check_that_passes_is_an_empty_frame_and_a_line(d, capsys):
    assert d.failing("students__first_name__required").empty
    assert capsys.readouterr().out == "No record fails students__first_name__required.\n"


def test_a_misspelled_check_says_which_one_is_meant(d):
    with pytest.raises(DataError, match=f"did you mean {ACCEPTED}"):
        d.failing("student__gender_accepted")


def code_of(d: District, check_id: str, key: str) -> str:
    """The pseudonym of a failing record."""
    return d.failing(check_id).set_index("record_key").loc[key, "pseudonym"]


def test_who_says_whose_record_it_is_and_what_fails(d):
    row = d.who(code_of(d, ACCEPTED, GENDER)).iloc[0]
    assert row[["kind", "student_id", "field", "value", "status"]].tolist() == [
        "student", GENDER, "Gender", "X", "fails in this run",
    ]  # fmt: skip
    assert row["since"] == date(2026, 11, 23)
    assert row["finding"]
    assert row["fix"]


def test_since_is_the_records_own_not_that_of_its_check(d):
    check = "contacts__email__valid"
    since = {
        key: d.who(code_of(d, check, key)).loc[0, "since"].isoformat() for key in (FAULTY_BEFORE, FAULTY_NOW)
    }
    assert since == {FAULTY_BEFORE: "2026-11-22", FAULTY_NOW: "2026-11-23"}
    assert d.findings().set_index("check_id").loc[check, "since"] == date(2026, 11, 22)


def test_a_record_that_was_received_and_quarantined_is_not_called_missing(d):
    links = d.failing("student_contacts__student_id__exists").set_index("student_id").loc[[QUARANTINED]]
    assert set(links["reason"]) == {"Received, but quarantined: The same field twice"}
    code = links["pseudonym"].iloc[0]
    fix = d.who(code).loc[0, "fix"]
    assert fix.startswith("Fix students__labels__unique first: Open a case with PowerSchool support")
    fails = d.student(QUARANTINED).findings
    assert fails.loc[0, "check_id"] == "students__labels__unique"
    caused = fails[fails["check_id"] == "student_contacts__student_id__exists"]
    assert set(caused["fix"]) == {fix}
    assert d.find(QUARANTINED).loc[0, "status"] == "quarantined: The same field twice"


def test_what_the_reader_looks_for_comes_before_links_and_codes(d):
    columns = list(d.who(code_of(d, ACCEPTED, GENDER)).columns)
    assert columns.index("check_id") == columns.index("status") + 1
    assert columns[-1] == "link"


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"Hi, a test case: please look at {code}, and call me.",
        lambda code: [code, code],
    ],
)
def test_a_code_is_read_however_it_is_written(d, written):
    code = code_of(d, ACCEPTED, GENDER)
    assert d.who(written(code))["pseudonym"].tolist() == [code]


def test_a_code_of_a_contact_names_the_student(d):
    code = code_of(d, "contacts__person__duplicated", INES)
    row = d.who(code).iloc[0]
    assert row[["kind", "contact", "contact_id", "student_id"]].tolist() == [
        "contact",
        "Ines Garcia",
        INES,
        "700100",
    ]


def test_a_record_that_is_gone_says_in_which_run_it_was_last(d, people):
    row = d.who(GONE_CODE).iloc[0]
    assert row["record_key"] == GONE
    assert row["status"] == f"no longer received; last in run {people.runs[0]}"


def test_an_unknown_code_is_one_line(d, capsys):
    assert d.who("P-G9BH-22G6").empty
    assert "Not a code of canary: P-G9BH-22G6" in capsys.readouterr().out
    with pytest.raises(DataError, match="looks like P-G9BH-22G6"):
        d.who("the student in the report")


def test_the_page_in_the_sis_is_linked_where_the_settings_have_its_address(d, tmp_path, monkeypatch):
    config = tmp_path / "districts.toml"
    config.write_text(
        '[districts.canary]\nname = "Canary"\nbase_url = "https://sis.example/api"\n'
        'consumer_key = "key"\nsis_url = "https://sis.example/eSchoolPLUS/"\n'
    )
    monkeypatch.setenv("PLUS360_CONFIG", str(config))
    link = d.failing("contacts__person__duplicated").set_index("contact_id").loc[INES, "link"]
    assert link.startswith(
        "https://sis.example/eSchoolPLUS/Student/Registration/ContactDetail?contactId=900200"
    )


def test_a_run_that_was_not_built_says_what_to_do(new_district, tmp_path):
    folder = new_district(tmp_path)
    folder.pull(TONIGHT)
    unbuilt = District(folder.key, folder.data)
    for ask in (
        lambda: unbuilt.find("x"),
        lambda: unbuilt.student("1"),
        lambda: unbuilt.failing(ACCEPTED),
        lambda: unbuilt.who("P-G9BH-22G6"),
        unbuilt.duplicates,
        unbuilt.findings,
    ):
        with pytest.raises(DataError, match="Run plus360 night canary"):
            ask()


def test_another_runs_warehouse_never_answers_for_a_run(people, capsys):
    older = people.open(people.runs[0])
    for ask in (
        lambda: older.failing(ACCEPTED),
        lambda: older.who(GONE_CODE),
        lambda: older.student(MARIA),
        older.duplicates,
        older.completeness,
        older.links,
        lambda: older.values("students", "grade"),
    ):
        with pytest.raises(DataError, match=f"Run {people.runs[0]} has no warehouse any more: .*d.refresh"):
            ask()
    assert older.values("Student", "firstName")["value"].str.startswith("Gone").any()
    assert not older.find(MARIA).empty
    assert f"are those of the published run {people.runs[1]}" in capsys.readouterr().out


def test_the_latest_run_without_a_warehouse_names_the_published_one(new_district, tmp_path):
    folder = new_district(tmp_path)
    published = folder.pull(TONIGHT - timedelta(days=1))
    folder.warehouse.touch()
    folder.folder().district.publish(folder.folder())
    folder.pull(TONIGHT)
    with pytest.raises(DataError, match=f"not built; .*District.'canary', run_id='{published}'"):
        District(folder.key, folder.data).failing(ACCEPTED)


def test_a_build_that_ended_early_is_said_in_one_line(people, tmp_path, capsys):
    shutil.copytree(people.folder.path, tmp_path / people.folder.key, symlinks=True)
    early = District(people.folder.key, tmp_path)
    with duckdb.connect(str(early._folder.night(early.run_id).warehouse)) as con:
        con.execute("drop view checks.failing_values; drop table load_effects.load_students")
        con.execute("drop table profiles.completeness; drop table marts.import_students")
    said = (
        f"The build of run {early.run_id} did not end, so a table that this reads is not there: records, "
        "labels, findings, compare, changes and trace still answer for it."
    )
    for ask in (
        lambda: early.failing(ACCEPTED),
        lambda: early.who(GONE_CODE),
        lambda: early.student(MARIA),
        early.completeness,
    ):
        with pytest.raises(DataError) as caught:
            ask()
        assert str(caught.value) == said
    assert not early.find(MARIA).empty
    assert early.trace(MARIA).student_id == MARIA
    assert not early.findings().empty


def test_what_was_not_counted_has_no_total(d, monkeypatch):
    document = document_of(d._reader)
    uncounted = [finding.model_copy(update={"total": 0}) for finding in document.findings]
    told = document.model_copy(update={"findings": uncounted})
    monkeypatch.setattr("qa.analyst.people.findings.document_of", lambda reader: told)
    assert d.findings()["of"].isna().all()
    assert (d.findings()["count"] > 0).any()
