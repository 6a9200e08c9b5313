"""The end of a contract: all of a district is destroyed, nothing of any other, and it is said."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from district.data_folder import DataFolder
from district.folder import DistrictFolder
from night.delivery.record import DeliveryRecord, record_delivery
from night.lock import locked
from night.news.told import telling
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused
from tests.night.imports import write_import

RUNS = ("20261123T020005123Z", "20261124T020005123Z")
KEY = "oak-hill"


def left(data: Path, key: str) -> DistrictFolder:
    """A district's folder as nightly runs leave it, with Parquet files of its marts."""
    folder = DistrictFolder.of(data, key).make()
    for run_id in RUNS:
        night = folder.night(run_id)
        write_import(night, [{"student_id": "1"}])
        folder.publish(night)
        for mart in ("students", "contacts"):
            parquet = DataFolder(data).mart(mart, key, run_id)
            parquet.mkdir(parents=True)
            (parquet / "part.parquet").write_text("rows")
    folder.raw.write_text("pulls")
    folder.private.mkdir()
    return folder


@pytest.fixture(scope="module")
def two(module_operator: Operator) -> Operator:
    """An operator whose settings name two districts; their server is gone."""
    with Sandbox(generated(students=20, seed=1)) as box:
        for key in (KEY, "elm-hill"):
            module_operator.knows(key, box)
    return module_operator


@pytest.fixture
def districts(two: Operator, tmp_path: Path) -> Operator:
    """The two, in a folder of its own, both with runs."""
    shutil.copytree(two.folder, tmp_path, dirs_exist_ok=True)
    operator = Operator(tmp_path, dict(two.environment), dict(two.tables))
    for key in operator.tables:
        left(operator.data, key)
    return operator


def files(operator: Operator, key: str) -> list[Path]:
    """Every file that belongs to a district."""
    return [path for path in operator.data.rglob("*") if {key, f"district={key}"} & {*path.parts}]


