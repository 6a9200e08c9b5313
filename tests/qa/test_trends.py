"""What a run remembers of the ones before: failed checks and loads by night, labels and their first run."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from district.endpoints import ENDPOINTS
from district.settings.days import RunCalendar
from extract.store.raw_store import open_store
from qa.history import History
from tests.qa.conftest import BIRTH_DATE, EMAIL, GUARDIAN, STUDENTS, TONIGHT, DistrictFolder

NUTS = "Zwonuts allergy"


def nights_ago(nights: int) -> datetime:
    return TONIGHT - timedelta(days=nights)


def test_each_night_has_its_failed_checks_and_its_load(district: DistrictFolder) -> None:
    district.night(nights_ago(3), failing={BIRTH_DATE: 2, GUARDIAN: 3})
    district.night(nights_ago(1), states={"Student": ("broken", 503)}, build=False)
    nights = district.night(failing={EMAIL: 2}).nights
    assert [night.failed and [*night.failed.values()] for night in nights[-4:]] == [
        [0, 0, 1, 1],
        None,
        [1, 0, 0, 0],
        [0, 0, 0, 1],
    ]
    loaded = [night.students and (night.students.now, night.students.add) for night in nights[-4:]]
    assert loaded == [(STUDENTS - 2, STUDENTS - 2), None, None, (STUDENTS, STUDENTS)]
    assert nights[-1].guardians and nights[-1].guardians.now == STUDENTS


def test_a_pull_that_failed_shows_no_load_and_takes_no_days_place(district: DistrictFolder) -> None:
    district.night(TONIGHT - timedelta(hours=9), failing={EMAIL: 2})  # 5 p.m.: the same night
    down = {endpoint.name: ("broken", 503) for endpoint in ENDPOINTS}
    for endpoint in district.records:
        district.records[endpoint] = []
    again = district.night(states=down)
    assert again.verdict == "failed"
    assert again.load is None
    assert [again.load_schools, again.carried] == [[], []]
    assert [again.completeness, again.school_completeness, again.guardians_per_student] == [[], [], []]
    with closing(open_store(district.folder().district.raw)) as store:
        assert store.execute(
            "select count(*) from history.effects where run_id = ?", [again.run_id]
        ).fetchone() == (0,)
    (day,) = (night for night in again.nights if night.run_id)
    assert day.date == (TONIGHT - timedelta(days=1)).date()
    assert (day.verdict, day.students and day.students.now) == ("published", STUDENTS)
    assert day.failed == {"stop": 0, "hold": 0, "error": 0, "warn": 1}
    school_nights = RunCalendar(ZoneInfo("UTC"), ("Mon", "Tue", "Wed", "Thu", "Fri"))
    with closing(open_store(district.folder().district.raw)) as store:
        nights = History(store, again.run_id, school_nights).nights("failed", [], None, [])
    assert [night.due for night in nights].count(False) == 4
    assert not any(night.due for night in nights if f"{night.date:%a}" in ("Sat", "Sun"))


def test_an_endpoint_that_the_import_does_not_need_hides_no_load(district: DistrictFolder) -> None:
    assert district.night(states={"UDRegUser": ("refused", 403)}).load
    assert district.night(nights_ago(-1), states={"ContactPhone": ("refused", 403)}).load is None


def test_of_few_students_no_night_counts_them(district: DistrictFolder) -> None:
    district.night(nights_ago(1))
    district.records["Student"] = district.records["Student"][:8]
    nights = district.night().nights
    assert [{*night.students.model_dump().values()} for night in nights if night.students] == [{None}] * 2


def test_a_label_is_new_once_and_named_only_if_it_is_ours(district: DistrictFolder) -> None:
    first = district.night(nights_ago(2))
    assert not [one for one in (*first.labels, *first.own_fields) if one.new], "the first run has nothing new"
    for student in district.records["Student"][:70]:
        student[NUTS] = "Y"
    second = district.night(nights_ago(1))
    (told,) = (one for one in second.labels if one.new)
    assert (told.endpoint, told.label, told.number, told.state) == ("Student", None, 1, "unmapped")
    assert (told.filled, told.first_seen) == (50, nights_ago(1)), "70 of 140 records"
    assert NUTS not in second.to_json()
    with district.folder(second.run_id).labels.open(encoding="utf-8-sig", newline="") as lines:
        listed = [line for line in csv.DictReader(lines) if line["label"] == NUTS]
    assert [(line["number"], line["endpoint"], line["first_seen"]) for line in listed] == [
        ("1", "Student", "2026-11-22")
    ]
    third = district.night()
    assert not [one for one in third.labels if one.new]
    assert next(one for one in third.labels if one.number).first_seen == nights_ago(1)


def test_the_districts_own_fields_are_profiled_by_number(district: DistrictFolder) -> None:
    (own,) = district.night().own_fields
    assert (own.number, own.shape, own.filled, own.new) == (1, "text", 95, False)
    named = {one.label: one.state for one in district.night(nights_ago(1)).labels if one.label}
    assert named["birthdate"] == "mapped"
