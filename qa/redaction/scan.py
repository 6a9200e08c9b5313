"""Compares a finished file with every personal value of the district before it may take its place.

It is the second of two protections. The first is the allow-list: nothing that a server or a district wrote
has a field in qa.json. The scan knows the values that the district sent, in the disguises of tokens.py. It
does not find a name that is misspelled, abbreviated, backwards, spaced out, in another alphabet or with
look-alike letters or digits, a nickname, or the name of someone who is in no record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath
from types import TracebackType

import duckdb

from district.endpoints import ENDPOINTS
from district.errors import Plus360Error
from district.folder import NightFolder
from extract.store.attaching import attach_read_only
from qa.check_results import WHEN_ALL, results_in
from qa.contract import QaDocument, ScanExtent
from qa.redaction.allowed_text import AllowedText
from qa.redaction.forms import FORMS
from qa.redaction.strike_out import tokens_left
from qa.redaction.tokens import Tokens, is_searchable
from qa.warehouse import WarehouseError, attach_warehouse, nights_to_read, warehouse_errors

# Those that are computed once for all files. The others are rarely needed: a hash is in no file of ours.
_PREPARED = frozenset({"words", "numbers", "dates"})
_UNKNOWN_PLACE = "a table that is no longer there"


class LeakError(Plus360Error):
    """A file contains personal values and was not written. The message names columns, never a value."""

    def __init__(self, file: str, columns: Sequence[str]) -> None:
        self.file = file
        self.columns = tuple(columns)
        super().__init__(f"{file} was not written: it contains values of {', '.join(columns)}")


class Scanner:
    """Every value of every column that identifies a person, in the databases of one district.

    Both warehouses are read if they exist, the latest and the published one. If there is none, every field
    of every person's record in the raw store is taken instead.

    Attributes:
        unreadable: why the warehouse of an earlier run was not read, or not to its end.
    """

    def __init__(self, night: NightFolder) -> None:
        self._con = duckdb.connect(":memory:")
        self._con.execute("set preserve_insertion_order = false")
        self._con.execute("create table read (value varchar)")
        self._night = night
        self._columns: dict[NightFolder | None, list[tuple[str, str]]] = {}
        self._prepared: set[str] = set()
        self._check_texts: set[str] = set()
        self.unreadable: list[WarehouseError] = []
        for run in nights_to_read(night):
            try:
                self._load_warehouse(run)
            except WarehouseError as error:
                if run == night:
                    raise
                # Half of its values, read before, do no harm.
                self.unreadable.append(error)
        if not any(self._columns.values()) and night.district.raw.exists():
            attach_read_only(self._con, night.district.raw, "district")
            self._load(None, self._raw_columns)
        self._con.execute(
            "create table personal as select distinct trim(value) as value from read where trim(value) <> ''"
        )
        self._con.execute("drop table read")

    def __enter__(self) -> Scanner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._con.close()

    @property
    def extent(self) -> ScanExtent:
        """How much a file is compared with: columns, and the distinct values in them."""
        (values,) = self._con.execute("select count(*) from personal").fetchall()[0]
        return ScanExtent(columns=sum(map(len, self._columns.values())), values=values)

    def values(self) -> list[str]:
        """Every value that a file is compared with."""
        return [value for (value,) in self._con.execute("select value from personal").fetchall()]

    def allowed_text(self, document: QaDocument, sentences: Iterable[str] = ()) -> AllowedText:
        """What may be in a run's files: the texts of its checks, its numbers, the caller's sentences."""
        return AllowedText(document, self._check_texts, sentences)

    def check(self, file: PurePath, text: str, allowed: AllowedText) -> None:
        """Raise LeakError where a file's text or name contains personal values outside of allowed text."""
        columns = self.leaks(tokens_left(file, text, allowed))
        if columns:
            raise LeakError(file.name, columns)

    def leaks(self, tokens: Tokens) -> list[str]:
        """The columns whose values are among the tokens, as `schema.table.column`."""
        self._con.execute("create or replace temp table leaking (value varchar)")
        for kind in FORMS:
            candidates = [token for token in getattr(tokens, kind) if kind != "words" or is_searchable(token)]
            if candidates:
                self._collect_leaking(kind, candidates)
        (number,) = self._con.execute("select count(*) from leaking").fetchall()[0]
        # The columns are only looked for where there is something.
        return (sorted(set(self._places())) or [_UNKNOWN_PLACE]) if number else []

    def _collect_leaking(self, kind: str, candidates: list[str]) -> None:
        """Add the values that one of the tokens is a form of."""
        self._con.execute(
            "create or replace temp table tokens as select unnest(?::varchar[]) as token", [candidates]
        )
        if kind in _PREPARED:
            if kind not in self._prepared:
                self._con.execute(
                    f"create temp table {kind} as select form from ({FORMS[kind]}) where form is not null"
                )
                self._prepared.add(kind)
            self._con.execute(f"delete from tokens where token not in (select form from {kind})")
        if self._con.execute("from tokens limit 1").fetchone():
            self._con.execute(
                f"insert into leaking select value from ({FORMS[kind]}) join tokens on form = token"
            )

    def _places(self) -> Iterator[str]:
        """The columns that have one of the leaking values."""
        for run, columns in self._columns.items():
            if run is None:
                attach_read_only(self._con, self._night.district.raw, "district")
            else:
                attach_warehouse(self._con, run, "district")
            for place, values in columns:
                found = f"select 1 from ({values}) where trim(value) in (select value from leaking) limit 1"
                if self._con.execute(found).fetchone():
                    yield place
            self._con.execute("detach district")

    def _load_warehouse(self, run: NightFolder) -> None:
        attach_warehouse(self._con, run, "district")
        with warehouse_errors(run):
            try:
                self._load(run, self._warehouse_columns)
            except duckdb.Error:
                # Closed first: what ails a file can't be asked while this process has it open.
                self._con.execute("detach database if exists district")
                raise

    def _load(self, run: NightFolder | None, columns_of: Callable[[], Iterable[tuple[str, str]]]) -> None:
        """Read the values of a run's warehouse, or, without one, of the raw store."""
        self._check_texts.update(self._texts_of_checks())
        columns = list(columns_of())
        if columns:
            everything = " union all ".join(values for _, values in columns)
            # Trimmed only when they are distinct: that is half of the work.
            self._con.execute(f"insert into read select distinct value from ({everything})")
        self._columns[run] = columns
        self._con.execute("detach district")

    def _texts_of_checks(self) -> Iterator[str]:
        """What dbt's yml says of the checks: the only sentences of a report that are stored with the data."""
        if not self._exists("checks", "check_results"):
            return
        rows = self._con.execute(
            f"""
            select check_id, title, why, population, place, remedy, from_json(when_all, $when_all)
            from {results_in("district.checks.check_results")}
            """,
            {"when_all": WHEN_ALL},
        ).fetchall()
        for *texts, remedy, when_all in rows:
            yield from (" ".join(text.split()) for text in (*texts, *remedy) if text)
            if when_all is not None:
                yield from filter(None, (when_all["headline"], when_all["why"], when_all["place"]))
                yield from when_all["remedy"]

    def _warehouse_columns(self) -> Iterator[tuple[str, str]]:
        """Columns of tables that dbt's yml marks with contains_pii, each with a query of its values as text.

        A view is not read: its values are those of tables, and a code beside them would look like a leak.
        """
        if not self._exists("checks", "pii_columns"):
            return
        columns = self._con.execute("""
            select schema_name, table_name, column_name, data_type
            from duckdb_columns()
            semi join duckdb_tables() using (database_name, schema_name, table_name)
            where database_name = 'district' and (schema_name, table_name, column_name) in (
                select (p.schema_name, p.table_name, p.column_name) from district.checks.pii_columns as p
            )
        """).fetchall()
        for schema, table, column, data_type in columns:
            values = _values(column, data_type)
            yield f"{schema}.{table}.{column}", f'select {values} as value from district."{schema}"."{table}"'

    def _raw_columns(self) -> Iterator[tuple[str, str]]:
        values = _values("payload", "JSON")
        for name in (endpoint.name for endpoint in ENDPOINTS if endpoint.is_personal):
            if self._exists("plus360", name):
                yield f"plus360.{name}", f'select {values} as value from district.plus360."{name}"'

    def _exists(self, schema: str, table: str) -> bool:
        found = self._con.execute(
            "from duckdb_tables() where database_name = 'district' and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchone()
        return found is not None


def _values(column: str, data_type: str) -> str:
    """An expression that gives a column's values as text: those inside a JSON object or a list one by one."""
    if data_type == "JSON":
        return f"""unnest(json_extract_string("{column}", '$.*'))"""
    if data_type.endswith("[]"):
        return f'unnest("{column}")::varchar'
    return f'"{column}"::varchar'
