"""raw.duckdb: opens it for writing or reading, with the tables of schema.sql in it."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from district.endpoints import ENDPOINTS
from district.private_files import make_private_folder, private_files
from extract.errors import DiskFullError, DistrictError, StoreBusyError, StoreUnreadableError

FILE_NAME = "raw.duckdb"
# Of schema.sql; a file of an older version is upgraded when it is opened.
SCHEMA_VERSION = 4
_SCHEMA = Path(__file__).with_name("schema.sql")
_UPGRADE = Path(__file__).with_name("upgrade.sql")

# One writer: more threads would only take memory, and row numbers need the order anyway. What does not fit
# spills into the district's folder, never into wherever the program was started.
WRITER: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "192MB",
    "threads": 1,
}
# Older formats have no zstd. A row group is held in memory until it is full: a third of the usual size keeps
# the peak flat, whatever the district's size, and costs neither time nor space.
FORMAT = "storage_version 'v1.5.0', row_group_size 40960"
_READER: dict[str, str | bool | int | float | list[str]] = {"temp_directory": ""}
PATIENCE_SECONDS = 5.0


def open_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a district's raw.duckdb for writing; makes what is missing, and upgrades an older file.

    Raises:
        StoreBusyError: another program has it open, and did not close it within some seconds.
        StoreUnreadableError: the file is damaged, or was written by a newer version.
        DiskFullError: there is no space for it.
    """
    make_private_folder(path.parent)
    with store_errors(), private_files():
        store = _attach(path, read_only=False)
        try:
            _bring_up_to_date(store)
        except BaseException:
            store.close()
            raise
    path.chmod(0o600)
    return store


def read_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a district's raw.duckdb for reading; its tables are plus360.* and history.*.

    Raises:
        StoreBusyError: it is being written, and that did not end within some seconds.
        StoreUnreadableError: there is none, it is damaged, or it was written by a newer version.
    """
    with store_errors():
        store = _attach(path, read_only=True)
        version = _version(store)
        if version == SCHEMA_VERSION:
            return store
        store.close()
        _refuse_newer(version)
    open_store(path).close()
    with store_errors():
        return _attach(path, read_only=True)


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another database file to a connection, made if it is missing, under a name."""
    con.execute(f"attach {_literal(path)} as {name}")


def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another database file to a connection, read-only, under a name."""
    con.execute(f"attach {_literal(path)} as {name} (read_only)")


def last_run_id(path: Path) -> str | None:
    """The run id of the latest pull in a raw.duckdb, or None where nothing was ever pulled."""
    if not path.exists():
        return None
    with read_store(path) as store:
        row = store.execute("select max(run_id) from plus360.pulls").fetchone()
    return row[0] if row else None


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns DuckDB's errors about the file into ours; their text may quote data, so none of it is kept."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error).lower()
        if "no space left" in text or "could not write" in text or ("disk" in text and "full" in text):
            raise DiskFullError(
                "the disk is full. Free some space, then run it again; nothing of an earlier run was lost"
            ) from None
        if isinstance(error, duckdb.OutOfMemoryException):
            raise DistrictError(
                "there is not enough memory. Close other programs, then run it again"
            ) from None
        if "already attached" in text or ("lock" in text and "io error" in text):
            raise StoreBusyError(
                f"{FILE_NAME} is open in another program. Close the notebook or program that uses it, then "
                "run it again"
            ) from None
        raise StoreUnreadableError(
            f"{FILE_NAME} can't be used ({type(error).__name__}). Move it away, or restore a copy of it, "
            "then run it again"
        ) from None


def cursor_of(store: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection of its own to an open store, for a transaction beside others."""
    cursor = store.cursor()
    cursor.execute("use store")
    return cursor


def _attach(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Attached under a name of its own, the same for every file name."""
    store = duckdb.connect(config=_READER if read_only else WRITER)
    give_up = time.monotonic() + PATIENCE_SECONDS
    options = "read_only" if read_only else FORMAT
    while True:
        try:
            store.execute(f"attach {_literal(path)} as store ({options})")
            break
        except duckdb.IOException as error:
            if "lock" not in str(error).lower() or time.monotonic() > give_up:
                store.close()
                raise
        time.sleep(0.1)
    store.execute("use store")
    if not read_only:
        spill = path.with_name(path.name + ".tmp")
        shutil.rmtree(spill, ignore_errors=True)  # of a run that was killed
        store.execute("set temp_directory = ?", [str(spill)])
    return store


def _literal(path: Path) -> str:
    """A path as an SQL literal: ATTACH takes no bound parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def _bring_up_to_date(store: duckdb.DuckDBPyConnection) -> None:
    version = _version(store)
    _refuse_newer(version)
    store.execute("begin")
    for statement in _statements(_SCHEMA):
        for table in [endpoint.name for endpoint in ENDPOINTS] if "$endpoint" in statement else [""]:
            store.execute(statement.replace("$endpoint", table))
    _move_schema_raw(store)
    store.execute("commit")
    if version == SCHEMA_VERSION:
        return
    for statement in _statements(_UPGRADE) if version else ():
        store.execute(statement)
    store.execute("insert into plus360.schema_version values (?)", [SCHEMA_VERSION])


def _version(store: duckdb.DuckDBPyConnection) -> int:
    """Of an open file; 0 where it is empty. Version 1 was not written down."""
    tables = {f"{schema}.{table}" for schema, table in _tables(store)}
    if "plus360.schema_version" in tables:
        row = store.execute("select max(version) from plus360.schema_version").fetchone()
        if row and row[0] is not None:
            return int(row[0])
    return 1 if tables & {"plus360.pulls", "raw.pulls"} else 0


def _refuse_newer(version: int) -> None:
    if version > SCHEMA_VERSION:
        raise StoreUnreadableError(
            f"{FILE_NAME} was written by a newer version of plus360. Install that version, then run it again"
        )


def _move_schema_raw(store: duckdb.DuckDBPyConnection) -> None:
    """The first files called the schema `raw`. DuckDB renames no schema, so the rows are copied."""
    old = [table for schema, table in _tables(store) if schema == "raw"]
    for table in old:
        store.execute(f'insert into plus360."{table}" by name select * from raw."{table}"')
        store.execute(f'drop table raw."{table}"')
    if old:
        store.execute("drop schema raw")


def _tables(store: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return store.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'store'"
    ).fetchall()


def _statements(file: Path) -> list[str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";\n") if statement.strip()]
