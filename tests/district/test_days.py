"""The nights of a district: runs of 5 p.m. and of 2 a.m. are one night, and a day without a run is no gap."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from district.settings import DistrictSettings
from district.settings.days import WEEKDAYS, RunCalendar

CHICAGO = ZoneInfo("America/Chicago")
DAY = timedelta(days=1)
ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "Asia/Kolkata", "UTC")

moments = st.integers(1_700_000_000, 1_950_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)
run_days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple)


def in_chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def settings(**more: object) -> DistrictSettings:
    return DistrictSettings(
        key="oak", name="Oak", base_url="https://hac.example/v1/oak/", consumer_key="OneRoster_OAK_1", **more
    )


@pytest.mark.parametrize(
    ("start", "night"),
    [
        ("2026-11-23T12:00", "2026-11-23"),
        ("2026-11-23T17:00", "2026-11-23"),
        ("2026-11-24T02:00", "2026-11-23"),
        ("2026-11-24T11:59:59", "2026-11-23"),
        ("2026-11-24T12:00", "2026-11-24"),
        ("2026-03-08T03:30", "2026-03-07"),  # the clock went forward an hour before
        ("2026-11-01T01:30", "2026-10-31"),  # the clock went back
    ],
)
def test_a_run_belongs_to_the_day_whose_noon_came_last(start: str, night: str) -> None:
    calendar = settings(time_zone="America/Chicago").calendar
    assert calendar.night_of(in_chicago(start).astimezone(UTC)) == date.fromisoformat(night)


def test_sundays_and_holidays_have_no_run() -> None:
    calendar = settings(
        run_days=["Mon", "Tue", "Wed", "Thu", "Fri"], holidays=["2026-11-26", "2026-12-21..2027-01-01"]
    ).calendar
    assert calendar.next_run_night(date(2026, 11, 25)) == date(2026, 11, 27), "after Thanksgiving"
    assert calendar.next_run_night(date(2026, 11, 27)) == date(2026, 11, 30), "after a Friday"
    assert calendar.next_run_night(date(2026, 12, 18)) == date(2027, 1, 4), "after the winter break"
    assert not calendar.is_run_night(date(2026, 11, 29))
    assert settings(holidays=["2026-01-01..2099-01-01"]).calendar.missing_at(date(2026, 1, 1)) is None


def test_a_run_is_missing_in_the_morning_after_its_night() -> None:
    calendar = RunCalendar(CHICAGO, ("Mon", "Tue", "Wed", "Thu", "Fri"))
    early = [in_chicago(f"2026-11-{day}T02:00") for day in (24, 25, 26)]
    assert calendar.missing_at(date(2026, 11, 27), early) == in_chicago("2026-12-01T06:00"), "Monday's night"
    late = [*early, in_chicago("2026-11-27T06:30")]
    assert calendar.missing_at(date(2026, 11, 26), late) == in_chicago("2026-11-28T08:30")
    by_hand = [in_chicago("2026-11-27T11:00")]
    assert calendar.missing_at(date(2026, 11, 26), by_hand) == in_chicago("2026-11-28T12:00")
    long_ago = [*by_hand, *(start for start in early for _ in range(2))]
    assert calendar.missing_at(date(2026, 11, 26), long_ago) == in_chicago("2026-11-28T06:00")


def test_without_a_time_zone_the_machines_clock_counts() -> None:
    calendar, noon = RunCalendar(), datetime(2026, 6, 15, 12).astimezone()
    assert calendar.night_of(noon) == noon.date()
    assert calendar.night_of(noon - timedelta(seconds=1)) == noon.date() - DAY
    assert calendar.missing_at(noon.date()) == (noon + DAY).replace(hour=6) + DAY


@given(moments, zones)
def test_every_moment_has_one_night_that_begins_at_a_noon(moment: datetime, zone: ZoneInfo) -> None:
    calendar = RunCalendar(zone)
    night = calendar.night_of(moment)
    noons = [datetime.combine(day, time(12), zone) for day in (night, night + DAY)]
    assert noons[0].astimezone(UTC) <= moment < noons[1].astimezone(UTC)


@given(moments, zones, run_days, st.lists(st.integers(1, 96), max_size=6))
def test_no_run_is_missing_before_it_was_due(
    moment: datetime, zone: ZoneInfo, days: tuple, hours: list[int]
) -> None:
    calendar = RunCalendar(zone, days)
    starts = sorted(moment - timedelta(hours=ago) for ago in hours)
    last = calendar.night_of(moment)
    missing = calendar.missing_at(last, [*starts, moment])
    assert missing is not None
    due = calendar.next_run_night(last)
    assert due is not None
    assert due > last
    assert calendar.is_run_night(due)
    assert not any(calendar.is_run_night(last + number * DAY) for number in range(1, (due - last).days))
    local = missing.astimezone(zone).replace(tzinfo=None)
    assert timedelta(hours=18) <= local - datetime.combine(due, time(12)) <= DAY


@given(moments, zones, run_days)
def test_who_runs_every_run_night_at_one_hour_is_never_missing(
    moment: datetime, zone: ZoneInfo, days: tuple
) -> None:
    calendar = RunCalendar(zone, days)
    wall = calendar.local(moment).time()
    last = calendar.night_of(moment)
    night = calendar.next_run_night(last)
    assert night is not None
    day = night if wall >= time(12) else night + DAY
    missing = calendar.missing_at(last, [moment])
    assert missing is not None
    assert datetime.combine(day, wall, zone) < missing
