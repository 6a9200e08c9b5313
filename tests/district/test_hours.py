"""The hours in which a district may be pulled."""

from datetime import datetime

import pytest

from district.network.hours import Hours


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-26T{clock}").astimezone()


@pytest.mark.parametrize(
    ("hours", "clock", "inside"),
    [
        ("20:00-05:00", "19:59:59.999999", False),
        ("20:00-05:00", "20:00", True),
        ("20:00-05:00", "23:59:59", True),
        ("20:00-05:00", "00:00", True),
        ("20:00-05:00", "04:59:59.999999", True),
        ("20:00-05:00", "05:00", False),
        ("20:00-05:00", "10:15", False),
        ("01:30-04:00", "01:29", False),
        ("01:30-04:00", "01:30", True),
        ("01:30-04:00", "04:00", False),
        ("00:00-23:59", "23:59", False),
        ("12:00-00:00", "23:59", True),
        ("12:00-00:00", "00:00", False),
    ],
)
def test_a_window_begins_and_ends_to_the_minute_and_may_pass_midnight(hours, clock, inside):
    assert Hours.of(hours).contain(at(clock)) == inside


@pytest.mark.parametrize(
    "text", ["", "20:00", "8:00-5:00", "20:00-20:00", "20:00-24:00", "20:60-05:00", "20:00 -05:00"]
)
def test_what_is_not_a_window_is_refused(text):
    with pytest.raises(ValueError, match="time"):
        Hours.of(text)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("20:00-05:00", "8:00 p.m. to 5:00 a.m."),
        ("00:05-12:00", "12:05 a.m. to 12:00 p.m."),
        ("12:30-00:00", "12:30 p.m. to 12:00 a.m."),
    ],
)
def test_as_people_read_it(hours, words):
    assert str(Hours.of(hours)) == words
