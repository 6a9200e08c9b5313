"""history.duckdb: a small copy of what raw.duckdb alone knows, its history, pseudonyms and decisions."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from district.private_files import draft_of, private_files
from extract.store.attaching import attach, attach_read_only
from extract.store.database_faults import is_damaged
from extract.store.raw_store import open_store


def copy_history(store: duckdb.DuckDBPyConnection, copy: Path) -> None:
    """Write a new copy, complete or not at all.

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


def rebuild_store(raw: Path, copy: Path, kept: Path) -> bool:
    """Make a new raw.duckdb from the copy of its history; what it held of pulls is lost.

    Args:
        raw: the file that is damaged or missing.
        copy: what `copy_history` wrote.
        kept: where the damaged file goes, and its journal beside it.

    Returns:
        Whether it was done: not without a copy that can be read.
    """
    if not copy.exists() or is_damaged(copy):
        return False
    with draft_of(raw) as draft:
        draft.unlink()
        with closing(open_store(draft)) as store:
            attach_read_only(store, copy, "copy")
            for table in set(_tables(store, "copy")) & set(_tables(store, "store")):
                store.execute(f"insert into history.{table} by name from copy.history.{table}")
            store.execute("detach copy")
        # A journal of the damaged file would be replayed into the new one.
        move_journals(raw, kept)
        if raw.exists():
            kept.hardlink_to(raw)
    return True


def move_journals(database: Path, kept: Path) -> list[Path]:
    """Move the journals beside a database file away; returns where they are now."""
    moved = []
    for journal in sorted(database.parent.glob(f"{database.name}*.wal")):
        place = kept.with_name(kept.name + journal.name.removeprefix(database.name))
        journal.replace(place)
        moved.append(place)
    return moved
