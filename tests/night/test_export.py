"""The import files as another program reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from night.export import write_export

AWKWARD = ['O\'Neil, "Bud"', "Zoë\nLine two", "", "=1+1", "Ñandú"]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute('create table marts.import_students ("Student Id" varchar, "Last Name" varchar)')
        con.executemany("insert into marts.import_students values (?, ?)", list(enumerate(AWKWARD)))
        con.execute('create table marts.import_guardians as select 1 as "Guardian Id" where false')
    return path


def test_awkward_names_come_back_as_they_were(warehouse: Path, tmp_path: Path) -> None:
    assert write_export(warehouse, tmp_path / "export") == {"students.csv": 5, "guardians.csv": 0}
    text = (tmp_path / "export" / "students.csv").read_bytes().decode("utf-8")
    assert text.startswith("Student Id,Last Name\r\n")
    assert [row["Last Name"] for row in csv.DictReader(text.splitlines(keepends=True))] == AWKWARD
    assert (tmp_path / "export" / "guardians.csv").read_bytes() == b"Guardian Id\r\n"
    assert (tmp_path / "export" / "import_students.parquet").exists()


def test_an_export_that_breaks_off_leaves_the_old_one(warehouse: Path, tmp_path: Path) -> None:
    write_export(warehouse, tmp_path / "export")
    before = (tmp_path / "export" / "students.csv").read_bytes()
    with duckdb.connect(str(warehouse)) as con:
        con.execute("drop table marts.import_guardians")
    with pytest.raises(duckdb.CatalogException):
        write_export(warehouse, tmp_path / "export")
    assert (tmp_path / "export" / "students.csv").read_bytes() == before
