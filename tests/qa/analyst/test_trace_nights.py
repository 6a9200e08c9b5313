"""A student in every run that is kept: found near the same position, or by reading the run whole."""

from __future__ import annotations

import csv
from contextlib import closing

import duckdb
import nbformat
import papermill
import pytest

from district.folder import DistrictFolder
from qa.analyst.errors import DataError
from qa.analyst.trace.files import rows_beginning_with
from qa.analyst.trace.nights import nights_of
from tests.conftest import PROJECT
from tests.land_records import land_records
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.test_compare import landed
from tests.qa.analyst.traced_district import FIRST, SECOND, THIRD


def test_night_by_night_it_says_what_was_received_and_what_changed(traced_district):
    nights = traced_district.at(THIRD, "held").trace(of.CHANGED).nights
    assert nights["run_id"].tolist() == [THIRD, SECOND, FIRST]
    assert nights["state"].tolist() == ["Held", "Published", "Published"]
    assert nights["received"].tolist() == ["Yes"] * 3
    assert nights.loc[1, "record_changed"] == "nickname: blank to Ziggy; grade: 05 to 06"
    assert nights.loc[1, "changes"] == "Grade: 05 to 06"
    assert nights["in_file"].tolist() == ["As received"] * 3
    assert nights["effect"].fillna("").tolist() == ["Same as before", "Changed", ""]
    gone = traced_district.at(THIRD, "stopped").trace(of.GONE).nights
    assert gone["received"].tolist() == ["No", "No", "Yes"]
    assert gone["in_file"].tolist() == ["No", "As inactive", "As received"]
    assert gone["state"].tolist()[0] == "Stopped"


GRAY = {"studentId": "200009", "lastName": "Gray", "building": 101, "grade": "05"}
ZED = GRAY | {"lastName": "Zed"}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ([GRAY | {"studentId": "  200009"}], [GRAY], []),
        ([GRAY], [GRAY | {"building": "101", "lastName": "Gray \u00a0"}], []),
        ([GRAY], [{"LASTNAME" if label == "lastName" else label: GRAY[label] for label in GRAY}], []),
        ([GRAY, ZED], [ZED, GRAY], []),
        ([GRAY], [GRAY | {"grade": "06", "changeDateTime": "2026-11-21"}], ["grade: 05 to 06"]),
        ([GRAY], [GRAY | {"changeDateTime": "2026-11-21"}], ["changed_at: blank to 2026-11-21"]),
        ([GRAY], [ZED | {"busStop": "B 12"}], ["busStop: blank to B 12", "last_name: Gray to Zed"]),
        ([GRAY], [GRAY, ZED], ["records added: 1"]),
        ([GRAY, ZED, ZED], [GRAY | {"grade": None}], ["grade: 05 to blank", "records removed: 2"]),
    ],
    ids=["padding", "type and blanks", "label", "order", "field", "time", "two", "added", "removed"],
)
def test_what_changed_in_the_record_is_what_changes_says(tmp_path, before, after, says):
    district = landed(tmp_path, {FIRST: {"Student": before}, SECOND: {"Student": after}})
    told = district.trace("200009").nights.fillna("").loc[0, "record_changed"]
    assert told.split("; ") == (says or [""])
    changes = district.changes("Student").fillna("blank")
    values = changes[changes["change"] == "changed"]
    counted = changes["change"].value_counts()
    assert says == [
        *(f"{one.field}: {one.before} to {one.after}" for one in values.itertuples()),
        *(f"records {kind}: {counted[kind]}" for kind in ("added", "removed") if kind in counted),
    ]


