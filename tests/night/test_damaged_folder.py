"""Links that lead elsewhere, pipes, files where folders belong: refused or repaired, never followed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from district.data_folder import DataFolder
from district.folder import DistrictFolder
from district.links import LinkInDataError, WrongKindError
from extract.store.raw_store import open_store
from night.lock import locked, work_words
from night.machine.reserve import keep_reserve, with_reserve
from night.news.told import telling
from night.pages.index import write_index
from night.publication.marts import copy_marts
from night.publication.publish import announce
from night.publication.repair import repair
from night.terminal.console import in_a_line
from tests.night.conftest import Operator
from tests.night.test_repair import NEXT, RUN, folder, said

__all__ = ["folder"]  # the fixture: a district with two published runs
DISTRICT = "oak-hill"


def test_no_link_among_what_all_districts_share_is_followed(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    data.path.mkdir()
    outside = tmp_path / "outside"
    (outside / "precious").mkdir(parents=True)
    for path in (data.index_lock, data.told_lock, data.marts):
        path.symlink_to(outside)
    with pytest.raises(LinkInDataError, match=r"links in the data folder: index\.lock\. .* remove them"):
        write_index(data.path, [])
    with pytest.raises(LinkInDataError, match=r"told\.lock"), telling(data):
        pass
    words = copy_marts(DistrictFolder.of(data.path, DISTRICT).night(RUN))
    assert words and words.startswith("links in the data folder: marts. ")
    assert [path.name for path in outside.rglob("*")] == ["precious"]


def link_outside(path: Path, precious: Path) -> None:
    path.symlink_to(precious)


def dangling_link(path: Path, precious: Path) -> None:
    path.symlink_to(precious.with_name("not there"))


def pipe(path: Path, precious: Path) -> None:
    del precious
    os.mkfifo(path)


@pytest.mark.parametrize("make", [link_outside, dangling_link, pipe])
def test_the_reserve_is_never_written_through_a_link_or_into_a_pipe(
    tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    data = DataFolder(tmp_path / "data")
    data.path.mkdir()
    make(data.reserve, precious)
    assert with_reserve(data, lambda: "written") == "written"
    keep_reserve(data)
    assert precious.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name == "not there"] == []
    assert data.reserve.is_file()
    assert not data.reserve.is_symlink()


@pytest.mark.parametrize("command", ["export", "report", "worklist"])
def test_no_command_writes_through_a_link_that_leads_out(known: Operator, command: str) -> None:
    folder = DistrictFolder.of(known.data, DISTRICT)
    shutil.rmtree(known.data, ignore_errors=True)
    elsewhere = known.folder / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    (elsewhere / RUN / "export").mkdir(parents=True)
    folder.make().nights.rmdir()
    open_store(folder.raw).close()
    folder.nights.symlink_to(elsewhere)
    folder.published_link.symlink_to(Path("nights") / RUN)
    before = sorted(elsewhere.rglob("*"))
    done = known.plus360(command, DISTRICT)
    assert done.returncode == 1
    assert "Nothing is written through them" in done.stderr
    assert f"{DISTRICT}/nights" in done.stderr
    assert sorted(elsewhere.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("raw.duckdb", "folder"),
        ("raw.duckdb", "pipe"),
        ("build/baseline.duckdb", "folder"),
        ("build/baseline.duckdb.wal", "folder"),
        ("build/night.lock", "folder"),
        ("build/publishing", "folder"),
        ("build/at-work.json", "pipe"),
        (f"nights/{NEXT}/warehouse.duckdb", "folder"),
        (f"nights/{NEXT}/export", "file"),
        (f"nights/{NEXT}/export/students.csv", "folder"),
        ("build", "file"),
        ("nights", "file"),
        ("private", "file"),
        (".", "file"),
    ],
)
def test_what_is_of_another_kind_is_named_in_one_line(folder: DistrictFolder, name: str, kind: str) -> None:
    path = folder.path / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    {"folder": path.mkdir, "file": path.touch, "pipe": lambda: os.mkfifo(path)}[kind]()
    with pytest.raises(WrongKindError) as refused:
        folder.make()
    named = f"{folder.key}/{name}" if name != "." else folder.key
    belongs = "folder" if kind == "file" else "file"
    assert str(refused.value) == (
        f"not what it should be in the data folder: {named} (a {belongs} belongs there). "
        "Move it away, then run it again"
    )
    assert refused.value.needs_a_person


@pytest.mark.parametrize("target", ["published", ".", "nights", "build"])
def test_a_link_that_names_no_run_counts_as_missing(folder: DistrictFolder, target: str) -> None:
    folder.published_link.unlink()
    folder.published_link.symlink_to(target)
    folder.make()
    assert folder.published is None
    repair(folder)
    folder.publish(folder.night(NEXT))
    assert folder.published == folder.night(NEXT)
    assert repair(folder) == []


@pytest.mark.parametrize("left", ["file", "link"])
def test_what_is_in_the_way_of_our_own_folders_and_drafts_is_repaired(
    folder: DistrictFolder, left: str
) -> None:
    for path in folder.spilled:
        if left == "file":
            path.write_text("x")
        else:
            path.symlink_to(folder.nights)
    (folder.path / ".export.new").mkdir()
    (folder.path / ".export.new" / "mine").touch()
    folder.publishing.write_bytes(b"\xff" * 300)
    folder.make()
    moved, removed = repair(folder)
    (kept,) = folder.private.iterdir()
    assert moved == f".export.new was a folder: it is now private/{kept.name}"
    assert (kept / "mine").exists()
    assert removed == "removed 4 unfinished files of a run that was killed"
    assert folder.night(NEXT).warehouse.exists()
    assert repair(folder) == []


@pytest.mark.parametrize("note", ["x" * 5000, RUN + "x" * 5000, "../../elsewhere", ""])
def test_a_note_of_what_is_being_published_that_names_no_run_is_removed(
    folder: DistrictFolder, note: str
) -> None:
    folder.publishing.write_text(note)
    assert repair(folder) == ["removed 1 unfinished file of a run that was killed"]
    assert not folder.publishing.exists()


def test_a_release_whose_copy_of_qa_json_is_damaged_is_taken_back_as_a_whole(folder: DistrictFolder) -> None:
    """Killed before the link was switched: history and night.json say published already."""
    folder.publish(folder.night(RUN))
    night = folder.night(NEXT)
    announce(night)
    night.private.mkdir(exist_ok=True)
    night.undecided_qa_json.write_text("{")
    said(night, "published")
    assert repair(folder) == [f"run {NEXT} was interrupted just before it was published: it is failed now"]
    assert not night.undecided_qa_json.exists()
    assert repair(folder) == []


def test_a_pipe_where_the_note_of_who_is_at_work_belongs_holds_nobody_up(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path, DISTRICT).make()
    os.mkfifo(folder.at_work)
    with locked(folder, "pause"):
        assert json.loads(folder.at_work.read_text())["command"] == "pause"
        folder.at_work.unlink()
        os.mkfifo(folder.at_work)
        assert work_words(folder) == f"another plus360 command is at work on {DISTRICT}"


def test_a_folder_where_a_page_belongs_and_no_memory_have_words(tmp_path: Path) -> None:
    with pytest.raises(OSError) as no_file:
        tmp_path.read_text()
    assert in_a_line(no_file.value).startswith("a folder is where a file belongs")
    with (
        duckdb.connect(config={"memory_limit": "1MB", "temp_directory": ""}) as con,
        pytest.raises(duckdb.OutOfMemoryException) as no_memory,
    ):
        con.execute("select list(i) from range(10000000) as t(i)").fetchall()
    assert in_a_line(no_memory.value).startswith("there is not enough memory. Close other programs")


def test_a_fork_server_that_is_killed_before_it_answers_is_said(
    known: Operator,
) -> None:
    """In a process of its own, so that the server of other tests stays."""
    script = """
import os, signal, sys
from multiprocessing import forkserver
from pathlib import Path
import night.fleet.all_districts as nights
from district.credentials import CredentialError
from district.settings.file import load_districts

ensure = forkserver.ensure_running

def kill():
    ensure()
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)

nights._start_server = kill
forkserver.ensure_running = lambda: None
forkserver._forkserver.ensure_running = lambda: None
chosen = list(load_districts(Path("districts.toml")).values())
secrets = {district.key: CredentialError(district.key, "none") for district in chosen}
results = nights.run_nights(chosen, secrets, data=Path(sys.argv[1]), jobs=1, listen=lambda event: None)
print(*(f"{result.verdict}: {result.headline}" for result in results.values()))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(known.data)],
        cwd=known.folder,
        env=known.env(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.startswith("failed: its process was ended from outside, for example"), done.stderr
