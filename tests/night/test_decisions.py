"""A held run waits for a person: what is released, what is discarded, and what can't be decided."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
from contextlib import closing

import duckdb
import pytest
from filelock import FileLock

from district.folder import DistrictFolder
from district.run_id import new_run_id
from night.decisions.history import undecided_run
from night.decisions.pause import today
from night.record import NightRecord
from tests.night.conftest import Operator, refused
from tests.night.kept_nights import with_a_held_night
from tests.night.losing_guardians import DELETED, DISTRICT, REFUSED, night, published
from tests.shared_between_workers import SharedFolders

CUMULATIVE = "load__deletions__cumulative"
KILL = "lambda *_: os.kill(os.getpid(), signal.SIGKILL)"


def decisions(operator: Operator) -> list[tuple[str, str, str]]:
    """Run, decision and reason of each row of history.decisions."""
    with closing(duckdb.connect(str(operator.data / DISTRICT / "raw.duckdb"), read_only=True)) as raw:
        return raw.execute(
            "select run_id, decision, reason from history.decisions order by decided_at"
        ).fetchall()


def killed_release(operator: Operator, step: str) -> None:
    """Run `plus360 release`, and end it with SIGKILL where it would do a step of night.decisions.run."""
    code = (
        "import os, signal, sys; from night import cli; from night.decisions import run; "
        f"run.{step} = {KILL}; sys.argv[1:] = ['release', '{DISTRICT}', '--reason', 'it was right']; "
        "cli.main()"
    )
    command = [operator.command()[0], "-c", code]
    done = subprocess.run(command, cwd=operator.folder, env=operator.env(), capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture(scope="module")
def held(shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """A published run, and a held one: 44 of 295 guardians would be deleted."""
    return with_a_held_night(shared, tmp_path_factory.mktemp("operator"))


def test_a_held_run_waits_and_publishes_nothing(held: Operator) -> None:
    good, last = held.nights(DISTRICT)
    assert published(held) == good
    assert {path.name for path in (last / "export").iterdir()} == {
        "students.csv",
        "guardians.csv",
        "manifest.json",
    }
    assert (last / "warehouse.duckdb").exists()
    document = held.qa(DISTRICT)
    assert document["verdict"] == "held"
    assert document["decision"] is None
    assert [hold["rule"] for hold in document["load"]["holds"]] == [DELETED]
    line = held.index()[DISTRICT]
    assert line["state"] == "held"
    assert line["held"]["commands"] == [
        f"plus360 worklist {DISTRICT}",
        f'plus360 release {DISTRICT} --reason "..."',
        f"plus360 discard {DISTRICT}",
    ]
    assert line["held"]["load"] == line["load"]
    assert line["load"]["guardians"]["before"] == 295
    assert line["load"]["guardians"]["delete"] == document["load"]["holds"][0]["n"]


def test_the_worklist_names_who_would_be_deleted(held: Operator) -> None:
    done = held.plus360("worklist", DISTRICT)
    assert done.returncode == 0, done.stderr
    file = held.nights(DISTRICT)[-1] / "private" / "load-guardians.csv"
    assert str(file) in done.stdout
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    deleted = [row for row in rows if row["effect"] == "Deleted"]
    assert len(deleted) == held.qa(DISTRICT)["load"]["guardians"]["delete"]
    assert {row["cause"] for row in deleted} == {"The contact type was changed"}
    # The third guardian of a student is the second now.
    overwritten = [row for row in rows if row["effect"] == "Overwritten"]
    assert {(row["field"], row["before"], row["now"]) for row in overwritten} >= {("Priority", "3", "2")}
    assert all(row["school"] and row["student"] and row["guardian"] for row in rows)
    assert {row["guardian"][:2] for row in rows} == {"'="}
    assert [row["school"] for row in rows] == sorted(row["school"] for row in rows)
    assert sum(row["school code"] == "101" for row in deleted) == 22
    with file.with_name("load-students.csv").open(encoding="utf-8-sig", newline="") as lines:
        kept = [row for row in csv.DictReader(lines) if row["effect"] == "Kept as last loaded"]
    assert [(row["student id"], row["cause"]) for row in kept] == [(REFUSED, "Student without a last name")]


def test_while_a_run_is_at_work_nothing_is_decided(held: Operator) -> None:
    with FileLock(held.data / DISTRICT / "build" / "night.lock"):
        done = held.plus360("release", DISTRICT)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "is at work" in done.stderr
    assert not decisions(held)


def test_a_run_that_never_was_and_a_rule_that_did_not_trip(held: Operator) -> None:
    assert "has no run" in refused(held.plus360("release", DISTRICT, "20200101T000000000Z"))
    good = held.nights(DISTRICT)[0].name
    assert "was published" in refused(held.plus360("discard", DISTRICT, good))
    assert CUMULATIVE in refused(held.plus360("release", "--all", "--rule", CUMULATIVE))
    assert "--rule" in refused(held.plus360("release", "--all"))


def test_a_later_run_counts_unless_it_failed(held: Operator) -> None:
    folder = DistrictFolder.of(held.data, DISTRICT)
    waiting = held.nights(DISTRICT)[-1].name
    later = folder.night(new_run_id())
    record = NightRecord.of(folder.night(waiting))
    assert record
    for verdict, still_waiting in (("failed", waiting), ("stopped", None)):
        record.model_copy(update={"run_id": later.run_id, "verdict": verdict}).write(later)
        assert undecided_run(folder) == still_waiting
    assert f"{later.run_id} of {DISTRICT} was stopped" in refused(held.plus360("release", DISTRICT))
    assert f"a later run, {later.run_id}, was stopped" in refused(held.plus360("release", DISTRICT, waiting))
    shutil.rmtree(later.path)


def test_a_changed_file_is_never_released(held: Operator) -> None:
    file = held.nights(DISTRICT)[-1] / "export" / "guardians.csv"
    judged = file.read_bytes()
    file.write_bytes(judged.replace(b"ENROLLED", b"INACTIVE", 1) + b"1,2\r\n")
    assert "guardians.csv was changed after it was judged" in refused(held.plus360("release", DISTRICT))
    file.write_bytes(judged)
    qa_json = held.nights(DISTRICT)[-1] / "qa.json"
    text = qa_json.read_bytes()
    qa_json.write_bytes(text[: len(text) // 2])
    assert f"qa.json of run {qa_json.parent.name} is damaged" in refused(held.plus360("release", DISTRICT))
    qa_json.write_bytes(text)
    assert published(held) == held.nights(DISTRICT)[0]


def test_discarded_it_is_held_again_but_not_new_and_released_it_is_the_baseline(held: Operator) -> None:
    done = held.plus360("discard", DISTRICT, "--reason", "the school fixes it")
    assert done.returncode == 0, done.stdout + done.stderr
    good, first = held.nights(DISTRICT)
    assert "This load would delete 44 of 295 guardians" in done.stdout
    assert f"run {first.name} was discarded on {today()}" in held.plus360("worklist", DISTRICT).stdout
    assert published(held) == good
    document = held.qa(DISTRICT)
    assert (document["verdict"], document["decision"]["decision"]) == ("held", "discarded")
    assert "discarded" in (first / "report.html").read_text(encoding="utf-8").lower()
    assert held.record(DISTRICT)["decision"]["decision"] == "discarded"
    line = held.index()[DISTRICT]
    assert (line["state"], line["held"]) == ("held", None)
    assert line["decision"]["run_id"] == first.name
    assert "nothing to decide" in refused(held.plus360("release", DISTRICT))

    done = night(held, "again", lost="0123")
    assert done.returncode == 3, done.stdout + done.stderr
    second = held.nights(DISTRICT)[-1]
    assert not [
        finding for finding in held.qa(DISTRICT)["findings"] if finding["level"] == "hold" and finding["new"]
    ]
    assert f"run {first.name} of {DISTRICT} was discarded on {today()}" in refused(
        held.plus360("release", DISTRICT, first.name)
    )

    # Killed before the link was switched, nothing was released; the next command starts from there.
    for step in ("_tell", "publish"):
        killed_release(held, step)
        assert published(held) == good
        said = held.plus360("worklist", DISTRICT).stdout
        assert "Nothing waits" not in said
    done = held.plus360("release", DISTRICT, "--reason", "it was right")
    assert done.returncode == 0, done.stdout + done.stderr
    assert published(held) == second
    assert f"was released on {today()}" in refused(held.plus360("release", DISTRICT))
    assert "load-" not in held.plus360("worklist", DISTRICT).stdout
    document = held.qa(DISTRICT)
    assert (document["verdict"], document["decision"]["decision"]) == ("published", "released")
    assert document["nights"][-1]["verdict"] == "published"
    assert held.record(DISTRICT)["verdict"] == "published"
    assert (held.data / DISTRICT / "export").resolve() == second / "export"
    assert decisions(held) == [
        (first.name, "discarded", "the school fixes it"),
        (second.name, "released", "it was right"),
    ]
    for path in second.glob("*.*"):
        assert b"it was right" not in path.read_bytes()

    done = night(held, "after", lost="0123")
    assert done.returncode == 0, done.stdout + done.stderr
    assert held.qa(DISTRICT)["load"]["baseline_run_id"] == second.name
    assert held.qa(DISTRICT)["load"]["guardians"]["delete"] == 0
