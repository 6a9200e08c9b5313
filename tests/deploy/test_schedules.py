"""What starts the nightly runs on one machine: systemd's service and timer, or cron."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.deployed import DEPLOY, PROGRAM

UNITS = ("plus360.service", "plus360.timer")
ONCE_A_DAY = re.compile(r"\d{1,2} \d{1,2} \* \* \*")


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """A unit's settings by section; systemd allows each more than once."""
    sections: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            setting, _, value = line.partition("=")
            sections.setdefault(section, {}).setdefault(setting, []).append(value)
    return sections


def test_systemd_can_load_both_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_what_needs_a_person_is_not_started_again_and_stays_visible() -> None:
    service = unit("plus360.service")["Service"]
    assert service["Restart"] == ["on-failure"]
    assert service["RestartPreventExitStatus"] == ["2 3"]
    assert "SuccessExitStatus" not in service, "a unit that ended with 3 would look fine"
    assert unit("plus360.service")["Unit"].keys() >= {"StartLimitIntervalSec", "StartLimitBurst"}


def test_the_service_takes_secrets_from_systemd_and_can_write_only_its_data() -> None:
    service = unit("plus360.service")["Service"]
    assert service["LoadCredential"] == ["plus360-maple-grove:/etc/plus360/secrets/plus360-maple-grove"]
    assert (service["User"], service["ProtectSystem"], service["UMask"]) == (
        ["plus360"],
        ["strict"],
        ["0077"],
    )
    data = re.findall(r"PLUS360_DATA=/var/lib/(\S+)", " ".join(service["Environment"]))
    assert service["StateDirectory"] == data
    assert not re.search(r"SECRET|PASSWORD", " ".join(service["Environment"]))


def test_the_service_runs_a_command_that_exists() -> None:
    (start,) = unit("plus360.service")["Service"]["ExecStart"]
    assert start.split()[:2] == [PROGRAM, "night"]


def test_the_timer_names_a_time_zone_and_makes_up_for_a_missed_night() -> None:
    timer = unit("plus360.timer")["Timer"]
    (when,) = timer["OnCalendar"]
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d [A-Z]\w+/\w+", when)
    assert timer["Persistent"] == ["true"]


def test_each_line_of_the_crontab_is_a_variable_or_a_nightly_run() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not re.match(r"#|[A-Z0-9_]+=\S+$", line)]
    assert jobs
    for job in jobs:
        schedule, command = re.fullmatch(r"((?:\S+ ){5})(.+)", job).groups()  # type: ignore[union-attr]
        assert ONCE_A_DAY.fullmatch(schedule.strip())
        program, name, *options = command.split()
        assert (program, name) == (PROGRAM, "night")
        assert "--all" in options
        assert "%" not in command, "cron ends a command at the first percent sign"
