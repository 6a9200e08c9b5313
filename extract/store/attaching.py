"""Attaches database files to a connection, under names of ours."""

from pathlib import Path

import duckdb


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, options: str = "") -> None:
    """Attach a database file to a connection under a name; it is made if it is missing.

    Args:
        con: the connection.
        path: the file.
        name: an SQL identifier.
        options: of ATTACH, such as "read_only".
    """
    # ATTACH takes no bound parameter: the path stands in it as an SQL literal.
    literal = "'" + str(path).replace("'", "''") + "'"
    con.execute(f"attach {literal} as {name}" + (f" ({options})" if options else ""))


def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another database file to a connection, read-only, under a name."""
    attach(con, path, name, "read_only")