def test_an_id_with_other_zeros_is_another_student(traced_district):
    """For the import '00123' is not '123': the headline, the nights and the file tell of the id alone."""
    third = traced_district.at(THIRD)
    old, new = third.trace(of.RESPELLED), third.trace(of.RESPELLED_NOW)
    assert old.headline.endswith(
        "is in the import of Nov 23 as inactive, because the student is no longer sent, since Nov 23; since "
        "Nov 23 the server sends 00700113, another id for the import."
    )
    assert new.headline.endswith(
        "is new in the import of Nov 23; until Nov 22 the server sent 700113, another id for the import."
    )
    assert old.nights[["received", "in_file"]].values.tolist() == [
        ["No", "As inactive"], ["Yes", "As received"], ["Yes", "As received"],
    ]  # fmt: skip
    assert new.nights["received"].tolist() == ["Yes", "No", "No"]
    assert old.nights["record_changed"].isna().all()
    assert new.nights["record_changed"].isna().all()
    changes = third.changes("Student", limit=None).set_index("student_id")["change"]
    assert (changes[of.RESPELLED], changes[of.RESPELLED_NOW]) == ("removed", "added")
    # Only the next run has it: the id is followed as it is typed all the same.
    assert "the student was not received; until" in traced_district.at(SECOND).trace("00700113").headline


def test_zeros_help_to_find_a_student_in_a_run_that_was_never_built(tmp_path):
    zeros = GRAY | {"studentId": "00200009"}
    district = landed(tmp_path, {FIRST: {"Student": [GRAY]}, SECOND: {"Student": [GRAY]}})
    assert district.trace("0200009").student_id == "200009"
    district = landed(tmp_path, {THIRD: {"Student": [GRAY, zeros]}})
    assert district.trace("00200009").nights["received"].tolist() == ["Yes", "No", "No"]
    assert len(district.trace("200009").raw) == 1
    with pytest.raises(DataError, match="'0200009' may be 00200009 or 200009: name one of them exactly"):
        district.trace("0200009")


def test_a_student_who_moved_far_in_the_pull_is_found(tmp_path):
    """The position of one run says where to look in the others; only if that fails, they are read whole."""
    folder = DistrictFolder.of(tmp_path, "far").make()
    ids = [f"{100000 + n}" for n in range(9_000)]
    for run_id, order in ((FIRST, ids), (SECOND, ids[::-1]), (THIRD, ids[1:])):
        land_records(folder.raw, run_id, {"Student": ({"STUDENT_ID": f" {one} "} for one in order)})
    with closing(duckdb.connect()) as con:
        con.execute(f"attach '{folder.raw}' as raw_store (read_only)")
        found = nights_of(con, folder, ids[0], 0)
    assert [len(night.records) for night in found] == [1, 1, 0]
    assert [night.is_complete for night in found] == [True, True, True]


def test_a_row_is_found_by_its_first_cells_alone(tmp_path):
    path = tmp_path / "rows.csv"
    rows = [
        ["Id", "Text"],
        ["6", 'a\r\n7,"false"\r\nb'],
        ["70", "no"],
        ["7", "line\r\nend"],
        ["7", "2"],
        ["8", "7,"],
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert rows_beginning_with(path, ["7"]) == [{"Id": "7", "Text": "line\r\nend"}, {"Id": "7", "Text": "2"}]
    assert rows_beginning_with(path, ["9"]) == []
    assert rows_beginning_with(tmp_path / "missing.csv", ["7"]) == []


def test_the_notebook_has_the_answer_and_every_stage(traced_district, tmp_path, monkeypatch):
    monkeypatch.setenv("PLUS360_DATA", str(traced_district.data))
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        PROJECT / "notebooks" / "trace.ipynb",
        out,
        {"district": of.DISTRICT_KEY, "run_id": SECOND, "student": of.NO_BIRTH_DATE},
        kernel_name="python3",
        progress_bar=False,
    )
    shown = {
        cell.source: cell.outputs[0].data
        for cell in nbformat.read(out, as_version=4).cells
        if cell.cell_type == "code" and cell.source.startswith("trace") and cell.outputs
    }
    assert "students__birth_date__required" in shown["trace.headline"]["text/plain"]
    for stage in ("nights", "checks", "decisions", "load", "file", "fields", "raw"):
        assert of.NO_BIRTH_DATE in shown[f"trace.{stage}"]["text/html"] or stage == "nights"
    assert 'class="report trace"' in shown["trace"]["text/html"]
