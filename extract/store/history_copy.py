"""history.duckdb: a small copy of what raw.duckdb alone knows, its history, pseudonyms and decisions."""

from __future__ import annotations

from pathlib import Path

import duckdb

from district.private_files import draft_of, private_files
from extract.store.raw_store import attach


def copy_history(store: duckdb.DuckDBPyConnection, copy: Path) -> None:
    """Write the copy anew, complete or not at all.

    Args:
        store: raw.duckdb, open, without a transaction.
        copy: where.
    """
    with draft_of(copy) as draft, private_files():
        draft.unlink()  # DuckDB makes the file itself: it refuses one of 0 bytes
        attach(store, draft, "copy")
        try:
            store.execute("create schema copy.history")
            for table in _tables(store, "store"):
                store.execute(f"create table copy.history.{table} as from store.history.{table}")
        finally:
            store.execute("detach copy")


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'history'",
        [database],
    ).fetchall()
    return [table for (table,) in rows]
