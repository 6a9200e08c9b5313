"""The import files as another program reads them."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from district.folder import DistrictFolder, NightFolder
from night.export import IMPORT_FILES, ExportError, copy_export, write_export
from tests.night.imports import ALL_FILES, columns_of, names_in, write_import

AWKWARD = ['O\'Neil, "Bud"', "Zoë\nLine two", "", "=1+1", "Ñandú"]
STUDENTS = [{"student_id": str(place), "last_name": name} for place, name in enumerate(AWKWARD)]
GUARDIANS = [{"student_id": "1", "contact_id": "10", "last_name": "Diaz"}]
RUN = "20261123T020005123Z"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    night = DistrictFolder.of(tmp_path, "oak-hill").make().night(RUN).make()
    write_import(night, STUDENTS[::-1], GUARDIANS)
    return night


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_awkward_names_come_back_as_they_were_and_in_the_order_of_their_keys(night: NightFolder) -> None:
    rows = {name: file.rows for name, file in write_export(night).files.items()}
    assert rows == {"students.csv": 5, "guardians.csv": 1}
    content = (night.export / "students.csv").read_bytes()
    assert content.startswith(",".join(columns_of("standard", "students.csv")).encode() + b"\r\n")
    assert [row["Last Name"] for row in rows_of(night.export / "students.csv")] == AWKWARD


def test_the_folder_holds_the_two_files_and_their_manifest_only(night: NightFolder) -> None:
    assert names_in(night) == ALL_FILES
    manifest = json.loads((night.export / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["district"], manifest["run_id"]) == ("oak-hill", RUN)
    told = (manifest["layout"], manifest["district_id"], manifest["settings_sha256"])
    assert told == ("standard", "39011", "abc")
    assert manifest["plus360_version"]
    assert list(manifest["files"]) == [*IMPORT_FILES]
    for name, file in manifest["files"].items():
        assert file["sha256"] == hashlib.sha256((night.export / name).read_bytes()).hexdigest()


def test_a_layout_orders_names_and_omits_columns(night: NightFolder) -> None:
    write_import(
        night,
        [
            {
                "student_id": "1",
                "school_name": "North",
                "state_school_id": "0007",
                "enrollment_status": "ENROLLED",
            }
        ],
        layout="building_irn",
    )
    (row,) = rows_of(night.export / "students.csv")
    assert list(row) == list(columns_of("building_irn", "students.csv"))
    assert (row["Student Id"], row["Building IRN"]) == ("1", "0007")
    assert not row.keys() & {"Building", "Building Reporting Id", "District Enrollment"}


def test_a_file_that_the_layout_omits_is_not_written_and_an_earlier_one_is_removed(
    night: NightFolder,
) -> None:
    assert "guardians.csv" in names_in(night)
    manifest = write_import(night, STUDENTS, GUARDIANS, layout="students_only")
    assert names_in(night) == {"students.csv", "manifest.json"}
    assert (manifest.layout, list(manifest.files)) == ("students_only", ["students.csv"])


def test_what_the_files_do_not_say_is_written_beside_them_for_the_next_run(night: NightFolder) -> None:
    state = {"file": "students", "student_id": "1", "school_id": "60", "effect": "carried", "runs": "2"}
    write_import(night, STUDENTS, state=[state])
    (row,) = rows_of(night.load_state)
    assert row == {**dict.fromkeys(row, ""), **state}
    assert night.load_state.stat().st_mode & 0o777 == 0o600


def test_an_export_that_breaks_off_leaves_the_old_one(night: NightFolder) -> None:
    before = {path.name: path.read_bytes() for path in night.export.iterdir()}
    with duckdb.connect(str(night.warehouse)) as con:
        con.execute("drop table marts.import_guardians")
    with pytest.raises(duckdb.CatalogException):
        write_export(night)
    assert {path.name: path.read_bytes() for path in night.export.iterdir()} == before


def test_whoever_polls_the_folder_never_misses_a_file(night: NightFolder) -> None:
    stop, missed = Event(), []

    def poll() -> None:
        while not stop.is_set():
            missed.extend(name for name in ALL_FILES if not (night.export / name).exists())

    poller = Thread(target=poll)
    poller.start()
    for _ in range(50):
        write_export(night)
    stop.set()
    poller.join()
    assert not missed


@pytest.mark.parametrize("way", ["folder", "link", "missing", "."])
def test_a_copy_touches_nothing_else_in_the_folder(
    night: NightFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    target = tmp_path / "uploads"
    if way != "missing":
        (target / "old").mkdir(parents=True)
        (target / "old" / "letter.txt").write_text("keep me", encoding="utf-8")
        (target / "students.csv").write_text("from last year", encoding="utf-8")
    named = {"link": tmp_path / "link", ".": Path()}.get(way, target)
    if way == "link":
        named.symlink_to(target)
    if way == ".":
        monkeypatch.chdir(target)
    copy_export(night, named)
    for name in ALL_FILES:
        assert (target / name).read_bytes() == (night.export / name).read_bytes()
    expected = ALL_FILES | ({"old"} if way != "missing" else set())
    assert {path.name for path in target.iterdir()} == expected
    if way != "missing":
        assert (target / "old" / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_a_copy_has_the_files_of_the_manifest_and_leaves_any_other(
    night: NightFolder, tmp_path: Path
) -> None:
    target = tmp_path / "uploads"
    copy_export(night, target)
    guardians = (target / "guardians.csv").read_bytes()
    write_import(night, STUDENTS, layout="students_only")
    copy_export(night, target)
    assert (target / "guardians.csv").read_bytes() == guardians
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["files"]) == ["students.csv"]


def test_a_file_that_was_changed_is_not_copied(night: NightFolder, tmp_path: Path) -> None:
    with (night.export / "guardians.csv").open("a", encoding="utf-8") as file:
        file.write("1,2\r\n")
    with pytest.raises(ExportError, match=r"guardians\.csv .* was changed"):
        copy_export(night, tmp_path / "uploads")
    assert not (tmp_path / "uploads").exists()


@pytest.mark.parametrize("target", ["a-file", "a-file/below"])
def test_where_nothing_can_be_written_it_says_so(night: NightFolder, tmp_path: Path, target: str) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="name a folder that you may write to"):
        copy_export(night, tmp_path / target)
    assert names_in(night) == ALL_FILES
