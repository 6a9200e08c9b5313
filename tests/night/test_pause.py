"""A paused district does nothing until its day."""

from __future__ import annotations

from datetime import timedelta

from night.decisions.pause import today
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused

DISTRICT = "oak-hill"


def test_a_paused_district_does_nothing_until_its_day(operator: Operator) -> None:
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows(DISTRICT, box)
        assert "nothing to resume" in refused(operator.plus360("resume", DISTRICT))
        assert "not in the future" in refused(operator.plus360("pause", DISTRICT, "--until", f"{today()}"))
        assert "write a date such as 2026-12-01" in refused(
            operator.plus360("pause", DISTRICT, "--until", "tomorrow")
        )
        until = today() + timedelta(days=60)
        done = operator.plus360("pause", DISTRICT, "--until", f"{until}", "--reason", "rollover")
        assert done.returncode == 0, done.stderr
        done = operator.plus360("night", DISTRICT)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"paused until {until}. To resume now: plus360 resume {DISTRICT}" in done.stdout
        assert not operator.nights(DISTRICT)
        assert not box.log
        assert operator.index()[DISTRICT]["state"] == "paused"
        assert operator.index()[DISTRICT]["paused_until"] == f"{until}"
        assert operator.plus360("resume", DISTRICT).returncode == 0
        assert operator.index()[DISTRICT]["state"] == "no night"
        (operator.data / DISTRICT / "published").mkdir()
        done = operator.plus360("night", DISTRICT)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "  repaired: published was a folder where a link belongs" in done.stdout
        assert operator.index()[DISTRICT]["repairs"] == operator.record(DISTRICT)["repairs"]
