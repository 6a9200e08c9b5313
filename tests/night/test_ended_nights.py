"""Nights that are killed or interrupted: readers see one complete run, and the next night is whole."""

from __future__ import annotations

import json
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from district.folder import DistrictFolder
from night.decisions.pause import pause, today
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, published_files, without_events
from tests.night.kept_nights import after_a_night
from tests.shared_between_workers import SharedFolders

DISTRICT = "oak-hill"
# One that waits behind it, and one that is paused.
LATER = ("elm-hill", "summer")


def test_killed_anywhere_the_next_night_is_whole(shared: SharedFolders, tmp_path: Path) -> None:
    operator = after_a_night(shared, tmp_path, students=60, seed=1)
    with Sandbox(generated(students=60, seed=1)) as box:
        operator.knows(DISTRICT, box)
        before = published_files(operator, DISTRICT)
        for word in ("building the warehouse", "writing the report"):
            killed_when_it_says(operator, word)
            after = published_files(operator, DISTRICT)
            assert len(after) == len(before)
        assert operator.plus360("night", DISTRICT).returncode == 0
    assert operator.record(DISTRICT)["verdict"] == "published"


@pytest.mark.parametrize(("number", "options"), [(signal.SIGINT, []), (signal.SIGTERM, ["--json"])])
def test_interrupted_it_says_so_and_lets_the_district_go(
    operator: Operator, number: signal.Signals, options: list[str]
) -> None:
    with Sandbox(generated(students=60, seed=1)) as box:
        for key in (DISTRICT, *LATER):
            operator.knows(key, box)
        pause(DistrictFolder.of(operator.data, "summer").make(), today() + timedelta(days=9), None)
        night = started_until_it_says(operator, "building the warehouse", *LATER, "--jobs", "1", *options)
        night.send_signal(number)
        told, said = night.communicate(timeout=60)
    assert night.returncode == 1
    if options:
        summary = json.loads(told.splitlines()[-1])
        line, never, paused = summary["districts"]
        assert (summary["exit_code"], line["state"], never["state"]) == (1, "failed", "failed")
        assert line["headline"].startswith("interrupted")
        assert never["headline"].startswith("interrupted before its turn")
        assert never["run_id"] is None
        assert paused["state"] == "paused"
    assert without_events(said) == ["interrupted: nothing more is published, and what was published stays"]
    with FileLock(operator.data / DISTRICT / "build" / "night.lock", timeout=5):
        pass  # no process of that night holds the district any more: the next can begin
    assert not (operator.data / DISTRICT / "warehouse.duckdb").exists()
    assert operator.record(DISTRICT)["verdict"] == "failed"
    assert operator.record(DISTRICT)["headline"].startswith("interrupted")
    assert {key: line["state"] for key, line in operator.index().items()} == {
        DISTRICT: "failed",
        "elm-hill": "no night",  # as before: its turn never came
        "summer": "paused",
    }
    # dbt catches the signal while it parses: that is no fault of the project.
    build = started_until_it_says(operator, "building the warehouse", command="build")
    build.send_signal(number)
    said, errors = build.communicate(timeout=60)
    assert (build.returncode, without_events(errors)) == (1, [])
    assert f"{DISTRICT}  failed\n  interrupted. Nothing from this run was published" in said


def killed_when_it_says(operator: Operator, word: str) -> None:
    """Start a night and kill it, with its children, the moment it tells `word`."""
    night = started_until_it_says(operator, word)
    subprocess.run(["pkill", f"-{signal.SIGKILL}", "-s", str(night.pid)], check=False)
    night.communicate()


def started_until_it_says(
    operator: Operator, word: str, *options: str, command: str = "night"
) -> subprocess.Popen[str]:
    """Start a command in a session of its own, and read what it tells up to `word`."""
    night = operator.started(command, DISTRICT, *options)
    tells = night.stdout if "--json" in options else night.stderr
    assert tells
    for line in tells:
        if word in line:
            return night
    pytest.fail(f"the night never said {word!r}")
