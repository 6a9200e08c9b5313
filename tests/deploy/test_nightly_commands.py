"""What deploy/ starts works where only the data can be written; a restored backup goes on."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from night.cli import app
from sandbox import Sandbox, generated
from tests.deploy.deployed import DEPLOY, PROGRAM
from tests.night.conftest import Operator
from tests.repo.project_files import PROJECT

KEY = "maple-grove"
# Mounts the checkout read-only for one command; only root can.
READ_ONLY = f"mount --bind {PROJECT} {PROJECT} && mount -o remount,ro,bind {PROJECT} && "


def test_every_option_in_them_exists() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    known = {option for parameter in group.commands["night"].params for option in parameter.opts}
    for name in ("plus360.service", "crontab", "cronjob.yaml"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if re.search(rf"{PROGRAM} night|args: \[night", line)]
        assert lines
        assert not {option for line in lines for option in re.findall(r"--[a-z-]+", line)} - known, name


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A machine with one district: settings, secrets as files, nothing else in the environment."""
    operator = Operator(tmp_path_factory.mktemp("machine"))
    with Sandbox(generated(students=40, seed=1)) as box:
        operator.knows(KEY, box)
        secrets = operator.folder / "secrets"
        secrets.mkdir()
        (secrets / f"plus360-{KEY}").write_text(box.consumer_secret)
        operator.environment = {"CREDENTIALS_DIRECTORY": str(secrets)}
        yield operator


def cron(operator: Operator, number: int) -> subprocess.CompletedProcess[str]:
    """A line of the crontab as cron runs it, with the variables of the crontab and hardly any others."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z0-9_]+=", line))
    jobs = [line.split(maxsplit=5)[5] for line in lines if PROGRAM in line]
    here = {
        "PLUS360_CONFIG": str(operator.folder / "districts.toml"),
        "PLUS360_DATA": str(operator.data),
        "CREDENTIALS_DIRECTORY": operator.environment["CREDENTIALS_DIRECTORY"],
    }
    assert here.keys() <= variables.keys()
    program = f"{shlex.quote(sys.executable)} -m night.cli"
    job = jobs[number].replace(PROGRAM, program)
    shell = [variables["SHELL"], "-c", READ_ONLY + job if os.getuid() == 0 else job]
    return subprocess.run(
        ["unshare", "--mount", *shell] if os.getuid() == 0 else shell,
        env=variables | here | {"PATH": "/usr/bin:/bin", "HOME": "/", "PYTHONPATH": str(PROJECT)},
        cwd=operator.folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_night_of_cron_says_nothing_and_its_second_line_runs_nothing(operator: Operator) -> None:
    done = cron(operator, 0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert operator.record(KEY)["verdict"] == "published"
    again = cron(operator, 1)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(operator.nights(KEY)) == 1


def test_a_restored_district_goes_on_as_if_it_had_never_been_away(operator: Operator) -> None:
    """As docs/operations.md says: backed up, destroyed, restored; then the next run compares with it."""
    archive = operator.folder / "backup.tar"
    tar = ["tar", "--file", archive, "--directory", operator.data]
    subprocess.run([*tar, "--create", KEY], check=True)
    forgotten = operator.plus360("forget", KEY, "--yes")
    assert forgotten.returncode == 0, forgotten.stderr
    assert not (operator.data / KEY).exists()
    subprocess.run([*tar, "--extract"], check=True)
    done = operator.plus360("night", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "repaired" not in done.stdout
    load = operator.qa(KEY)["load"]["students"]
    assert (load["before"], load["add"], load["delete"]) == (40, 0, 0)
    first, second = operator.nights(KEY)
    assert (operator.data / KEY / "published").resolve() == second.resolve()
    assert first.exists()
