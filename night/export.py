"""The import files of a night: students.csv and guardians.csv (RFC 4180, UTF-8), and the marts as Parquet."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb

# file of the import -> the mart that holds exactly its rows and columns, in its order
IMPORT_FILES = {"students.csv": "import_students", "guardians.csv": "import_guardians"}
BATCH_ROWS = 10_000


def write_export(warehouse: Path, target: Path) -> dict[str, int]:
    """Write the import files and every mart as Parquet into `target`, whole or not at all.

    The files are made in a folder beside `target`, which takes its name only when all are there.

    Returns:
        Rows of each import file, without its header.
    """
    making = target.with_name(target.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = {name: _write_csv(con, mart, making / name) for name, mart in IMPORT_FILES.items()}
        for (mart,) in con.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall():
            con.table(f"marts.{mart}").write_parquet(str(making / f"{mart}.parquet"))
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return rows


def _write_csv(con: duckdb.DuckDBPyConnection, mart: str, path: Path) -> int:
    cursor = con.execute(f'select * from marts."{mart}"')
    written = 0
    # Python's writer, not DuckDB's: RFC 4180 ends a line with CR LF.
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column[0] for column in cursor.description or [])
        while batch := cursor.fetchmany(BATCH_ROWS):
            writer.writerows(batch)
            written += len(batch)
    return written
