"""What a killed run, a dead session or a copied folder left is repaired, and said in one line each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from district.folder import DistrictFolder, NightFolder
from extract.errors import StoreDamagedError, StoreUnreadableError
from extract.store.history_copy import copy_history
from extract.store.raw_store import open_store
from night.baseline import Baseline, write_baseline
from night.export import ExportError, copy_export, write_export
from night.publication.repair import repair
from night.record import NightRecord
from tests.night.imports import in_history, verdicts, write_import

RUN = "20261123T020005123Z"
NEXT = "20261124T020005123Z"


@pytest.fixture
def folder(tmp_path: Path) -> DistrictFolder:
    """A district with a published run and the one before it; history knows both."""
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    for run_id in (RUN, NEXT):
        night = folder.night(run_id)
        write_import(night, [{"student_id": "1"}])
        in_history(folder, run_id)
        said(night, "published")
        folder.publish(night)
    with closing(open_store(folder.raw)) as store:
        store.execute("insert into history.pseudonyms values ('students', '1', 'S-2345-6789')")
        store.execute("insert into history.decisions (run_id, decision) values (?, 'released')", [RUN])
        copy_history(store, folder.history_copy)
    return folder


def said(night: NightFolder, verdict: str) -> None:
    record = NightRecord.of_failed(night, "").model_copy(update={"verdict": verdict})
    record.write(night)


def students(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as con:
        (count,) = con.execute("select count(*) from marts.import_students").fetchall()[0]
    return count


def session(path: Path, then: str) -> subprocess.Popen[str]:
    """An analyst's session that drops a table of a warehouse, then does something else."""
    code = (
        "import duckdb, os, sys; con = duckdb.connect(sys.argv[1]); "
        "con.execute('drop table marts.import_students'); "
        f"print('dropped', flush=True); {then}"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "dropped\n"
    return process


@pytest.mark.parametrize("run_id", [RUN, NEXT])
def test_a_session_that_wrote_to_a_warehouse_and_died_changes_nothing(
    folder: DistrictFolder, run_id: str
) -> None:
    night = folder.night(run_id)
    with session(night.warehouse, "os.kill(os.getpid(), 9)") as dead:
        dead.wait()
    journal = night.warehouse.with_name("warehouse.duckdb.wal")
    # An older DuckDB leaves it beside the link.
    (folder.path / "warehouse.duckdb.wal").write_bytes(journal.read_bytes())
    repairs = repair(folder)
    assert [run_id in line and "was killed" in line for line in repairs if run_id in line].count(True) >= 1
    assert not list(folder.path.rglob("nights/*/*.wal"))
    assert not (folder.path / "warehouse.duckdb.wal").exists()
    assert list(night.private.glob("*.warehouse.duckdb.wal"))
    assert students(night.warehouse) == 1
    assert students(folder.warehouse) == 1
    assert repair(folder) == []


def test_any_reader_of_ours_moves_the_journal_first(folder: DistrictFolder) -> None:
    night = folder.night(NEXT)
    with session(night.warehouse, "os.kill(os.getpid(), 9)") as dead:
        dead.wait()
    assert write_export(night).files["students.csv"].rows == 1
    assert students(night.warehouse) == 1


def test_a_session_that_still_writes_is_left_alone_and_named(folder: DistrictFolder) -> None:
    with session(folder.night(NEXT).warehouse, "sys.stdin.read()") as writer:
        (line,) = repair(folder)
        assert f"(process {writer.pid}) writes to the warehouse of run {NEXT}" in line
        assert folder.night(NEXT).warehouse.with_name("warehouse.duckdb.wal").exists()
        writer.kill()
    assert "was killed" in repair(folder)[0]
    assert students(folder.warehouse) == 1


@pytest.mark.parametrize("damage", [b"", b"no database" * 9000, 100_000, 9_000])
def test_a_published_warehouse_that_cannot_be_read_counts_as_missing_and_is_kept(
    folder: DistrictFolder, damage: bytes | int
) -> None:
    night = folder.night(NEXT)
    if isinstance(damage, int):
        os.truncate(night.warehouse, damage)
    else:
        night.warehouse.write_bytes(damage)
    left = night.warehouse.read_bytes()
    (line,) = repair(folder)
    (kept,) = night.private.glob("*.warehouse.duckdb")
    assert line == (
        f"the warehouse of run {NEXT} could not be read: it is now private/{kept.name} of that run"
    )
    assert kept.read_bytes() == left
    # The baseline comes from the files.
    assert write_baseline(folder) == Baseline(NEXT, None, {"students.csv": 1, "guardians.csv": 0})
    assert repair(folder) == []


def copied(folder: DistrictFolder, *links: Path) -> None:
    """Put a copy where each link is, as a backup that follows links does."""
    for link in links:
        target = link.resolve()
        link.rename(link.with_name("before"))
        if target.is_dir():
            shutil.copytree(target, link)
        else:
            shutil.copyfile(target, link)
        link.with_name("before").unlink()


@pytest.mark.parametrize("names", [["export"], ["warehouse"], ["export", "warehouse", "published_link"]])
def test_copies_where_links_belong_are_moved_away_and_the_links_are_there_again(
    folder: DistrictFolder, names: list[str]
) -> None:
    links = [getattr(folder, name) for name in names]
    copied(folder, *links)
    repairs = repair(folder)
    for link in links:
        assert link.is_symlink()
        (line,) = [line for line in repairs if line.startswith(f"{link.name} was a ")]
        kept = line.rsplit("private/")[-1]
        assert (folder.private / kept).exists()
        assert (folder.private / kept).stat().st_mode & 0o077 == 0
    assert folder.published == folder.night(NEXT)
    assert students(folder.warehouse) == 1
    assert (folder.export / "students.csv").exists()
    assert write_baseline(folder).fault is None
    assert repair(folder) == []


def test_a_copied_published_folder_whose_run_was_changed_names_nothing(folder: DistrictFolder) -> None:
    copied(folder, folder.published_link)
    (folder.night(NEXT).export / "students.csv").write_text("changed")
    repair(folder)
    assert folder.published is None
    assert write_baseline(folder).fault == "missing"


@pytest.mark.parametrize("damage", [b"", b"no database" * 9000, None])
def test_a_damaged_raw_duckdb_is_made_again_from_the_copy_of_its_history(
    folder: DistrictFolder, damage: bytes | None
) -> None:
    if damage is None:
        folder.raw.unlink()
    else:
        folder.raw.write_bytes(damage)
    (line,) = repair(folder)
    assert "The pulls before tonight are lost" in line
    with closing(open_store(folder.raw)) as store:
        assert store.execute("from history.pseudonyms").fetchall() == [("students", "1", "S-2345-6789")]
        assert store.execute("select run_id, decision from history.decisions").fetchall() == [
            (RUN, "released")
        ]
    assert verdicts(folder) == {RUN: "published", NEXT: "published"}
    kept = (
        [path.read_bytes() for path in folder.private.glob("*.raw.duckdb")] if folder.private.exists() else []
    )
    assert kept == ([] if damage is None else [damage])
    assert repair(folder) == []


def test_without_a_readable_copy_a_damaged_raw_duckdb_stays_where_it_is(folder: DistrictFolder) -> None:
    folder.raw.write_bytes(b"no database")
    folder.history_copy.write_bytes(b"no database either")
    with pytest.raises(StoreDamagedError, match=r"raw\.duckdb is damaged\. Restore a copy of it"):
        repair(folder)
    assert folder.raw.read_bytes() == b"no database"


def test_a_raw_duckdb_of_a_newer_duckdb_is_not_damaged(folder: DistrictFolder) -> None:
    content = bytearray(folder.raw.read_bytes())
    content[12:20] = (90).to_bytes(8, "little")
    folder.raw.write_bytes(content)
    with pytest.raises(StoreUnreadableError, match=r"newer version of plus360\. Install that version"):
        repair(folder)
    assert folder.raw.read_bytes() == content


def test_what_a_killed_run_left_is_removed_or_says_so(folder: DistrictFolder) -> None:
    stopped, killed = folder.night("20261125T020005123Z"), folder.night("20261126T020005123Z")
    killed.make()
    said(stopped.make(), "stopped")
    (folder.spool / "1.json").parent.mkdir()
    for path in (
        folder.spool / "1.json",
        folder.path / ".history.duckdb.abcd_123",
        folder.path / ".history.duckdb.abcd_123.wal",
        folder.build / "baseline.duckdb.making",
        killed.path / ".qa.json.abcdefgh",
    ):
        path.write_text("half")
    (folder.path / ".published.new").symlink_to("nights")
    mine = folder.private / ".ipynb_checkpoints"
    mine.mkdir(parents=True)
    repairs = repair(folder)
    assert repairs == [
        "removed 6 unfinished files of a run that was killed",
        f"run {killed.run_id} was ended from outside: it is failed now",
    ]
    assert [path.name for path in killed.path.iterdir()] == ["night.json"]
    record = NightRecord.of(killed)
    assert record
    assert (record.verdict, record.headline.startswith("it was ended from outside")) == ("failed", True)
    assert mine.exists()
    assert repair(folder) == []


def test_no_copy_of_an_import_is_made_inside_of_the_district(folder: DistrictFolder) -> None:
    folder.export.unlink()
    with pytest.raises(ExportError, match="name a folder outside"):
        copy_export(folder.night(NEXT), folder.export)
    assert not folder.export.exists()
    repair(folder)
    assert (folder.export / "students.csv").exists()
