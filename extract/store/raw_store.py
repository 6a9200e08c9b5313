"""raw.duckdb: opens it for writing or reading, with the tables of schema.sql in it."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import duckdb

from district.endpoints import ENDPOINTS
from district.private_files import make_private_folder, private_files
from extract.store.attaching import attach, attach_read_only
from extract.store.file_locks import holder_of
from extract.store.latest import is_shown, show_latest
from extract.store.store_errors import error_of, store_errors

FILE_NAME = "raw.duckdb"
# Of schema.sql; a file of an older version is upgraded when it is opened.
SCHEMA_VERSION = 7
_SCHEMA = Path(__file__).with_name("schema.sql")
_UPGRADE = Path(__file__).with_name("upgrade.sql")
_COMMENTS = Path(__file__).with_name("comments.sql")

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
# So long a command waits for a program that has raw.duckdb open; and so long a nightly run does.
PATIENCE_SECONDS = 5.0
NIGHT_PATIENCE_SECONDS = 600.0
FREE_ATTEMPTS = 3


@dataclass(frozen=True)
class Patience:
    """How long to wait for a program that has raw.duckdb open, and whom to tell."""

    seconds: float
    tell: Callable[[str], None] | None = None


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


def open_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a district's raw.duckdb for writing; makes what is missing, and upgrades an older file.

    Raises:
        StoreBusyError: another program has it open, and did not close it within some seconds.
        StoreUnreadableError: the file is damaged, or was written by a newer version.
        DiskFullError: there is no space for it.
    """
    make_private_folder(path.parent)
    with store_errors(path), private_files():
        store = _attach_to_write(path)
        try:
            _bring_up_to_date(path, store)
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
    store = duckdb.connect(config=_READER)
    try:
        attach_store(store, path, "store")
    except BaseException:
        store.close()
        raise
    return store


def attach_store(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a district's raw.duckdb to a connection, read-only, and use it; it upgrades an older file.

    Raises:
        StoreBusyError, StoreUnreadableError: as read_store.
    """
    # Also after an error it is closed first: whether a file is damaged is found out while no one has it open.
    with store_errors(path, writing=False), ExitStack() as detached:
        _attach_to_read(con, path, name)
        detached.callback(lambda: con.execute(f"use memory; detach {name}"))
        version = _version(con)
        if version == SCHEMA_VERSION and is_shown(con):
            detached.pop_all()
            return
        _refuse_newer(path, version)
    open_store(path).close()
    with store_errors(path, writing=False):
        _attach_to_read(con, path, name)


def last_run_id(path: Path) -> str | None:
    """The run id of the latest pull in a raw.duckdb, or None where nothing was ever pulled."""
    if not path.exists():
        return None
    with read_store(path) as store:
        row = store.execute("select max(run_id) from plus360.pulls").fetchone()
    return row[0] if row else None


def path_of(store: duckdb.DuckDBPyConnection) -> Path:
    """The file of an open store."""
    rows = store.execute("select path from duckdb_databases() where database_name = 'store'").fetchall()
    return Path(rows[0][0])


@contextmanager
def patient(seconds: float, tell: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Inside, wait so long for a program that has raw.duckdb open, and tell it once."""
    before = _patience.set(Patience(seconds, tell))
    try:
        yield
    finally:
        _patience.reset(before)


def cursor_of(store: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection of its own to an open store, for a transaction beside others."""
    cursor = store.cursor()
    cursor.execute("use store")
    return cursor


def _attach_to_read(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    _when_it_is_free(path, lambda: attach_read_only(con, path, name), writing=False)
    con.execute(f"use {name}")


def _attach_to_write(path: Path) -> duckdb.DuckDBPyConnection:
    """Attached under a name of its own, the same for every file name."""
    store = duckdb.connect(config=WRITER)
    try:
        _when_it_is_free(path, lambda: attach(store, path, "store", FORMAT), writing=True)
    except BaseException:
        store.close()
        raise
    store.execute("use store")
    spill = path.with_name(path.name + ".tmp")
    shutil.rmtree(spill, ignore_errors=True)  # of a run that was killed
    store.execute("set temp_directory = ?", [str(spill)])
    return store


def _when_it_is_free(path: Path, opening: Callable[[], object], *, writing: bool) -> None:
    """Opens a file once no one has it open, or raises DuckDB's error when the patience ends."""
    patience = _patience.get() or Patience(PATIENCE_SECONDS)
    give_up = time.monotonic() + patience.seconds
    told, free = False, 0
    while True:
        try:
            opening()
        except duckdb.OperationalError:
            holder = holder_of(path, writing=writing)
            # Whoever had it open may have closed it before the kernel was asked: try again, a few times.
            free = 0 if holder else free + 1
            if free == FREE_ATTEMPTS or time.monotonic() > give_up:
                raise
            if holder and not told and patience.tell:
                patience.tell(f"waiting: {FILE_NAME} is open in {holder.words}")
                told = True
        else:
            return
        time.sleep(0.1)


def _bring_up_to_date(path: Path, store: duckdb.DuckDBPyConnection) -> None:
    version = _version(store)
    _refuse_newer(path, version)
    store.execute("begin")
    _run_for_endpoints(store, _SCHEMA)
    _move_schema_raw(store)
    store.execute("commit")
    if version != SCHEMA_VERSION:
        for statement in _statements(_UPGRADE) if version else ():
            store.execute(statement)
        store.execute("begin")
        store.execute("drop schema if exists latest cascade")  # a table that its views read may have changed
        store.execute("create schema latest")
        _run_for_endpoints(store, _COMMENTS)
        store.execute("commit")
        store.execute("insert into plus360.schema_version values (?)", [SCHEMA_VERSION])
    show_latest(store)


def _run_for_endpoints(store: duckdb.DuckDBPyConnection, file: Path) -> None:
    for statement in _statements(file):
        for table in [endpoint.name for endpoint in ENDPOINTS] if "$endpoint" in statement else [""]:
            store.execute(statement.replace("$endpoint", table))


def _version(store: duckdb.DuckDBPyConnection) -> int:
    """Of an open file; 0 where it is empty. Version 1 was not written down."""
    tables = {f"{schema}.{table}" for schema, table in _tables(store)}
    if "plus360.schema_version" in tables:
        row = store.execute("select max(version) from plus360.schema_version").fetchone()
        if row and row[0] is not None:
            return int(row[0])
    return 1 if tables & {"plus360.pulls", "raw.pulls"} else 0


def _refuse_newer(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise error_of(path, "newer")


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
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()


def _statements(file: Path) -> list[str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";\n") if statement.strip()]
