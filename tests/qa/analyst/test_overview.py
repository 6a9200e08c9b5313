"""What there is of a district: nights, endpoints, records, values, completeness, links."""

from __future__ import annotations

import json
import shutil
from contextlib import closing

import pandas as pd
import pytest

from district.endpoints import ENDPOINTS
from extract.outcomes import PullState
from extract.store.label_columns import MOST_LABELS
from extract.store.raw_store import open_store
from qa.analyst.errors import DataError
from tests.dbt_project.districts import District as Built
from tests.land_records import land_records
from tests.qa.analyst.conftest import KEY, STUDENTS, WorkbenchDistrict
from tests.qa.conftest import sound_records

RUN = "20261123T020005000Z"


@pytest.fixture
def odd(tmp_path) -> WorkbenchDistrict:
    """A district that was pulled and never built, with labels that nobody expects."""
    odd = WorkbenchDistrict(tmp_path)
    odd.folder.path.mkdir(parents=True)
    student = {"studentId": " 1 ", 'the "home" room': "B 12", "a.b": None, "$": {"x": 1}, "é'": "",
               "GRADE": "5", "grade": "6", "position": "first", "": "nameless"}  # fmt: skip
    land_records(odd.folder.raw, RUN, {"Student": [student, {"grade": " "}]}, {"ContactPhone": "refused"})
    return odd


@pytest.fixture(scope="module")
def without_phones(tmp_path_factory) -> WorkbenchDistrict:
    """A district that was pulled without ContactPhone, and built."""
    district = Built(tmp_path_factory.mktemp("data") / KEY)
    states: dict[str, PullState] = {"ContactPhone": "refused", "ContactAddress": "unreconciled"}
    district.land(sound_records(), RUN, states).build()
    night = district.folder.night(RUN).make()
    district.folder.new_warehouse.rename(night.warehouse)
    return WorkbenchDistrict(district.directory.parent)


def test_nights_are_told_the_newest_first(workbench_district):
    nights = workbench_district.open().nights()
    assert nights["run_id"].tolist() == workbench_district.run_ids[::-1]
    assert nights["verdict"].tolist() == ["published", "held", "published"]
    assert nights["complete"].tolist() == [7, 7, 7]
    assert nights["is_published"].tolist() == [True, False, False]
    assert nights["has_warehouse"][0]


def test_endpoints_are_told_with_their_marts(workbench_district):
    endpoints = workbench_district.open().endpoints()
    assert endpoints["endpoint"].tolist() == [endpoint.name for endpoint in ENDPOINTS]
    assert endpoints["mart"].tolist() == [endpoint.mart for endpoint in ENDPOINTS]
    assert set(endpoints["state"]) == {"complete"}


def test_an_endpoint_that_was_refused_is_there(odd):
    endpoints = odd.open().endpoints().set_index("endpoint")
    assert endpoints.loc["ContactPhone", "state"] == "refused"
    assert odd.open().records("ContactPhone").fetchall() == []


def test_records_are_a_relation_with_one_column_per_label(workbench_district):
    district = workbench_district.open()
    records = district.records("students")
    assert records.columns[0] == "position"
    assert records.columns[-1] == "payload"
    assert records.shape[0] == len(district.records("Student").df()) >= STUDENTS
    first = records.order("position").limit(1).df().iloc[0]
    assert json.loads(first["payload"])["lastName"] == first["lastName"]


def test_records_are_those_of_one_run(workbench_district):
    district = workbench_district.open()
    earlier = district.records("StudentContact", workbench_district.run_ids[1])
    assert (
        earlier.filter("contactType = 'G'").shape[0]
        < district.records("StudentContact").filter("contactType = 'G'").shape[0]
    )


def test_a_label_may_be_anything(odd):
    first, second = odd.open().records("Student").df().to_dict("records")
    assert first["studentId"] == " 1 "
    assert first['the "home" room'] == "B 12"
    assert json.loads(first["$"]) == {"x": 1}
    assert {first["GRADE"], first["grade_2"]} == {"5", "6"}
    assert first["position"] == 0
    assert first["position_2"] == "first"
    assert first["(no name)"] == "nameless"
    assert pd.isna(first["é'"])
    assert pd.isna(second["grade_2"])


def test_labels_beyond_the_most_are_said(tmp_path, capsys):
    wide = WorkbenchDistrict(tmp_path)
    wide.folder.path.mkdir(parents=True)
    record = {f"label{number}": "x" for number in range(MOST_LABELS + 2)}
    land_records(wide.folder.raw, RUN, {"Student": [record]})
    district = wide.open()
    assert len(district.records("Student").columns) == MOST_LABELS + 2
    assert f"Student has {MOST_LABELS + 2} labels: {MOST_LABELS} have a column" in capsys.readouterr().out
    for _ in range(2):
        district.sql("from student")
    assert capsys.readouterr().out == (
        f"Student has columns for {MOST_LABELS} labels only; payload has all of them.\n"
    )
    district.sql("from School")
    assert not capsys.readouterr().out


