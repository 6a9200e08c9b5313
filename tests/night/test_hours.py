"""A district that may be pulled in some hours only: outside, its run fails in one line and asks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from district.folder import DistrictFolder
from extract.errors import OutsideHoursError
from extract.pull import pull_district
from night.district_night import run_night
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, without_events


def hours_elsewhere() -> str:
    """A window of two hours that begins in six."""
    begins = datetime.now().astimezone() + timedelta(hours=6)
    return f"{begins:%H}:00-{begins + timedelta(hours=2):%H}:00"


def test_outside_its_hours_a_district_is_not_asked_for_data(operator: Operator) -> None:
    hours = hours_elsewhere()
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows("oak-hill", box, hours=hours)
        extract = operator.plus360("extract", "oak-hill")
        assert extract.returncode == 1
        assert "oak-hill: its settings allow pulls from " in extract.stderr
        assert len(without_events(extract.stderr)) == 1
        assert not box.log
        result = run_night(
            box.settings("oak-hill", hours=hours),
            SecretStr(box.consumer_secret),
            data=operator.data,
            listen=lambda _: None,
        )
        assert (result.verdict, not box.log) == ("failed", True)
        assert result.headline.split(";")[0] in extract.stderr
        assert operator.record("oak-hill")["verdict"] == "failed"
        assert operator.plus360("check", "oak-hill").returncode == 0
        assert box.log


def test_hours_are_by_the_clock_of_the_districts_time_zone(tmp_path: Path) -> None:
    with Sandbox(generated(students=20, seed=1)) as box:
        settings = box.settings("oak-hill", hours="01:00-03:00", time_zone="America/Chicago")
        night = DistrictFolder.of(tmp_path, "oak-hill").make().night("20261127T020000000Z")
        secret = SecretStr(box.consumer_secret)
        with pytest.raises(OutsideHoursError, match=r"it is 8:00 p\.m\. in America/Chicago"):
            pull_district(settings, secret, night, now=datetime(2026, 11, 27, 2, tzinfo=UTC))
        assert not box.log
        pulls = pull_district(settings, secret, night, now=datetime(2026, 11, 27, 8, tzinfo=UTC))
    assert {pull.state for pull in pulls} == {"complete"}
