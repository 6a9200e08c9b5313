"""Two commands on one district, and folders that are not ours alone: one line, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from district.folder import DistrictFolder
from district.links import LinkOutsideError
from district.private_files import write_private
from night.cli import app
from night.lock import locked
from sandbox import Sandbox, generated
from tests.night.conftest import Operator
from tests.night.news.servers import web_hook

DISTRICT = "oak-hill"


def said(operator: Operator, *words: str) -> tuple[int, str]:
    """A command's exit code, and the one line that it printed."""
    options = {"PLUS360_CONFIG": operator.folder / "districts.toml", "PLUS360_DATA": operator.data}
    environment = {name: str(value) for name, value in options.items()} | operator.environment
    done = CliRunner().invoke(app, [*words], env=environment)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1, done.output
    return done.exit_code, lines[0]


@pytest.mark.parametrize(
    "words",
    [
        ("extract", DISTRICT),
        ("release", DISTRICT),
        ("discard", DISTRICT),
        ("pause", DISTRICT, "--until", "2999-01-01"),
        ("resume", DISTRICT),
    ],
)
def test_a_district_at_work_says_so(known: Operator, words: tuple[str, ...]) -> None:
    folder = DistrictFolder.of(known.data, DISTRICT).make()
    with locked(folder, "night"):
        code, line = said(known, *words)
    assert code == 1
    assert line.startswith(f"plus360 night of {DISTRICT} is at work since ")
    assert f"(process {os.getpid()})" in line


def test_a_run_that_finds_its_district_at_work_says_nothing_of_it(operator: Operator) -> None:
    with web_hook() as hook, Sandbox(generated(students=20, seed=1)) as box:
        operator.tables["[fleet]"] = f'[fleet]\nnotify = ["json://127.0.0.1:{hook.port}"]\n'
        operator.knows(DISTRICT, box)
        with locked(DistrictFolder.of(operator.data, DISTRICT).make(), "night"):
            done = operator.plus360("night", DISTRICT, "--json", "--quiet")
            again = operator.plus360("night", "--all", "--unfinished", "--quiet")
    (line,) = json.loads(done.stdout)["districts"]
    assert (done.returncode, line["state"], line["run_id"]) == (1, "failed", None)
    assert line["headline"].startswith(f"plus360 night of {DISTRICT} is at work since ")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert not hook.notifications
    assert operator.index()[DISTRICT]["state"] == "no night"


def test_what_a_killed_process_left_says_nothing_of_the_next(known: Operator) -> None:
    folder = DistrictFolder.of(known.data, DISTRICT).make()
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = {"command": "extract", "process": ended.pid, "since": "2026-11-25T02:05:00Z"}
    folder.at_work.write_text(json.dumps(left), encoding="utf-8")
    with FileLock(folder.lock):
        code, line = said(known, "resume", DISTRICT)
    assert code == 1
    assert line.startswith(f"another plus360 command is at work on {DISTRICT}")


def test_a_folder_that_others_can_read_becomes_private(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path / "data", DISTRICT)
    places = [folder.path.parent, folder.path, folder.build, folder.nights]
    for place in places:
        place.mkdir()
        place.chmod(0o755)
    folder.make()
    assert [place.stat().st_mode & 0o777 for place in places] == [0o700] * 4
    # A page that is written somewhere else leaves that folder as it is.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    elsewhere.chmod(0o755)
    write_private(elsewhere / "page.html", "")
    assert elsewhere.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", [".", "nights", "build", "published", "raw.duckdb", "nights/run/export"])
def test_a_link_out_of_a_district_is_refused(tmp_path: Path, name: str) -> None:
    folder = DistrictFolder.of(tmp_path / "data", DISTRICT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = folder.path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    with pytest.raises(LinkOutsideError, match=f"own folder: {DISTRICT}"):
        folder.make()
    assert not list(elsewhere.iterdir())


def test_links_of_our_own_and_of_the_analyst_are_not_refused(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path / "data", DISTRICT).make()
    night = folder.night("20261125T020000000Z").make()
    folder.publish(night)
    folder.private.mkdir()
    (folder.private / "notes").symlink_to(tmp_path)
    folder.make()