def test_values_are_counted_and_blank_is_one_of_them(odd):
    values = odd.open().values("student", "grade")
    assert values["value"].fillna("blank").tolist() == ["6", "blank"]
    assert values["records"].tolist() == [1, 1]
    assert values["share"].tolist() == [0.5, 0.5]


def test_values_of_an_endpoint_of_its_mart_and_of_any_table(workbench_district):
    district = workbench_district.open()
    grades = district.values("Student", "GRADE")
    assert grades["records"].is_monotonic_decreasing
    assert grades["share"].sum() == pytest.approx(1, abs=0.01)
    assert district.values("Student", "birth_date").equals(district.values("students", "birth_date"))
    assert set(district.values("check_results", "state")["value"]) >= {"passed", "failed"}


@pytest.mark.parametrize(
    ("table", "field", "words"),
    [
        ("Students_", "grade", "There is no table 'Students_'; did you mean"),
        ("Student", "grad", "There is no label of Student 'grad'; did you mean grade?"),
        ("students", "birthdate", "There is no column of students 'birthdate'; did you mean birth_date?"),
        ("wxyz", "grade", "There is no table 'wxyz'; there are School, Contact,"),
    ],
)
def test_a_name_that_is_not_there_is_said_plainly(workbench_district, table, field, words):
    with pytest.raises(DataError) as caught:
        workbench_district.open().values(table, field)
    assert str(caught.value).startswith(words)


def test_what_is_no_text_names_no_endpoint(workbench_district):
    with pytest.raises(DataError, match='An endpoint is named by a text, such as "Student"; this is None'):
        workbench_district.open().records(None)


def test_an_endpoint_that_is_not_there_is_said_plainly(workbench_district):
    with pytest.raises(DataError) as caught:
        workbench_district.open().records("Studentz")
    assert str(caught.value) == "There is no endpoint 'Studentz'; did you mean Student?"


def test_completeness_counts_what_is_missing(workbench_district):
    completeness = workbench_district.open().completeness().set_index(["people", "field"])
    assert completeness.loc[("enrolled students", "birth_date"), "missing"] == 1
    assert (completeness["missing"] + completeness["filled"] == completeness["records"]).all()


def test_links_count_every_student_once(workbench_district):
    district = workbench_district.open()
    links = district.links()
    of_students = links[links["link"] == "guardians of a student"]
    assert of_students["records"].sum() == STUDENTS
    expected = district.sql("""
        select count(distinct student_id) as n from student_contacts where contact_type = 'G'
    """)["n"][0]
    assert of_students[of_students["number"] > 0]["records"].sum() == expected


def test_what_was_not_received_is_said_once_and_never_counted_as_blank(without_phones, capsys):
    district = without_phones.open()
    completeness = district.completeness().set_index(["people", "field"])
    phones = completeness.loc[("enrolled students", "guardian_phone")]
    assert phones[["missing", "filled", "share"]].isna().all()
    assert phones["note"] == "ContactPhone was not received"
    assert completeness.loc[("enrolled students", "address"), "share"] == 1
    assert completeness["share"].isna().sum() == completeness["note"].notna().sum()
    links = set(district.links()["link"])
    assert "phones of a guardian" not in links
    assert {"guardians of a student", "addresses of a guardian"} <= links
    assert district.duplicates("phones").empty
    with pytest.raises(DataError, match="has no record of ContactPhone"):
        district.values("ContactPhone", "phone")
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("ContactAddress was not received completely in this run: ")
    assert said[1:] == [
        "ContactPhone was not received in this run: not subscribed (403). What it would have sent is unknown "
        "here, not blank.",
        "ContactPhone was not received in this run, so which people share phones is not known.",
    ]


def test_an_endpoint_that_was_never_requested_is_said_too(without_phones, tmp_path, capsys):
    copy = WorkbenchDistrict(tmp_path)
    shutil.copytree(without_phones.folder.path, copy.folder.path, symlinks=True)
    with closing(open_store(copy.folder.raw)) as store:
        store.execute("update plus360.pulls set outcome = 'complete', state = 'complete'")
        store.execute("delete from plus360.pulls where endpoint = 'UDRegUser'")
    copy.open().nights()
    assert capsys.readouterr().out.startswith("UDRegUser was not received in this run: not requested")


def test_completeness_says_whom_it_counts(workbench_district):
    district = workbench_district.open()
    counted = dict(district.completeness()[["people", "records"]].drop_duplicates().to_numpy().tolist())
    of_file = district.sql("select count(*) as n from import_guardians")["n"][0]
    states = district.values("students", "enrollment_status").set_index("value")["records"]
    enrolled = states.reindex(["ENROLLED", "PRE_ENROLLED"]).sum()
    assert counted == {"enrolled students": enrolled, "guardians, once per student": of_file}


def test_without_a_warehouse_it_says_so(odd):
    with pytest.raises(DataError, match="received but not built"):
        odd.open().links()
    with closing(open_store(odd.folder.raw)):  # and nothing stayed open
        pass
