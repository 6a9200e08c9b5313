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

AWKWARD = ['O\'Neil, "Bud"', "Zoë\nLine two", "", "=1+1", "Ñandú"]
LAYOUT = [
    ("guardians.csv", ["Student Id", "Guardian Id"], ["student_id", "contact_id"]),
    ("students.csv", ["Student Id", "Last Name"], ["student_id", "last_name"]),
]
RUN = "20261123T020005123Z"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    night = DistrictFolder.of(tmp_path, "oak-hill").make().night(RUN).make()
    with duckdb.connect(str(night.warehouse)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.import_students (student_id varchar, last_name varchar)")
        con.executemany("insert into marts.import_students values (?, ?)", [*enumerate(AWKWARD)][::-1])
        con.execute("create table marts.import_guardians (student_id varchar, contact_id varchar)")
        con.execute(
            "create table marts.import_state as select 'students' as file, student_id, "
            "null::varchar as contact_id, '7' as school_id, 'received' as effect, null::varchar as check_id, "
            "null::varchar as since_run_id, null::bigint as runs from marts.import_students"
        )
        con.execute(
            "create table marts.import_files (file varchar, layout varchar, column_names varchar[], "
            "fields varchar[], district_id varchar, settings_sha256 varchar)"
        )
        con.executemany("insert into marts.import_files values (?, 'standard', ?, ?, '39011', 'abc')", LAYOUT)
    return night


def test_awkward_names_come_back_as_they_were_and_in_the_order_of_their_keys(night: NightFolder) -> None:
    rows = {name: file.rows for name, file in write_export(night).files.items()}
    assert rows == {"students.csv": 5, "guardians.csv": 0}
    text = (night.export / "students.csv").read_bytes().decode("utf-8")
    assert text.startswith("Student Id,Last Name\r\n")
    assert [row["Last Name"] for row in csv.DictReader(text.splitlines(keepends=True))] == AWKWARD
    assert (night.export / "guardians.csv").read_bytes() == b"Student Id,Guardian Id\r\n"


def test_the_folder_holds_the_two_files_and_their_manifest_only(night: NightFolder) -> None:
    write_export(night)
    assert {path.name for path in night.export.iterdir()} == {*IMPORT_FILES, "manifest.json"}
    manifest = json.loads((night.export / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["district"], manifest["run_id"]) == ("oak-hill", RUN)
    assert (manifest["layout"], manifest["district_id"], manifest["settings_sha256"]) == (
        "standard",
        "39011",
        "abc",
    )
    assert manifest["plus360_version"]
    assert list(manifest["files"]) == [*IMPORT_FILES]
    for name, file in manifest["files"].items():
        assert file["sha256"] == hashlib.sha256((night.export / name).read_bytes()).hexdigest()


def test_an_export_that_breaks_off_leaves_the_old_one(night: NightFolder) -> None:
    write_export(night)
    before = {path.name: path.read_bytes() for path in night.export.iterdir()}
    with duckdb.connect(str(night.warehouse)) as con:
        con.execute("drop table marts.import_guardians")
    with pytest.raises(duckdb.CatalogException):
        write_export(night)
    assert {path.name: path.read_bytes() for path in night.export.iterdir()} == before


def test_whoever_polls_the_folder_never_misses_a_file(night: NightFolder) -> None:
    write_export(night)
    stop, missed = Event(), []

    def poll() -> None:
        while not stop.is_set():
            missed.extend(
                name for name in (*IMPORT_FILES, "manifest.json") if not (night.export / name).exists()
            )

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
    write_export(night)
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
    for name in (*IMPORT_FILES, "manifest.json"):
        assert (target / name).read_bytes() == (night.export / name).read_bytes()
    expected = {*IMPORT_FILES, "manifest.json"} | ({"old"} if way != "missing" else set())
    assert {path.name for path in target.iterdir()} == expected
    if way != "missing":
        assert (target / "old" / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_a_file_that_was_changed_is_not_copied(night: NightFolder, tmp_path: Path) -> None:
    write_export(night)
    with (night.export / "guardians.csv").open("a", encoding="utf-8") as file:
        file.write("1,2\r\n")
    with pytest.raises(ExportError, match=r"guardians\.csv .* was changed"):
        copy_export(night, tmp_path / "uploads")
    assert not (tmp_path / "uploads").exists()


@pytest.mark.parametrize("target", ["a-file", "a-file/below"])
def test_where_nothing_can_be_written_it_says_so(night: NightFolder, tmp_path: Path, target: str) -> None:
    write_export(night)
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="name a folder that you may write to"):
        copy_export(night, tmp_path / target)
    assert {path.name for path in night.export.iterdir()} == {*IMPORT_FILES, "manifest.json"}