def test_all_of_it_is_destroyed_and_nothing_of_another(districts: Operator) -> None:
    others = files(districts, "elm-hill")
    with telling(DataFolder(districts.data)) as told:
        told |= {KEY: "held", "elm-hill": "failed"}
    done = districts.plus360("forget", KEY, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not files(districts, KEY)
    assert {*others} <= {*files(districts, "elm-hill")}
    with telling(DataFolder(districts.data)) as told:
        assert told == {"elm-hill": "failed"}
    assert "2 kept nightly runs of 2026-11-23 to 2026-11-24" in done.stdout
    assert "Parquet files of 2 marts" in done.stdout
    assert districts.index()[KEY]["headline"] == "It was never run."
    assert districts.plus360("forget", KEY, "--yes").returncode == 2


def test_it_says_which_lines_of_the_settings_and_which_secret_remain(districts: Operator) -> None:
    settings = districts.folder / "districts.toml"
    before = settings.read_text(encoding="utf-8")
    codes = f'[districts.{KEY}.gender]\n"1" = "M"\n'
    settings.write_text(f"[fleet]\nparquet = true\n\n{before}\n{codes}# the end\n", encoding="utf-8")
    lines = settings.read_text(encoding="utf-8").splitlines()
    first, last = lines.index(f"[districts.{KEY}]") + 1, lines.index("[districts.elm-hill]") - 1
    more = lines.index(f"[districts.{KEY}.gender]") + 1
    said = districts.plus360("forget", KEY, "--yes").stdout
    assert f"remove lines {first} to {last} and {more} to {more + 1} from districts.toml" in said
    assert "PLUS360_OAK_HILL_SECRET" in said
    assert districts.environment["PLUS360_OAK_HILL_SECRET"] not in said


def test_a_district_that_is_no_longer_in_the_settings(districts: Operator) -> None:
    raw = DistrictFolder.of(districts.data, KEY).raw
    raw.unlink()
    at, host = datetime.now(UTC), "imports.example.org"
    record = DeliveryRecord(RUNS[0], at, at, host, "delivered")
    record_delivery(DistrictFolder.of(districts.data, KEY), record, None)
    del districts.tables[KEY]
    (districts.folder / "districts.toml").write_text("\n".join(districts.tables.values()), encoding="utf-8")
    done = districts.plus360("forget", KEY, "--yes")
    assert done.returncode == 0, done.stderr
    assert f"what was delivered to {host}, and what was loaded from there" in done.stdout
    assert not files(districts, KEY)
    assert districts.index().keys() == {"elm-hill"}


def test_the_last_district_can_go_without_any_settings(districts: Operator) -> None:
    (districts.folder / "districts.toml").unlink()
    done = districts.plus360("forget", KEY, "--yes")
    assert (done.returncode, files(districts, KEY)) == (0, [])
    assert "the index was not written again" in done.stderr
    assert "what was delivered, if anything was: neither settings nor history say where to" in done.stdout


@pytest.mark.parametrize("key", ["../elsewhere", "marts", "logs", "Oak-Hill", ".", "maple-grove"])
def test_what_is_no_district_is_refused(districts: Operator, key: str) -> None:
    before = files(districts, KEY)
    refused(districts.plus360("forget", key, "--yes"))
    assert files(districts, KEY) == before


def test_without_a_terminal_it_takes_a_word_more(districts: Operator) -> None:
    assert "--yes" in refused(districts.plus360("forget", KEY))
    assert files(districts, KEY)


@pytest.mark.parametrize(("typed", "code"), [(KEY, 0), ("oak hill", 2), ("", 2)])
def test_on_a_terminal_the_key_is_typed(districts: Operator, typed: str, code: int) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{typed}\n".encode())
    done = subprocess.run(
        districts.command("forget", KEY),
        cwd=districts.folder,
        env=districts.env(),
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code, done.stdout + done.stderr
    assert "2 kept nightly runs" in done.stdout
    assert (not files(districts, KEY)) == (code == 0)


def test_a_run_at_work_keeps_its_district(districts: Operator) -> None:
    with locked(DistrictFolder.of(districts.data, KEY), "night"):
        done = districts.plus360("forget", KEY, "--yes")
    assert done.returncode == 1
    assert "plus360 night of oak-hill is at work" in done.stderr
    assert DistrictFolder.of(districts.data, KEY).published


def test_a_program_that_has_a_warehouse_open_keeps_the_district(districts: Operator) -> None:
    folder = DistrictFolder.of(districts.data, KEY)
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print('open'); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, folder.warehouse.resolve()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as analyst:
        assert analyst.stdout is not None
        analyst.stdout.readline()
        done = districts.plus360("forget", KEY, "--yes")
        analyst.communicate("\n")
    assert done.returncode == 1
    assert "Nothing was destroyed: close it" in done.stderr
    assert folder.published


@pytest.mark.parametrize("place", ["oak-hill", "oak-hill/raw.duckdb", "oak-hill/nights", "marts/students"])
def test_a_link_that_leads_out_is_refused(districts: Operator, place: str) -> None:
    """What is behind it would still be there, whatever was said."""
    link, elsewhere = districts.data / place, districts.folder / "elsewhere"
    shutil.move(link, elsewhere)
    link.symlink_to(elsewhere)
    before = [*files(districts, KEY), *elsewhere.rglob("*")]
    assert "nothing was destroyed" in refused(districts.plus360("forget", KEY, "--yes"))
    assert [*files(districts, KEY), *elsewhere.rglob("*")] == before
    assert link.is_symlink()


def test_an_analysts_own_link_is_removed_and_not_followed(districts: Operator) -> None:
    precious = districts.folder / "precious"
    precious.mkdir()
    (precious / "thesis").write_text("mine")
    (DistrictFolder.of(districts.data, KEY).private / "mine").symlink_to(precious)
    assert districts.plus360("forget", KEY, "--yes").returncode == 0
    assert (precious / "thesis").read_text() == "mine"


def test_after_an_interruption_it_can_be_done_again(districts: Operator) -> None:
    """What a killed one left: no link, some runs, some Parquet files; or only those."""
    folder = DistrictFolder.of(districts.data, KEY)
    folder.published_link.unlink()
    shutil.rmtree(folder.night(RUNS[0]).path)
    shutil.rmtree(DataFolder(districts.data).marts_of(KEY)[0])
    assert districts.plus360("forget", KEY, "--yes").returncode == 0
    left(districts.data, KEY)
    shutil.rmtree(folder.path)
    assert districts.plus360("forget", KEY, "--yes").returncode == 0
    assert not files(districts, KEY)
