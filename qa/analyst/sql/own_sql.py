"""The analyst's own SQL: one statement that reads, and reaches no file but those it is meant for.

DuckDB lets a statement read and write every file that the account may. So the connection is locked once the
district's files are attached. It can still overwrite an attached file, so statements are checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from district.endpoints import ENDPOINTS
from district.private_files import make_private_folder
from extract.store.label_columns import MOST_LABELS, RECORD_COLUMNS, literal
from qa.analyst.errors import DataError, QueryError

# Values of $name, or of each ? in their order.
Parameters = Mapping[str, object] | Sequence[object]

_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.MULTI}  # PIVOT is several statements
_PRAGMAS = {"database_list", "database_size", "show_tables", "storage_info", "table_info", "version"}
_READ_ONLY = (
    "SQL here is read-only: one SELECT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN on the district's tables. "
    "COPY ... TO 'file' writes below {private} only."
)
_NO_FILE = (
    "SQL here reads the district's tables, and files in its private folder: {private}. No other file can be "
    "read or written."
)


def check(sql: str, private: Path) -> None:
    """Refuse what is not one statement that reads, or that copies into the private folder.

    The private folder is made for a copy.

    Raises:
        QueryError: it is several statements, or one that is not allowed, or no SQL.
        DataError: it is no statement at all.
    """
    if not isinstance(sql, str):
        raise DataError('The SQL must be a text, such as "from students".')
    statements = _statements(sql)
    if not statements:
        raise DataError("There is no SQL statement to run.")
    if len(statements) > 1:
        raise QueryError(sql, f"These are {len(statements)} SQL statements: run one at a time.")
    if not _is_allowed(sql, private):
        raise QueryError(sql, _READ_ONLY.format(private=private))
    if statements[0].type == duckdb.StatementType.COPY:
        make_private_folder(private)


def lock(con: duckdb.DuckDBPyConnection, private: Path) -> None:
    """From here on, the connection reads and writes no new file outside the private folder.

    It does not find Python's variables either: they would be the library's own.
    """
    con.execute(f"set allowed_directories = [{literal(str(private))}]")
    for setting in (
        "python_enable_replacements",
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "enable_external_access",
    ):
        con.execute(f"set {setting} = false")
    con.execute("set lock_configuration = true")


def cut_endpoints(con: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The endpoints named in a statement whose view has no column for some of the labels."""
    named = [endpoint.name for endpoint in ENDPOINTS if endpoint.name.casefold() in sql.casefold()]
    rows = con.execute(
        "select view_name from duckdb_views() where schema_name = 'latest' and column_count >= ? "
        "and list_contains(?, view_name)",
        [MOST_LABELS + len(RECORD_COLUMNS), named],
    )
    return [name for (name,) in rows.fetchall()] if named else []


@contextmanager
def own_words(sql: str, private: Path) -> Iterator[None]:
    """DuckDB's own words about the analyst's SQL, as a QueryError."""
    try:
        yield
    except duckdb.PermissionException:
        raise QueryError(sql, _NO_FILE.format(private=private)) from None
    except (duckdb.FatalException, duckdb.InternalException, duckdb.OutOfMemoryException):
        raise  # not the SQL's fault
    except duckdb.Error as error:
        if type(error) is duckdb.Error:  # a bad checksum has no type of its own
            raise
        raise QueryError(sql, error) from None


def bound(parameters: Parameters | None) -> dict[str, object] | list[object] | None:
    """Parameters as DuckDB takes them."""
    if isinstance(parameters, str | bytes):
        raise DataError("Parameters are a dictionary for $name, or a list for ?.")
    return dict(parameters) if isinstance(parameters, Mapping) else list(parameters or []) or None


def _statements(sql: str) -> list[duckdb.Statement]:
    try:
        return duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(sql, error) from None


def _is_allowed(sql: str, private: Path) -> bool:
    kind = _statements(sql)[0].type
    if kind in _READS:
        return True
    words = _words(sql)
    if kind == duckdb.StatementType.EXPLAIN:
        return _is_allowed(_explained(sql, words), private)
    if kind == duckdb.StatementType.PRAGMA:
        return len(words) > 1 and words[0][1] == "pragma" and words[1][1] in _PRAGMAS
    return kind == duckdb.StatementType.COPY and _is_below(_target(words), private)


def _words(sql: str) -> list[tuple[int, str]]:
    """The words of a statement outside of parentheses, and where they begin; in lower case but for texts."""
    text = sql.encode()  # DuckDB counts bytes
    tokens = duckdb.tokenize(sql)
    ends = [start for start, _ in tokens[1:]] + [len(text)]
    words, depth = [], 0
    for (start, kind), end in zip(tokens, ends, strict=True):
        word = text[start:end].decode().strip()
        if kind == duckdb.token_type.comment:
            continue
        depth -= word.startswith(")")
        if depth == 0:
            words.append((start, word if kind == duckdb.token_type.string_const else word.lower()))
        depth += word.startswith("(")
    return words


def _explained(sql: str, words: list[tuple[int, str]]) -> str:
    """The statement that is explained: behind EXPLAIN, ANALYZE or options in parentheses."""
    behind = [(start, word) for start, word in words if word not in ("explain", "analyze")]
    named = [start for start, word in behind if word not in "()"]
    return sql.encode()[(named or [start for start, _ in behind])[0] :].decode()


def _target(words: list[tuple[int, str]]) -> str | None:
    """The file that a COPY writes, where it is a plain text."""
    only = [word for _, word in words]
    if only.count("to") != 1:
        return None
    target = "".join(only[only.index("to") + 1 :][:1])
    return target[1:-1].replace("''", "'") if target[:1] == target[-1:] == "'" else None


def _is_below(target: str | None, private: Path) -> bool:
    if target is None or target.startswith("~") or ":" in target:
        return False
    return Path(target).resolve().is_relative_to(private.resolve())
