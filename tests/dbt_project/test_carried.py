"""Carry forward: what a second run refuses or misses stays as published, and only a real change deletes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox import generated
from tests.dbt_project.districts import IMPORT, District, records_of
from tests.shared_between_workers import copy_of

SECOND = "20261124T020005123Z"
THIRD = "20261125T020005123Z"
FOURTH = "20261126T020005123Z"
Rows = dict[str, list[dict[str, Any]]]
STUDENTS = "select student_id from marts.import_students"
GUARDIANS = "select student_id, contact_id from marts.import_guardians"


def rows_of(students: int) -> Rows:
    lines = records_of(generated(students, seed=6))
    return {endpoint: [json.loads(line) for line in records] for endpoint, records in lines.items()}


def again(published: District, folder: Path) -> District:
    """The published district in a folder of its own, for another second night."""
    shutil.copytree(published.directory, folder / "again", symlinks=True)
    return District(folder / "again")


def key(record: dict[str, Any]) -> str:
    return str(record["studentId"]).strip()


def guardians_of(rows: Rows, student: str) -> list[dict[str, Any]]:
    return [link for link in rows["StudentContact"] if link["contactType"] == "G" and key(link) == student]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> District:
    """A sound district, built and published."""
    return District(tmp_path_factory.mktemp("published")).land(rows_of(60)).build(*IMPORT).publish()


@pytest.fixture(scope="module")
def sample(grand_bend: District, tmp_path_factory: pytest.TempPathFactory) -> District:
    """The public sample, published."""
    return District(copy_of(grand_bend.directory, tmp_path_factory.mktemp("sample"))).publish()


def test_on_the_sample_no_refusal_deletes_anyone(sample: District, grand_bend_records: Path) -> None:
    rows: Rows = {
        path.stem: [json.loads(line) for line in path.read_bytes().splitlines()]
        for path in grand_bend_records.glob("*.ndjson")
    }
    students, guardians = sample.query(STUDENTS), sample.query(GUARDIANS)
    rows["Student"][0]["lastName"] = " "
    for student in rows["Student"][1:151]:
        student["currentStatus"] = "ZZ"
    rows["School"].pop()
    del rows["Contact"][::5]
    sample.land(rows, SECOND).build(*IMPORT)
    assert sample.query(STUDENTS) == students
    assert sample.query(GUARDIANS) == guardians
    by_check = dict(
        sample.query(
            "select check_id, count(*) from marts.import_carried where kept_as = 'carried' group by 1"
        )
    )
    assert by_check.keys() == {
        "students__last_name__required",
        "students__enrollment_status__accepted",
        "students__school_id__exists",
        "student_contacts__contact_id__exists",
    }
    assert by_check["student_contacts__contact_id__exists"] > 300
    assert sample.query("select count(*) from marts.import_carried where not is_new or runs > 1") == [(0,)]


def test_a_guardian_of_the_sample_with_a_phone_is_sent_with_it(grand_bend: District) -> None:
    """909 guardians had a phone of another type only, and were sent with none."""
    without = grand_bend.query(
        "select count(*) from marts.import_guardians "
        "where coalesce(cell_phone, home_phone, work_phone) is null and contact_id in "
        "(select contact_id from marts.contact_phones where phone_text is not null "
        "and phone_kind not in ('FAX', 'PAGER'))"
    )
    assert without == [(0,)]
    in_file = grand_bend.query(
        "select count(*) from (select student_id from marts.import_guardians group by student_id "
        "having count(coalesce(cell_phone, home_phone, work_phone)) = 0)"
    )
    assert in_file == [(grand_bend.failed()["students__guardian_phone__required"],)]


def test_what_is_kept_what_is_deleted_and_for_how_long(published: District, tmp_path: Path) -> None:
    district = again(published, tmp_path)
    rows = rows_of(60)
    before = {
        table: district.query(f"from marts.{table}") for table in ("import_students", "import_guardians")
    }
    with_two = [key(s) for s in rows["Student"] if len(guardians_of(rows, key(s))) > 1]
    blank, gone, moved, type_lost, new_type, unlinked = with_two[:6]
    (blank_student,) = [student for student in rows["Student"] if key(student) == blank]
    blank_student["lastName"], last_name = None, blank_student["lastName"]
    (moved_student,) = [student for student in rows["Student"] if key(student) == moved]
    moved_student["gender"], moved_student["building"] = "?", rows["School"][-1]["building"]
    rows["Student"] = [student for student in rows["Student"] if key(student) != gone]
    guardians_of(rows, type_lost)[0]["contactType"] = "?"
    now_emergency = guardians_of(rows, new_type)[0]
    now_emergency["contactType"] = "C"
    no_link = guardians_of(rows, unlinked)[0]
    rows["StudentContact"].remove(no_link)
    # A student who was never published is refused with the guardians.
    newcomer = {**blank_student, "studentId": "990001", "lastName": None}
    rows["Student"].append(newcomer)
    rows["StudentContact"].append({**guardians_of(rows, blank)[0], "studentId": "990001"})
    district.land(rows, SECOND).build(*IMPORT)

    kept = set(district.query("select import, student_id, kept_as from marts.import_carried"))
    assert kept == {
        ("students", blank, "carried"),
        ("students", moved, "carried"),
        ("students", gone, "departed"),
        ("guardians", type_lost, "carried"),
        ("guardians", gone, "departed"),
    }
    deleted = {(key(link), str(link["contactId"]).strip()) for link in (now_emergency, no_link)}
    old = {row[:2] for row in before["import_guardians"]}
    assert old - set(district.query(GUARDIANS)) == deleted
    assert set(district.query(GUARDIANS)) <= old
    assert district.query(STUDENTS) == [row[:1] for row in before["import_students"]]
    names = "select last_name, enrollment_status, school_id from marts.import_students where student_id = ?"
    assert district.query(names, blank)[0][0] == last_name
    assert district.query(names, gone)[0][1] == "INACTIVE"
    assert district.query(names, moved)[0][2] == str(rows["School"][-1]["building"]).strip()

    # The next run: one is fixed, one still refused; who left was sent as often as the setting says.
    district.publish(SECOND)
    blank_student["lastName"] = last_name
    district.land(rows, THIRD).build(*IMPORT, departed_runs=1)
    since = (
        "select student_id, kept_as, since_run_id, runs, is_new from marts.import_carried where import = ?"
    )
    assert district.query(since, "students") == [(moved, "carried", SECOND, 2, False)]
    assert [row[1:] for row in district.query(since, "guardians")] == [("carried", SECOND, 2, False)]
    assert not {gone, "990001"} & {student for (student,) in district.query(STUDENTS)}
    assert not {gone, "990001"} & {student for student, _ in district.query(GUARDIANS)}
    state = "select file, effect, since_run_id, runs from marts.import_state where student_id = ? order by 1"
    assert district.query(state, "990001") == [
        ("guardians", "refused", SECOND, 2),
        ("students", "refused", SECOND, 2),
    ]


def test_a_district_may_leave_out_who_left_at_once_and_may_load_students_only(
    published: District, tmp_path: Path
) -> None:
    district = again(published, tmp_path)
    rows = rows_of(60)
    gone = key(rows["Student"].pop())
    district.land(rows, SECOND).build(*IMPORT, departed_students="omit", layout="students_only")
    assert gone not in {student for (student,) in district.query(STUDENTS)}
    assert district.query("select count(*) from marts.import_carried") == [(0,)]
    assert district.query(GUARDIANS) == []
    district.publish(SECOND)
    assert {path.name for path in district.folder.export.iterdir()} == {"students.csv", "manifest.json"}


def test_the_internal_id_of_a_student_never_changes(published: District, tmp_path: Path) -> None:
    """Whatever else does, and however the id is spelled: other integrations depend on it."""
    district = again(published, tmp_path)
    ids = "select student_id, sis_internal_id from marts.import_students"
    before = district.query(ids)
    rows = rows_of(60)
    for place, student in enumerate(rows["Student"]):
        student["studentId"] = [f" {key(student)} ", float(key(student)), int(key(student))][place % 3]
        student["building"], student["stateReportId"] = rows["School"][0]["building"], f"T{place}"
        student["firstName"] = None if place % 5 == 0 else "New"
    rows["Student"].reverse()
    district.land(rows, SECOND).build(*IMPORT)
    assert district.query(ids) == before


def test_ids_that_cant_be_read_delete_no_one(published: District, tmp_path: Path) -> None:
    district = again(published, tmp_path)
    before = district.query(STUDENTS), district.query(GUARDIANS)
    rows = rows_of(60)
    chosen = [key(s) for s in rows["Student"] if guardians_of(rows, key(s))][:6]
    guardians_of(rows, chosen[0])[0]["contactId"] = None
    guardians_of(rows, chosen[1])[0]["contactId"] = "N/A"
    guardians_of(rows, chosen[2])[0]["studentId"] = " "
    (unreadable,) = [student for student in rows["Student"] if key(student) == chosen[3]]
    unreadable["studentId"] = " "
    for run_id in (SECOND, THIRD):
        district.land(rows, run_id).build(*IMPORT).publish(run_id)
        assert (district.query(STUDENTS), district.query(GUARDIANS)) == before
        inactive = "select count(*) from marts.import_students where enrollment_status = 'INACTIVE'"
        assert district.query(inactive) == published.query(inactive)
    # What is unreadable for good hides no departure and no deletion.
    rows["Student"] = [student for student in rows["Student"] if key(student) != chosen[4]]
    removed = guardians_of(rows, chosen[5])[0]
    rows["StudentContact"].remove(removed)
    district.land(rows, FOURTH).build(*IMPORT)
    assert district.query(
        "select student_id from marts.import_carried where kept_as = 'departed' group by 1"
    ) == [(chosen[4],)]
    gone = {row[:2] for row in before[1]} - set(district.query(GUARDIANS))
    assert gone == {(chosen[5], str(removed["contactId"]).strip())}


def test_a_student_who_is_back_and_refused_is_not_inactive(published: District, tmp_path: Path) -> None:
    district = again(published, tmp_path)
    rows = rows_of(60)
    back = rows["Student"].pop(0)
    district.land(rows, SECOND).build(*IMPORT).publish(SECOND)
    status = "select kept_as, enrollment_status from marts.import_students where student_id = ?"
    assert district.query(status, key(back)) == [("departed", "INACTIVE")]
    rows["Student"].insert(0, back | {"lastName": " ", "currentStatus": "A"})
    district.land(rows, THIRD).build(*IMPORT)
    assert district.query(status, key(back)) == [("carried", "ENROLLED")]
