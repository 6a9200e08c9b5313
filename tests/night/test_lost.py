"""What was lost of a district: said, kept, and never taken for a first import or for damage."""

from __future__ import annotations

import os
import shutil

from district.folder import DistrictFolder
from night.baseline import Baseline, write_baseline
from night.publication.repair import repair
from qa.redaction.scan import Scanner
from tests.night.imports import write_import
from tests.night.test_repair import NEXT, folder, session

__all__ = ["folder"]  # the fixture: a district with two published runs


def test_without_any_history_it_says_what_is_lost_and_the_baseline_is_missing(folder: DistrictFolder) -> None:
    folder.raw.unlink()
    folder.history_copy.unlink()
    folder.published_link.unlink()
    assert "decisions and pauses" in " ".join(repair(folder))
    # What was published can't be compared with, so the load is held; it is not a first import.
    assert write_baseline(folder) == Baseline(NEXT, "missing", {})


def test_a_copy_of_history_that_cannot_be_read_is_kept(folder: DistrictFolder) -> None:
    folder.raw.unlink()
    folder.history_copy.write_bytes(b"no database" * 900)
    assert "history.duckdb could not be read" in " ".join(repair(folder))
    assert list(folder.private.glob("*.history.duckdb"))


def test_a_published_run_whose_folder_is_gone_is_missing(folder: DistrictFolder) -> None:
    folder.raw.unlink()
    folder.history_copy.unlink()
    shutil.rmtree(folder.nights)
    assert write_baseline(folder) == Baseline(NEXT, "missing", {})


def test_a_warehouse_that_is_only_open_elsewhere_stays_where_it_is(folder: DistrictFolder) -> None:
    """Moving it away would leave readers without any, and it is sound."""
    published = folder.night(NEXT)
    tonight = folder.night("20261125T020005123Z")
    write_import(tonight, [{"student_id": "1"}])
    with session(published.warehouse, "sys.stdin.read()") as writer:
        with Scanner(tonight) as scanner:
            (error,) = scanner.unreadable
        assert error.fault == "busy"
        assert f"(process {writer.pid})" in str(error)
        writer.kill()


def test_a_warehouse_that_is_cut_off_is_damaged_also_while_it_is_read(folder: DistrictFolder) -> None:
    published = folder.night(NEXT)
    published.warehouse.chmod(0o600)
    os.truncate(published.warehouse, published.warehouse.stat().st_size // 2)
    tonight = folder.night("20261125T020005123Z")
    write_import(tonight, [{"student_id": "1"}])
    with Scanner(tonight) as scanner:
        assert [error.fault for error in scanner.unreadable] in ([], ["damaged"])
