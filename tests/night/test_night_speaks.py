"""What `night` says to a person, to a scheduler and to a program; and what the log has of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from district.settings.days import WEEKDAYS, RunCalendar
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, without_events

KEYS = {"time", "level", "command", "district", "run_id", "step", "event", "message"}
SUMMARY = {"exit_code", "districts", "not_due", "finished", "at_work", "errors"}


@dataclass
class Morning:
    """Four districts: a good one, one with a wrong secret, one that is not due, and one that is disabled."""

    operator: Operator
    told: list[dict]

    @property
    def summary(self) -> dict:
        return self.told[-1]


@pytest.fixture(scope="module")
def morning(module_operator: Operator) -> Iterator[Morning]:
    tonight = RunCalendar().night_of(datetime.now(UTC))
    other_days = [day for day in WEEKDAYS if day != WEEKDAYS[tonight.weekday()]]
    with Sandbox(generated(students=40, seed=1)) as box:
        module_operator.knows("oak-hill", box)
        module_operator.knows("elm-hill", box, secret="not-the-secret")
        module_operator.knows("fir-hill", box, run_days=other_days)
        module_operator.knows("ash-hill", box, disabled=True)
        done = module_operator.process("night", "--all", "--json")
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode == 3, done.stdout + done.stderr
        assert done.stderr == ""
        yield Morning(module_operator, [json.loads(line) for line in done.stdout.splitlines()])


def test_the_last_line_is_the_summary(morning: Morning) -> None:
    assert morning.summary.keys() == SUMMARY
    assert (morning.summary["exit_code"], morning.summary["not_due"]) == (3, ["fir-hill"])
    districts = {line["district"]: line for line in morning.summary["districts"]}
    assert {key: line["state"] for key, line in districts.items()} == {
        "oak-hill": "published",
        "elm-hill": "stopped",
    }
    for key, line in districts.items():
        record = morning.operator.record(key)
        assert (line["run_id"], line["headline"]) == (record["run_id"], record["headline"])
        assert line["seconds"] >= sum(record["seconds"].values()) > 0


def test_one_failing_district_stops_no_other(morning: Morning) -> None:
    index = morning.operator.index()
    assert index["oak-hill"]["state"] == "published"
    assert index["elm-hill"]["state"] == "stopped"
    assert index["elm-hill"]["report"]


def test_each_line_before_it_is_an_event(morning: Morning) -> None:
    events = morning.told[:-1]
    assert all(event.keys() >= KEYS for event in events)
    run_id = morning.operator.record("oak-hill")["run_id"]
    of_run = [event for event in events if event["run_id"] == run_id]
    assert {event["district"] for event in of_run} == {"oak-hill"}
    steps = morning.operator.record("oak-hill")["seconds"]
    assert [event["step"] for event in of_run if event["event"] == "begins"] == [*steps]
    assert {event["step"]: event["seconds"] for event in of_run if event["event"] == "ends"} == steps
    assert [event["code"] for event in of_run if event["event"] == "endpoint"] == ["complete"] * 7
    refused = [event for event in events if event["event"] == "endpoint" and event["level"] == "warning"]
    assert [(event["district"], event["code"]) for event in refused] == [
        ("elm-hill", "credentials_refused")
    ] * 7
    results = [event for event in events if event["event"] == "result"]
    assert {event["district"]: (event["code"], event["level"]) for event in results} == {
        "oak-hill": ("published", "info"),
        "elm-hill": ("stopped", "error"),
    }


def test_the_log_has_the_same(morning: Morning) -> None:
    logged = morning.operator.data.joinpath("logs", "plus360.log").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in logged]
    events = morning.told[:-1]
    assert entries[: len(events)] == events
    assert entries[len(events)]["message"] == "plus360 night ended with exit code 3"


def test_what_is_finished_is_not_run_again_and_still_counts(morning: Morning) -> None:
    done = morning.operator.plus360("night", "--all", "--unfinished", "--json", "--quiet")
    assert (done.returncode, done.stderr) == (3, "")
    summary = json.loads(done.stdout)
    assert (summary["districts"], summary["not_due"]) == ([], ["fir-hill"])
    assert {(line["district"], line["state"]) for line in summary["finished"]} == {
        ("oak-hill", "published"),
        ("elm-hill", "stopped"),
    }


def test_quiet_shows_only_who_needs_a_person(morning: Morning) -> None:
    done = morning.operator.plus360("night", "--all", "--unfinished", "--quiet")
    headline = morning.operator.record("elm-hill")["headline"].removeprefix("Stopped: ")
    assert (done.returncode, done.stdout, done.stderr) == (3, f"elm-hill  stopped\n  {headline}\n", "")
    log = morning.operator.data.joinpath("logs", "plus360.log").read_text(encoding="utf-8")
    assert f'"message": "stopped: {headline}"' in log


def test_quiet_says_nothing_when_all_is_well(morning: Morning) -> None:
    """It is not due, and runs because it was named."""
    done = morning.operator.plus360("night", "fir-hill", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert morning.operator.record("fir-hill")["verdict"] == "published"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ash-hill"], "Remove disabled = true"),
        (["oak-hill", "--shard", "1/2"], "use them with --all"),
        (["oak-hill", "--unfinished"], "use them with --all"),
        (["oak-hill", "--all"], "name districts, or use --all"),
        (["--all", "--shard", "3/2"], "such as 2/8"),
        (["--all", "--shard", "/2"], "where JOB_COMPLETION_INDEX is set"),
    ],
)
def test_a_refusal_is_one_line_and_the_summary_has_it(morning: Morning, words: list[str], said: str) -> None:
    done = morning.operator.plus360("night", *words, "--json")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["exit_code"], summary["errors"]) == (2, [done.stderr.strip()])


def test_a_shard_without_districts_is_no_fault(morning: Morning) -> None:
    morning.operator.environment["JOB_COMPLETION_INDEX"] = "8"
    done = morning.operator.plus360("night", "--all", "--shard", "/9")
    del morning.operator.environment["JOB_COMPLETION_INDEX"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "no district to run"


@pytest.mark.parametrize("place", ["a pipe that no one reads", "a full disk"])
def test_where_nothing_can_be_said_the_exit_code_still_is(morning: Morning, place: str) -> None:
    command = 'exec 3>&1; { "$@"; echo $? >&3; } 2>&3 | true' if place != "a full disk" else None
    operator = morning.operator
    words = operator.command("night", "--all", "--unfinished", "--json")
    shell = command or '"$@" >/dev/full; echo $?'
    done = subprocess.run(
        ["sh", "-c", shell, "sh", *words],
        cwd=operator.folder, env=operator.env(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_the_log_of_other_commands(morning: Morning) -> None:
    operator = morning.operator
    log = Path(operator.data, "logs", "plus360.log")
    before = len(log.read_text(encoding="utf-8").splitlines())
    refused = operator.plus360("release", "elm-hill")
    assert refused.returncode == 2
    assert operator.plus360("export", "oak-hill").returncode == 0
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()[before:]]
    assert [(entry["command"], entry["level"], entry["message"]) for entry in entries] == [
        ("release", "error", refused.stderr.strip()),
        ("release", "error", "plus360 release ended with exit code 2"),
        ("export", "info", "plus360 export ended with exit code 0"),
    ]
    assert {entry["district"] for entry in entries} == {None, "elm-hill", "oak-hill"}


def test_version_is_one_line(operator: Operator) -> None:
    done = operator.plus360("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("plus360 ")
    assert len(done.stdout.splitlines()) == 1
    assert without_events(done.stderr) == []
