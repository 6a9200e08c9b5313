"""Any two nights, compared: with planted changes, and over what a server may send that is no change."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from qa.analyst import District
from qa.analyst.errors import DataError
from tests.land_records import Records, land_records
from tests.qa.conftest import STUDENTS, sound_records

FIRST, SECOND, THIRD = "20261121T020005000Z", "20261122T020005000Z", "20261123T020005000Z"
KEY = "canary"
GRADED = {"studentId": "1", "grade": "05", "busStop": "B 12"}


def landed(data: Path, nights: dict[str, Records], **states: str) -> District:
    """A district whose nights were pulled and never built."""
    (data / KEY).mkdir(exist_ok=True)
    for run_id, records in nights.items():
        land_records(data / KEY / "raw.duckdb", run_id, records, states if run_id == max(nights) else None)  # type: ignore[arg-type]
    return District(KEY, data)


def changed(records: Records) -> Records:
    """The records of the next night, with planted changes; everything else is written another way."""
    students = [dict(record) for record in records["Student"]]
    students[0]["grade"] = "06"
    students[1]["grade"] = "06"
    students[2] |= {"grade": None, "building": 2}
    students[3]["nickname"] = "Zy"
    removed = students.pop(4)
    students.append(removed | {"studentId": "799999", "building": 3})
    for student in students:
        # The date of birth under another name of the same field, and a label that is new.
        student["dob"] = student.pop("birthdate")
        student["busStop"] = "B 12"
    phones = [dict(reversed(record.items())) for record in reversed(records["ContactPhone"])]
    phones[0]["phone"] = "9503259999"
    return records | {"Student": students, "ContactPhone": phones}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    first = sound_records()
    return landed(tmp_path_factory.mktemp("data"), {FIRST: first, SECOND: changed(first)})


def row(frame: pd.DataFrame, **where: object) -> dict[str, object]:
    """The one row that has these values."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, frame
    return dict(frame.iloc[0])


def test_every_endpoint_adds_up(district):
    rows = district.compare().rows
    assert rows["endpoint"].tolist()[-2:] == ["Student", "UDRegUser"]
    assert ((rows["same"] + rows["changed"] + rows["removed"]) == rows["before"]).all()
    assert ((rows["same"] + rows["changed"] + rows["added"]) == rows["after"]).all()
    students, phones = row(rows, endpoint="Student"), row(rows, endpoint="ContactPhone")
    # Each student has a new label; the order of records and labels alone is no change.
    assert (students["added"], students["removed"], students["changed"]) == (1, 1, STUDENTS - 1)
    assert (phones["added"], phones["removed"], phones["changed"], phones["same"]) == (0, 0, 1, STUDENTS - 1)


def test_fields_and_their_values(district):
    compared = district.compare()
    fields = compared.fields
    grade = row(fields, endpoint="Student", field="grade")
    assert (grade["changed"], grade["emptied"], grade["newly_filled"]) == (3, 1, 0)
    assert row(fields, field="nickname")["newly_filled"] == 1
    assert row(fields, field="phone_number")["label"] == "phone"
    assert "birth_date" not in fields["field"].tolist(), "a label with a new name is no change of a value"
    assert compared.values("students", "grade").fillna("-").to_numpy().tolist() == [
        ["05", "06", 2], ["05", "-", 1],
    ]  # fmt: skip
    assert compared.values("ContactPhone", "phone")["after"].tolist() == ["9503259999"]
    assert compared.values("Student", "gender").empty
    with pytest.raises(DataError, match=r"no field of Student 'grad'; did you mean grade\?"):
        compared.values("Student", "grad")


def test_labels_that_appeared_and_vanished(district):
    labels = district.compare().labels.fillna("-").to_numpy().tolist()
    assert sorted(labels) == [
        ["Student", "birthdate", "birth_date", "vanished"],
        ["Student", "busStop", "-", "appeared"],
        ["Student", "dob", "birth_date", "appeared"],
    ]


def test_a_label_that_is_called_like_its_field_has_a_field(tmp_path):
    """A field that is not filled in would read as if nothing read the label."""
    nights = {FIRST: {"Student": [{"studentId": "1"}]}, SECOND: {"Student": [GRADED]}}
    labels = landed(tmp_path, nights).compare().labels
    assert row(labels, label="grade")["field"] == "grade"
    assert row(labels, label="busStop")["field"] is pd.NA


def test_schools(district):
    schools = district.compare().schools
    # Student 2 moved from school 1 to 2, student 4 left school 1, and a new one came to school 3.
    one, two, three = (row(schools, school_id=school) for school in "123")
    assert (one["before"], one["removed"], one["moved_out"], one["after"]) == (30, 1, 1, 28)
    assert (two["moved_in"], two["after"] - two["before"]) == (1, 1)
    assert (three["before"], three["added"], three["after"]) == (0, 1, 1)
    assert one["changed"] == 28


