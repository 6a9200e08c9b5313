"""A run's folder with an import in it, written by `write_export` from a small warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import duckdb

from district.folder import DistrictFolder, NightFolder
from district.import_layouts import layout_columns
from extract.store.raw_store import open_store
from night.export import IMPORT_FILES, STATE_COLUMNS, Manifest, write_export

Row = Mapping[str, str | None]
MARTS = {"students.csv": "import_students", "guardians.csv": "import_guardians"}


def columns_of(layout: str, file: str) -> dict[str, str]:
    """The columns of a file in a layout, each with its field."""
    return {
        column.column_name: column.field
        for column in layout_columns()
        if (column.layout, column.file) == (layout, file)
    }


def write_import(
    night: NightFolder,
    students: Sequence[Row] = (),
    guardians: Sequence[Row] = (),
    state: Sequence[Mapping[str, object]] = (),
    layout: str = "standard",
) -> Manifest:
    """Makes the run's warehouse with these rows in the import's marts, and writes its import."""
    night.make()
    night.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(night.warehouse)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.import_files (file varchar, layout varchar, column_names varchar[], "
            "field_names varchar[], district_id varchar, settings_sha256 varchar)"
        )
        for file, rows in (("students.csv", students), ("guardians.csv", guardians)):
            columns = columns_of(layout, file)
            if columns:
                con.execute(
                    "insert into marts.import_files values (?, ?, ?, ?, '39011', 'abc')",
                    [file, layout, [*columns], [*columns.values()]],
                )
            _fill(con, MARTS[file], [*columns_of("standard", file).values()], rows)
        _fill(con, "import_state", STATE_COLUMNS, state)
    return write_export(night)


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    con.execute(f"create table marts.{table} ({', '.join(f'{name} varchar' for name in names)})")
    if rows:
        values = [[row.get(name) for name in names] for row in rows]
        con.executemany(f"insert into marts.{table} values ({', '.join('?' * len(names))})", values)


def in_history(folder: DistrictFolder, run_id: str, verdict: str = "published") -> None:
    """Writes a run into the district's history."""
    with closing(open_store(folder.raw)) as store:
        store.execute("insert into history.nights (run_id, verdict) values (?, ?)", [run_id, verdict])


def verdicts(folder: DistrictFolder) -> dict[str, str]:
    """What the district's history says of each run."""
    with closing(open_store(folder.raw)) as store:
        return dict(store.execute("select run_id, verdict from history.nights").fetchall())


def names_in(night: NightFolder) -> set[str]:
    """The files in the folder of a run's import."""
    return {path.name for path in night.export.iterdir()}


ALL_FILES = {*IMPORT_FILES, "manifest.json"}
