"""The baseline: what was published last, as dbt sees it; and what it says when the files can't be trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from district.folder import DistrictFolder, NightFolder
from extract.store.raw_store import open_store
from night.baseline import Baseline, write_baseline
from tests.night.imports import columns_of, in_history, write_import

RUN = "20261123T020005123Z"
NEXT = "20261124T020005123Z"
STUDENTS = [
    {"student_id": "1", "last_name": 'O\'Neil, "Bud"', "first_name": "=1+1", "state_school_id": "0007"},
    {"student_id": "2", "last_name": "Zoë\nLine two", "first_name": " blanks ", "street_line": "a\r\nb\rc"},
]
GUARDIANS = [{"student_id": "1", "contact_id": "10", "email": "n/a", "priority": "1"}]
STATE = [
    {"file": "students", "student_id": "1", "school_id": "60", "effect": "received"},
    {"file": "students", "student_id": "2", "school_id": "70", "effect": "carried", "runs": "3"},
    {"file": "guardians", "student_id": "9", "contact_id": "99", "effect": "refused", "runs": "1"},
]


@pytest.fixture
def folder(tmp_path: Path) -> DistrictFolder:
    return DistrictFolder.of(tmp_path, "oak-hill").make()


@pytest.fixture
def night(folder: DistrictFolder) -> NightFolder:
    """A published run; history knows it."""
    night = folder.night(RUN)
    write_import(night, STUDENTS, GUARDIANS, STATE)
    folder.publish(night)
    in_history(folder, RUN)
    return night


def query(folder: DistrictFolder, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder.baseline), read_only=True) as con:
        return con.execute(sql).fetchall()


def rows_of(folder: DistrictFolder, table: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(folder.baseline), read_only=True) as con:
        found = con.execute(f"from published.{table}")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_before_anything_is_published_the_baseline_is_empty(folder: DistrictFolder) -> None:
    assert write_baseline(folder) == Baseline(run_id=None, fault=None, rows={})
    assert rows_of(folder, "status") == [
        dict.fromkeys(("run_id", "layout", "district_id", "student_fields", "guardian_fields", "fault"))
        | {"is_unconfirmed": False}
    ]
    for table in ("students", "guardians", "state"):
        assert rows_of(folder, table) == []


def test_what_was_published_comes_back_with_what_the_files_do_not_say(
    folder: DistrictFolder, night: NightFolder
) -> None:
    assert write_baseline(folder) == Baseline(RUN, None, {"students.csv": 2, "guardians.csv": 1})
    told = {"1": ("60", None), "2": ("70", "carried")}
    for row, sent in zip(rows_of(folder, "students"), STUDENTS, strict=True):
        assert {name: value for name, value in row.items() if value is not None} == {
            **sent,
            **{
                key: value
                for key, value in zip(("school_id", "kept_as"), told[row["student_id"]], strict=True)
                if value
            },
        }
    (guardian,) = rows_of(folder, "guardians")
    assert (guardian["contact_id"], guardian["email"], guardian["last_name"]) == ("10", "n/a", None)
    assert query(folder, "select student_id, effect, runs from published.state order by 1") == [
        ("1", "received", None),
        ("2", "carried", 3),
        ("9", "refused", 1),
    ]
    (status,) = rows_of(folder, "status")
    assert (status["run_id"], status["layout"], status["district_id"]) == (RUN, "standard", "39011")
    assert status["student_fields"] == [*columns_of("standard", "students.csv").values()]
    assert status["guardian_fields"] == [*columns_of("standard", "guardians.csv").values()]
    assert folder.baseline.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.build.iterdir()] == [folder.baseline.name]


def test_a_file_that_the_layout_omits_has_no_fields(folder: DistrictFolder, night: NightFolder) -> None:
    write_import(night, STUDENTS, layout="students_only")
    assert write_baseline(folder) == Baseline(RUN, None, {"students.csv": 2})
    (status,) = rows_of(folder, "status")
    assert (status["layout"], status["guardian_fields"]) == ("students_only", None)
    write_import(night, STUDENTS, layout="building_irn")
    write_baseline(folder)
    assert query(
        folder, "select state_school_id, school_name from published.students order by 1 nulls last"
    ) == [
        ("0007", None),
        (None, None),
    ]


def no_link(night: NightFolder) -> None:
    night.district.published_link.unlink()


def no_folder(night: NightFolder) -> None:
    night.path.rename(night.path.with_name("moved-away"))


def cut_short(night: NightFolder) -> None:
    students = night.export / "students.csv"
    students.write_bytes(students.read_bytes()[:-10])


def history_knows_other_files(night: NightFolder) -> None:
    with closing(open_store(night.district.raw)) as store:
        store.execute("insert into history.imports values (?, 'students.csv', 2, 'other')", [RUN])


def a_row_more_in_file_and_manifest(night: NightFolder) -> None:
    """Someone who edits the manifest too is found by history."""
    history_knows_other_files(night)
    write_import(night, [*STUDENTS, {"student_id": "3"}], GUARDIANS)


def manifest_of_another_run(night: NightFolder) -> None:
    manifest = night.export / "manifest.json"
    manifest.write_text(manifest.read_text().replace(RUN, NEXT))


def not_ours_but_with_its_hash(night: NightFolder) -> None:
    """The manifest's number of rows is another than the file has."""
    manifest = night.export / "manifest.json"
    told = json.loads(manifest.read_text())
    told["files"]["students.csv"]["rows"] = 7
    manifest.write_text(json.dumps(told))


