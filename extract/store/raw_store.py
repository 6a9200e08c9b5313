"""raw.duckdb: every pull of a district as it came, for the last runs, and the history that outlives them."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from district.endpoints import ENDPOINTS
from district.private_files import private_files
from extract.errors import DiskFullError, DistrictError, StoreBusyError, StoreUnreadableError

FILE_NAME = "raw.duckdb"
KEPT_RUNS = 14
# The two last published nights are what changes are told from: kept even after a bad fortnight.
KEPT_PUBLISHED = 2

# One writer: more threads would only take memory, and row numbers need the order anyway. What does not fit
# spills into the district's folder, never into wherever the program was started.
WRITER: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "192MB",
    "threads": 1,
}
# Older formats know no zstd. A row group is held in memory until it is full: a third of the usual size keeps
# the peak flat, whatever the district's size, and costs neither time nor room.
FORMAT = "storage_version 'v1.5.0', row_group_size 40960"
_READER: dict[str, str | bool | int | float | list[str]] = {"temp_directory": ""}
PATIENCE_SECONDS = 5.0

PullState = Literal["complete", "unreconciled", "refused", "broken"]


@dataclass(frozen=True)
class Pull:
    """How one endpoint's pull ended; one row of plus360.pulls, its columns in this order.

    Attributes:
        state: "complete"; "unreconciled" (all pages are in, but rows differ from the server's total after a
            second pass); "refused" (the server said no); "broken" (it did not come whole). The last two
            keep no rows.
        rows: rows landed.
        reported_total: the server's last word on how many rows there are; None where it never said.
        http_status: of the answer that decided the state.
        seconds: from the first request to the commit.
        message: one line for people; never data.
        stripped_labels: labels that were removed before landing, as the server spelled them.
        retries: requests that had to be made again.
        passes: 1, or 2 where the pages of the first pass did not add up.
    """

    run_id: str
    endpoint: str
    state: PullState
    rows: int
    pages: int
    reported_total: int | None
    http_status: int | None
    seconds: float
    started_at: datetime
    finished_at: datetime
    message: str
    stripped_labels: list[str]
    retries: int
    passes: int


def open_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a district's raw.duckdb for writing; makes what is missing of folder, file, schemas and tables.

    Raises:
        StoreBusyError: another program has it open, and did not let go within some seconds.
        StoreUnreadableError: the file is damaged, or was written by a newer DuckDB.
        DiskFullError: there is no room for it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with store_errors(), private_files():
        store = _attach(path, read_only=False)
        store.execute("begin")
        for statement in _ddl():
            store.execute(statement)
        store.execute("commit")
    path.chmod(0o600)
    return store


def read_store(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a district's raw.duckdb for reading; its tables are plus360.* and history.*.

    Raises:
        StoreBusyError: it is being written, and that did not end within some seconds.
        StoreUnreadableError: there is none, it is damaged, or it was written by a newer DuckDB.
    """
    with store_errors():
        return _attach(path, read_only=True)


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


def prune(store: duckdb.DuckDBPyConnection) -> None:
    """Deletes all but the last runs, with room for the one about to begin. history.* is kept for ever."""
    old = store.execute(
        """
        with runs as (select distinct run_id from plus360.pulls),
        published as (
            select run_id from history.nights where verdict = 'published' order by run_id desc limit ?
        )
        select run_id from (select run_id from runs order by run_id desc offset ?)
        where run_id not in (from published)
        """,
        [KEPT_PUBLISHED, KEPT_RUNS - 1],
    ).fetchall()
    if not old:
        return
    runs = [run_id for (run_id,) in old]
    with store_errors():
        store.execute("begin")
        for table in ("pulls", *(endpoint.name for endpoint in ENDPOINTS)):
            store.execute(f'delete from plus360."{table}" where run_id in (select unnest(?))', [runs])
        store.execute("commit")
        store.execute("checkpoint")


def write_pull(store: duckdb.DuckDBPyConnection, pull: Pull) -> None:
    """Writes one row of plus360.pulls, inside the caller's transaction."""
    names = ", ".join(field.name for field in fields(Pull))
    marks = ", ".join("?" for _ in fields(Pull))
    values = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in astuple(pull)]
    store.execute(f"insert into plus360.pulls ({names}) values ({marks})", values)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns DuckDB's errors about the file into ours; their text may quote data, so none of it goes on."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error).lower()
        if "no space left" in text or "could not write" in text or ("disk" in text and "full" in text):
            raise DiskFullError(
                "the disk is full. Make room, then run again; nothing of an earlier night was lost"
            ) from None
        if isinstance(error, duckdb.OutOfMemoryException):
            raise DistrictError("there is not enough memory. Close other programs, then run again") from None
        if "already attached" in text or ("lock" in text and "io error" in text):
            raise StoreBusyError(
                f"{FILE_NAME} is open in another program. Close the notebook or program that holds it, "
                f"then run again"
            ) from None
        raise StoreUnreadableError(
            f"{FILE_NAME} cannot be used ({type(error).__name__}). Move it away, or put a copy of it "
            f"back, then run again"
        ) from None


def cursor_of(store: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection of its own to an open store, for a transaction beside others."""
    cursor = store.cursor()
    cursor.execute("use store")
    return cursor


def _attach(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Attached under a name of its own: opened directly, the file's name would hide its schema `raw`."""
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


def _ddl() -> Iterator[str]:
    yield "create schema if not exists plus360"
    yield "create schema if not exists history"
    for endpoint in ENDPOINTS:
        yield f"""
            create table if not exists plus360."{endpoint.name}" (
                run_id varchar not null,
                endpoint varchar not null,
                position bigint not null,      -- 0-based, in the order of the pull
                landed_at timestamp not null,  -- UTC
                payload json not null using compression zstd  -- as received, without pulls.stripped_labels
            )
        """
    yield """
        create table if not exists plus360.pulls (
            run_id varchar not null,
            endpoint varchar not null,
            state varchar not null,
            rows bigint not null,
            pages integer not null,
            reported_total bigint,
            http_status integer,
            seconds double not null,
            started_at timestamp not null,
            finished_at timestamp not null,
            message varchar not null,
            stripped_labels varchar[] not null,
            retries integer not null,
            passes integer not null,
            primary key (run_id, endpoint)
        )
    """
    yield """
        create table if not exists history.nights (
            run_id varchar primary key,
            started_at timestamp,
            finished_at timestamp,
            verdict varchar,
            counts json
        )
    """
    yield """
        create table if not exists history.checks (
            run_id varchar,
            check_id varchar,
            level varchar,
            state varchar,
            failed bigint,
            total bigint
        )
    """
    yield """
        create table if not exists history.pseudonyms (
            kind varchar,
            record_key varchar,
            pseudonym varchar
        )
    """
