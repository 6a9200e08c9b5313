"""The link `published` is the truth; history follows it."""

from __future__ import annotations

from pathlib import Path

from district.folder import DistrictFolder
from district.run_id import started_at
from night.baseline import Baseline, write_baseline
from night.publication.publish import announce
from night.publication.repair import repair
from night.record import NightRecord
from tests.night.imports import in_history, verdicts, write_import

RUN = "20261123T020005123Z"
NEXT = "20261124T020005123Z"


def test_runs_whose_publication_was_interrupted_are_set_back_to_failed(
    tmp_path: Path,
) -> None:
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    write_import(folder.night(RUN))
    folder.publish(folder.night(RUN))
    in_history(folder, RUN)
    in_history(folder, "20261122T020005123Z")
    in_history(folder, NEXT)
    in_history(folder, "20261125T020005123Z", "held")
    assert repair(folder) == [f"run {NEXT} was interrupted just before it was published: it is failed now"]
    assert verdicts(folder) == {
        "20261122T020005123Z": "published",
        RUN: "published",
        NEXT: "failed",
        "20261125T020005123Z": "held",
    }
    assert repair(folder) == []


def test_an_interrupted_first_publication_is_repaired_and_a_lost_link_is_not(
    tmp_path: Path,
) -> None:
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    assert repair(folder) == []
    announce(folder.night(RUN))
    in_history(folder, RUN)
    assert RUN in repair(folder)[0]
    assert write_baseline(folder) == Baseline(run_id=None, fault=None, rows={})
    other = DistrictFolder.of(tmp_path, "elm-hill").make()
    write_import(other.night(RUN))
    other.publish(other.night(RUN))
    in_history(other, RUN)
    other.published_link.unlink()
    assert repair(other) == []
    assert write_baseline(other).fault == "missing"


def test_a_history_without_its_runs_is_no_first_run(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    in_history(folder, RUN)
    assert repair(folder) == []
    assert write_baseline(folder) == Baseline(run_id=RUN, fault="missing", rows={})


def test_a_copy_without_its_links_is_no_first_run(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    night = folder.night(RUN).make()
    write_import(night)
    in_history(folder, RUN)
    NightRecord(
        district="oak-hill", run_id=RUN, started_at=started_at(RUN), finished_at=started_at(RUN),
        verdict="published", headline="", rows={}, exported={}, seconds={},
    ).write(night)  # fmt: skip
    assert repair(folder) == []
    assert write_baseline(folder).fault == "missing"