def emptied(name: str) -> Callable[[NightFolder], None]:
    return lambda night: (night.export / name).write_bytes(b"") and None


def removed(name: str) -> Callable[[NightFolder], None]:
    return lambda night: (night.export / name).unlink()


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (no_link, "missing"),
        (no_folder, "missing"),
        (removed("manifest.json"), "missing"),
        (emptied("manifest.json"), "missing"),
        (removed("guardians.csv"), "missing"),
        (emptied("guardians.csv"), "modified"),
        (cut_short, "modified"),
        (history_knows_other_files, "modified"),
        (a_row_more_in_file_and_manifest, "modified"),
        (manifest_of_another_run, "modified"),
        (not_ours_but_with_its_hash, "modified"),
    ],
)
def test_files_that_are_not_as_published_are_a_fault_and_nothing_is_read_from_them(
    folder: DistrictFolder, night: NightFolder, damage: Callable[[NightFolder], None], fault: str
) -> None:
    damage(night)
    assert write_baseline(folder) == Baseline(RUN, fault, {})
    (status,) = rows_of(folder, "status")
    assert (status["run_id"], status["fault"], status["student_fields"]) == (RUN, fault, None)
    for table in ("students", "guardians", "state"):
        assert rows_of(folder, table) == []


@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\xff\xfe", b'file,"student_id\r\n', b"a,b\r\n1,2\r\n3\r\n"]
)
def test_without_its_notes_a_published_import_is_still_compared_with(
    folder: DistrictFolder, night: NightFolder, content: bytes | None
) -> None:
    night.load_state.unlink()
    if content is not None:
        night.load_state.write_bytes(content)
    assert write_baseline(folder).fault is None
    assert query(folder, "select count(*), count(school_id) from published.students") == [(2, 0)]


def test_an_import_of_an_earlier_version_can_be_compared_with(
    folder: DistrictFolder, night: NightFolder
) -> None:
    manifest = night.export / "manifest.json"
    told = json.loads(manifest.read_text())
    kept = {name: told[name] for name in ("schema", "district", "run_id", "files")}
    manifest.write_text(json.dumps(kept | {"layout_version": 1}))
    assert write_baseline(folder).fault is None


def test_a_baseline_that_is_open_elsewhere_is_replaced_not_changed(
    folder: DistrictFolder, night: NightFolder
) -> None:
    write_baseline(folder)
    with duckdb.connect(str(folder.baseline), read_only=True) as reader:
        write_import(night, STUDENTS[:1])
        write_baseline(folder)
        assert reader.execute("select count(*) from published.students").fetchall() == [(2,)]
    assert query(folder, "select count(*) from published.students") == [(1,)]
