"""Connections to which a district's files are attached, for one question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

from extract.store.label_columns import identifier
from qa.analyst.errors import DataError


@contextmanager
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to attach files to; whatever happens inside, they are closed.

    An error's traceback, as IPython keeps it, would keep them open. A relation reads on in memory.
    """
    # What does not fit into memory is refused: DuckDB would write it into the working folder.
    con = duckdb.connect(":memory:", config={"temp_directory": ""})
    try:
        con.execute("set timezone = 'UTC'")
        yield con
        _detach(con)
    except BaseException as error:
        with suppress(duckdb.Error):
            _detach(con)  # to close the connection is not enough while a relation of it is there
        con.close()
        if type(error) is RuntimeError:  # what DuckDB makes of Ctrl-C, and of nothing else
            raise KeyboardInterrupt from None
        raise


@contextmanager
def beside(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another connection to the files that are attached to one, for a query of another thread."""
    (path,) = con.execute("select current_setting('search_path')").fetchall()[0]
    with con.cursor() as other:
        other.execute("set search_path = ?", [path])
        yield other


def _detach(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("set search_path = 'memory.main'")
    for (name,) in con.execute(
        "select database_name from duckdb_databases() where not internal and path is not null"
    ).fetchall():
        con.execute(f"detach {identifier(name)}")


def copy_of(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | list[object] | None
) -> duckdb.DuckDBPyRelation:
    """The result of a statement as a table in memory.

    Raises:
        DataError: it has no result.
    """
    result = con.sql(sql, params=parameters) if parameters else con.sql(sql)
    if result is None:
        raise DataError("This SQL statement has no result.")
    result.create("memory.main.result")
    return con.table("memory.main.result")
