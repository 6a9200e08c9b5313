"""Runs of an earlier version, damaged files, a warehouse that is gone: one line says what and what to do."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused
from tests.night.kept_nights import after_a_night, with_a_held_night
from tests.night.losing_guardians import DISTRICT
from tests.shared_between_workers import SharedFolders

COMMANDS = [("report",), ("report", "--unredacted"), ("worklist",), ("release",), ("discard",)]
EDITIONS = COMMANDS[:2]
AGAIN = f"Run plus360 night {DISTRICT}"


@pytest.fixture(scope="module")
def held(shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """A published run, and a held one."""
    operator = with_a_held_night(shared, tmp_path_factory.mktemp("operator"))
    assert operator.record(DISTRICT)["verdict"] == "held"
    return operator


@contextmanager
def instead(path: Path, content: bytes | None) -> Iterator[None]:
    """Inside, the file has another content, or is missing."""
    before = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
    yield
    path.unlink(missing_ok=True)
    if before is not None:
        path.write_bytes(before)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_run_of_an_earlier_version_is_to_be_run_again(held: Operator, command: tuple[str, ...]) -> None:
    good, last = held.nights(DISTRICT)
    older = held.qa(DISTRICT) | {"schema": 2}
    with instead(last / "qa.json", json.dumps(older).encode()):
        said = refused(held.plus360(command[0], DISTRICT, *command[1:]))
        assert f"run {last.name} was written by an earlier version of plus360. {AGAIN}\n" in said
        line = held.index()[DISTRICT]
    assert (line["state"], line["held"], line["next_step"]) == ("held", None, "run_again")
    assert line["last_good"]["run_id"] == good.name


@pytest.mark.parametrize("content", [b"garbage", b"\xff\xfe", b"{}", b'{"schema": 3}', b"", None])
@pytest.mark.parametrize("command", EDITIONS, ids=" ".join)
def test_a_damaged_qa_json_is_named(held: Operator, command: tuple[str, ...], content: bytes | None) -> None:
    good, last = held.nights(DISTRICT)
    with instead(last / "qa.json", content):
        done = held.plus360(command[0], DISTRICT, *command[1:])
        if content is None:
            assert done.stdout.startswith(
                f"{DISTRICT}: later runs have no results. This is the report of run {good.name}.\n"
            )
        else:
            assert refused(done) == f"qa.json of run {last.name} is damaged. {AGAIN}\n"


def test_two_runs_are_never_mixed(held: Operator) -> None:
    good, last = held.nights(DISTRICT)
    other = (good / "qa.json").read_bytes()
    with instead(last / "qa.json", other):
        assert refused(held.plus360("report", DISTRICT)) == (
            f"qa.json of run {last.name} is a copy of another run's. {AGAIN}\n"
        )
    with instead(last / "private" / "qa.json", other):
        assert refused(held.plus360("report", DISTRICT, "--unredacted")) == (
            f"private/qa.json of run {last.name} is a copy of another run's. {AGAIN}\n"
        )
    with instead(last / "private" / "qa.json", b"\xff"):
        assert "private/qa.json" in refused(held.plus360("report", DISTRICT, "--unredacted"))
        assert held.plus360("report", DISTRICT).returncode == 0


def test_a_warehouse_that_is_gone_is_named(held: Operator) -> None:
    good, last = held.nights(DISTRICT)
    missing = (
        "can't be read: it is missing. The next nightly run writes a new one, or restore it from a backup\n"
    )
    with instead(last / "warehouse.duckdb", None):
        done = held.plus360("worklist", DISTRICT)
        assert f"{DISTRICT}: the warehouse of run {last.name} {missing}" in done.stdout
        assert f"{DISTRICT}: These are of run {good.name}.\n" in done.stdout
        assert "checked no records" not in done.stdout
    with instead(good / "warehouse.duckdb", None):
        assert held.plus360("export", DISTRICT).stderr == f"the warehouse of run {good.name} {missing}"
    for damage in (b"garbage" * 9000, b"", b"x"):
        with instead(good / "warehouse.duckdb", damage):
            assert held.plus360("export", DISTRICT).stderr == (
                f"the warehouse of run {good.name} can't be read: it is damaged. "
                "The next nightly run writes a new one\n"
            )


def test_a_report_is_never_of_a_run_that_was_killed(shared: SharedFolders, tmp_path: Path) -> None:
    """Killed when all of it is there, but the link: its files say published, which is wrong."""
    operator = after_a_night(shared, tmp_path, students=60, seed=1)
    with Sandbox(generated(students=60, seed=1)) as box:
        operator.knows(DISTRICT, box)
        assert operator.plus360("extract", DISTRICT).returncode == 0
        assert f"plus360 build {DISTRICT}" in refused(operator.plus360("report", DISTRICT))
    code = (
        "import os, signal, sys; from night import cli, district_night; "
        "district_night.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL); "
        f"sys.argv[1:] = ['build', '{DISTRICT}']; cli.main()"
    )
    command = [operator.command()[0], "-c", code]
    killed = subprocess.run(
        command, cwd=operator.folder, env=operator.env(), capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    good, dead = operator.nights(DISTRICT)
    assert operator.qa(DISTRICT)["verdict"] == "published"
    done = operator.plus360("report", DISTRICT)
    assert done.returncode == 0, done.stderr
    assert f"repaired: run {dead.name} was interrupted just before it was published" in done.stdout
    assert f"{DISTRICT}: later runs have no results. This is the report of run {good.name}.\n" in done.stdout
    assert done.stdout.endswith(f"{good / 'report.html'}\n")
    assert not (dead / "report.html").exists()
    assert operator.record(DISTRICT)["verdict"] == "failed"
    assert operator.index()[DISTRICT]["state"] == "failed"
