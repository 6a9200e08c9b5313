"""How complete records are: exact for the district, in steps for large schools, not at all for few people."""

from __future__ import annotations

from tests.qa.conftest import GUARDIAN, STUDENTS, DistrictFolder


def test_the_districts_numbers_are_exact_and_of_enrolled_students(district: DistrictFolder) -> None:
    for student in district.records["Student"][:4]:
        student["stateReportId"] = None
    for student in district.records["Student"][-3:]:
        student["currentStatus"] = "I"
    document = district.night(failing={GUARDIAN: 7})
    found = {(one.group, one.field): (one.filled, one.total) for one in document.completeness}
    enrolled = STUDENTS - 3
    assert found["students", "state_student_id"] == (enrolled - 4, enrolled)
    assert found["students", "guardian"] == (enrolled - 7, enrolled)
    assert found["students", "iep"] == (0, enrolled)
    assert found["guardians", "email"][0] == found["guardians", "email"][1]
    counted = {one.guardians: one.students for one in document.guardians_per_student}
    assert counted == {0: 7, 1: enrolled - 7, 2: 0, 3: 0, 4: 0}


def test_schools_whose_sizes_could_be_guessed_have_no_shares(district: DistrictFolder) -> None:
    """140 students, 110 of them at one school: what is left over would say how many it has."""
    assert district.night().school_completeness == []


def test_large_schools_have_shares_in_steps_and_small_ones_none(district: DistrictFolder) -> None:
    records = district.records
    for copy in range(1, 6):
        for endpoint in ("Student", "Contact", "ContactAddress", "ContactPhone", "StudentContact"):
            ids = {"studentId": 700100, "contactId": 900200}
            records[endpoint] += [
                one
                | {key: f"{int(one[key]) + 1000 * copy}" for key in ids if one.get(key)}
                | (
                    {"stateReportId": None, "lastName": f"{one['lastName']}x"}
                    if endpoint == "Student"
                    else {}
                )
                for one in records[endpoint][: STUDENTS * (2 if endpoint == "StudentContact" else 1)]
            ]
    records["Student"][-1]["building"] = 3
    document = district.night()
    told = {one.school: one.filled for one in document.school_completeness if one.group == "students"}
    assert {*told} == {"1", "2", "3"}
    assert told["3"] is None, "fewer than 50"
    assert told["2"] and told["2"]["guardian"] == 95
    steps = {step for shown in told.values() if shown for step in shown.values()}
    assert {step % 5 for step in steps} == {0}


def test_of_few_students_nothing_is_counted(district: DistrictFolder) -> None:
    district.records["Student"] = district.records["Student"][:8]
    document = district.night()
    assert {(one.filled, one.total) for one in document.completeness if one.group == "students"} == {
        (None, None)
    }
    assert {one.students for one in document.guardians_per_student} == {None}
    assert document.school_completeness == []