def test_the_summary_is_read_without_a_script(district, browser):
    page = browser.new_page(java_script_enabled=False)
    page.set_content(district.compare()._repr_html_())
    text = page.inner_text("body")
    assert "From Sat Nov 21 2026, 02:00 UTC to Sun Nov 22 2026, 02:00 UTC" in text
    assert "grade" in text
    assert "busStop" in text


def test_changes_name_who_what_and_both_values(district):
    changes = district.changes("Student", limit=None)
    assert changes.columns.tolist()[:6] == ["run_id", "change", "student_id", "name", "school", "field"]
    nickname = row(changes, field="nickname")
    assert (nickname["student_id"], nickname["name"]) == ("700103", "Zyfirst3 Qulast3")
    assert (nickname["before"], nickname["after"]) == (pd.NA, "Zy")
    added, removed = row(changes, change="added"), row(changes, change="removed")
    assert (added["student_id"], added["school"], removed["student_id"]) == ("799999", "3", "700104")
    assert added["field"] is pd.NA


def test_so_many_changes_are_counted_and_not_all_shown(district, capsys):
    assert len(district.changes("Student", limit=10)) == 10
    assert f"10 of {len(district.changes('Student', limit=None))} rows" in capsys.readouterr().out


def test_two_records_of_one_key_and_those_without_one_are_each_one_row(tmp_path):
    def numbered(*numbers: str) -> list[dict[str, str]]:
        return [
            {"studentId": key, "grade": grade} for key, _, grade in (one.partition(":") for one in numbers)
        ]

    before = numbered("1:a", "1:a", "1:b", "2:a", ":x", ":y")
    after = numbered("1:a", "1:c", "1:b", "1:d", "2:a", ":y", ":z")
    district = landed(tmp_path, {FIRST: {"Student": before}, SECOND: {"Student": after}})
    found = row(district.compare().rows, endpoint="Student")
    # 1:a became 1:c, 1:d came; of those without a key no one knows which is which.
    assert [found[name] for name in ("before", "added", "removed", "changed", "same", "after")] == [
        6, 2, 1, 1, 4, 7,
    ]  # fmt: skip
    values = district.compare().values("Student", "grade").to_numpy().tolist()
    assert values == [["a", "c", 1]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"studentId": 1, "grade": "5"}', '{"grade":5,"studentId":"1"}'),
        ('{"studentId": "1 ", "grade": ""}', '{"studentId": "1", "grade": null}'),
        ('{"studentId": "1", "birthdate": "x"}', '{"StudentId": "1", "dob": "x"}'),
        ('{"studentId": "1", "dob": "", "birthdate": "x"}', '{"studentId": "1", "dob": "x"}'),
    ],
    ids=["order and type", "blanks", "other labels", "which label is filled"],
)
def test_what_is_no_change(tmp_path, before, after):
    nights = {FIRST: {"Student": [before.encode()]}, SECOND: {"Student": [after.encode()]}}
    district = landed(tmp_path, nights)  # type: ignore[arg-type]
    assert row(district.compare().rows, endpoint="Student")["same"] == 1
    assert district.changes("Student").empty


def test_a_label_may_be_anything(tmp_path):
    odd = ["", 'the "home" room', "it's", "a.b", "a/b", "a~b", "$", "😀", "x" * 300]
    nights = {
        run: {"Student": [{"studentId": "1"} | dict.fromkeys(odd, value)]}
        for run, value in ((FIRST, "old"), (SECOND, "new"))
    }
    district = landed(tmp_path, nights)
    assert set(district.changes("Student")["field"].fillna("")) == set(odd)
    assert district.compare().values("Student", "a/b")["after"].tolist() == ["new"]


def test_an_endpoint_that_was_not_received_has_no_changes(tmp_path):
    first = sound_records()
    district = landed(tmp_path, {FIRST: first, SECOND: first, THIRD: first}, Contact="broken")
    compared = district.compare()
    contacts = row(compared.rows, endpoint="Contact")
    assert (contacts["before"], contacts["removed"], contacts["after"]) == (STUDENTS, pd.NA, pd.NA)
    with pytest.raises(DataError, match=f"^Contact was not received completely in {THIRD}.$"):
        compared.values("Contact", "email")
    assert "Contact" in compared._repr_html_()


def test_names_of_linked_records_come_from_the_warehouse(workbench_district):
    district = workbench_district.open()
    changes = district.changes("StudentContact", since=workbench_district.run_ids[0], limit=None)
    students = district.sql("select student_id, concat_ws(' ', first_name, last_name) as name from students")
    names = dict(students.to_numpy().tolist())
    told = changes[changes["student_id"].isin(list(names))]
    assert len(told) > 100
    assert (told["name"] == told["student_id"].map(names)).all()


def test_changes_have_the_schools_name(workbench_district):
    district = workbench_district.open()
    schools = district.changes("Student", since=workbench_district.run_ids[0], limit=None)["school"].dropna()
    assert len(schools) > 0
    assert set(schools) <= set(district.sql("select name from schools")["name"])
