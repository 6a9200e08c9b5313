"""A nightly run that is killed, or loses its power, at any moment: `python -m bench.crash` in short."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.crash.disk import Disk
from bench.crash.kills import Kill, at_every_change, without_power
from bench.crash.nights import DISTRICT, District, copy_tree, district
from bench.crash.reader import look
from bench.crash.recording import Moment, record
from district.folder import DistrictFolder, NightFolder
from tests.night.command_here import end_fork_server

# So many of the moments are followed by a nightly run; in the command, all are.
FOLLOWED = 2
RANDOM_MOMENTS = 20


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    tmp_path_factory.getbasetemp()  # while the folder for temporary files is still the usual one
    end_fork_server()
    with district() as its:
        yield its
    end_fork_server()


@pytest.fixture(scope="module")
def moments(killed: District) -> list[Moment]:
    seconds = sum(killed.seconds_of_steps(0).values())
    chance = random.Random(12)
    return record(killed, 1, at=[chance.uniform(0, seconds) for _ in range(RANDOM_MOMENTS)])


def wrong(kills: Iterator[Kill]) -> list[Kill]:
    return [kill for kill in kills if not kill.is_right]


def test_killed_at_any_moment_readers_see_one_complete_run_and_the_next_run_needs_no_help(
    killed: District, moments: list[Moment]
) -> None:
    assert len(moments) > 50
    assert {"check", "report", "publish"} <= {moment.step for moment in moments}
    assert not wrong(at_every_change(killed, moments, runs=FOLLOWED))


def test_after_a_power_failure_readers_see_one_complete_run(moments: list[Moment]) -> None:
    assert not wrong(without_power(moments))


@pytest.mark.parametrize(
    "broken",
    [
        lambda night: night.record.unlink(),
        lambda night: night.report.unlink(),
        lambda night: night.export.joinpath("students.csv").write_text(""),
        lambda night: night.district.all_nights()[0].qa_json.replace(night.qa_json),
        lambda night: night.district.all_nights()[0].warehouse.replace(night.warehouse),
        lambda night: night.district.export.unlink(),
    ],
    ids=["no night.json", "no report", "an empty file", "old qa.json", "old warehouse", "no link"],
)
def test_the_reader_of_these_tests_notices(
    moments: list[Moment], tmp_path: Path, broken: Callable[[NightFolder], object]
) -> None:
    copy_tree(next(moment.killed for moment in moments if moment.change.startswith("end")), tmp_path / "data")
    folder = DistrictFolder.of(tmp_path / "data", DISTRICT)
    assert folder.published == folder.all_nights()[1]
    broken(folder.published)
    assert look(folder, alone=True).faults


def test_the_disk_of_these_tests_loses_what_was_not_synced(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    disk = Disk(folder, tmp_path / "contents")
    file = folder / "file"
    file.write_text("content")
    disk.worst("synced", tmp_path / "1")
    disk.worst("names", tmp_path / "2")
    with file.open() as opened:
        disk.synced(opened.fileno())
    disk.worst("names", tmp_path / "3")
    handle = os.open(folder, os.O_RDONLY)
    disk.synced(handle)
    os.close(handle)
    file.rename(folder / "renamed")
    disk.worst("synced", tmp_path / "4")
    found = [{path.name: path.read_text() for path in (tmp_path / n).iterdir()} for n in "1234"]
    assert found == [{}, {"file": ""}, {"file": "content"}, {"file": "content"}]
