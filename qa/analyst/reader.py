"""The files of a district, opened read-only for one question at a time.

DuckDB lets no one write to a file that somebody reads. So a result is copied into memory and the files are
closed at once: an open notebook never keeps a nightly run waiting for longer than a question takes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from district.folder import DistrictFolder, NightFolder
from district.private_files import private_files
from extract.store.label_columns import MOST_LABELS
from extract.store.raw_store import attach_store
from qa.analyst.errors import DataError, finished_build, no_district, plain_errors
from qa.analyst.frames import frame_of
from qa.analyst.older_run import show_run
from qa.analyst.pulls import chosen_pull, not_received
from qa.analyst.sql import own_sql
from qa.analyst.sql.connection import connection, copy_of
from qa.warehouse import attach_warehouse

# In which a table is looked for that is named without its schema: the first that has it.
_SCHEMAS = (
    "memory.latest",
    "raw_store.latest",
    "warehouse.marts",
    "warehouse.load_effects",
    "warehouse.profiles",
    "warehouse.checks",
    "warehouse.staging",
    "warehouse.intermediate",
    "warehouse.seeds",
    "raw_store.plus360",
    "raw_store.history",
)
_QUERIES = Path(__file__).with_name("queries")

Parameters = Mapping[str, object]


def query(name: str) -> str:
    """The SQL of queries/<name>.sql."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


class Reader:
    """What one run of a district left: its records in raw.duckdb, and the warehouse that was built of them.

    Attributes:
        folder: the district's.
        run_id: the run that is read.
        missing: the endpoints that it did not receive, and has no record of.
    """

    def __init__(self, folder: DistrictFolder, run_id: str | None = None) -> None:
        """Choose a run: the one that is named, or the latest one whose pull ended.

        Raises:
            DataError: there is no such district, or no such run.
        """
        self.folder = folder
        self._told: set[str] = set()
        if not folder.raw.exists():
            raise no_district(folder)
        with self._raw() as con:
            self.run_id = chosen_pull(con, run_id)
            self.missing, self._incomplete = not_received(con, self.run_id)

    @property
    def night(self) -> NightFolder:
        """The folder of the run."""
        return self.folder.night(self.run_id)

    @property
    def built(self) -> NightFolder | None:
        """The run whose warehouse is read: this run's, or where it has none, the last published one's."""
        nights = (self.night, self.folder.published)
        return next((night for night in nights if night and night.warehouse.exists()), None)

    @property
    def is_built(self) -> bool:
        """Whether the warehouse that is read is this run's own."""
        return self.built == self.night

    def require_built(self) -> NightFolder:
        """The run's folder, with its warehouse: for what is said of this one run, never of another.

        Raises:
            DataError: the run has no warehouse of its own; the line says what answers all the same.
        """
        if self.night.warehouse.exists():
            return self.night
        latest = self._pulled(None)
        if self.run_id < latest:
            raise DataError(
                f"Run {self.run_id} has no warehouse any more: records, labels, compare, changes and trace "
                "still answer for it. d.refresh() moves to the latest run."
            )
        published = self.folder.published
        still = (
            f"the last published run has one: {self._opened(published)}."
            if published and published.warehouse.exists()
            else f"no run was published yet. Run plus360 night {self.folder.key}"
        )
        raise DataError(f"Run {self.run_id} was received but not built; {still}")

    def run_of(self, run_id: str | None) -> str:
        """The run that a verb is asked about: this one if none is named.

        Raises:
            DataError: it is not kept.
        """
        return self._pulled(run_id) if run_id else self.run_id

    @contextmanager
    def open(self, *, received_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with raw_store and warehouse attached read-only.

        Tables can be named without schema and catalog. Without a warehouse, only raw_store is there; so it is
        for what was received only, which a damaged warehouse does not keep from being read.

        Raises:
            DataError: a file can't be opened or read, or the run is no longer kept.
        """
        with plain_errors(), connection() as con:
            self._attach(con, received_only=received_only)
            built, published = self.built or self.night, self.folder.published
            with finished_build(built.run_id, self._opened(published) if published != built else ""):
                yield con

    def frame(
        self, sql: str, parameters: Parameters | None = None, *, received_only: bool = False
    ) -> pd.DataFrame:
        """The result of a query, as a DataFrame with one kind of blank."""
        self.tell_newer()
        with self.open(received_only=received_only) as con:
            return frame_of(con.execute(sql, dict(parameters or {})))

    def relation(
        self, sql: str, parameters: Parameters | None = None, *, received_only: bool = False
    ) -> duckdb.DuckDBPyRelation:
        """The result of a query as a relation over a copy in memory: filter it, join it, or say .df().

        Raises:
            DataError: as open; or the statement has no result.
        """
        self.tell_newer()
        with self.open(received_only=received_only) as con:
            return copy_of(con, sql, dict(parameters or {}) or None)

    def ask(self, sql: str, parameters: own_sql.Parameters | None = None) -> pd.DataFrame:
        """The result of the analyst's own SQL.

        Raises:
            QueryError: it is not allowed, or DuckDB can't run it; its own words say why.
        """
        with self._locked(sql) as con:
            return frame_of(con.execute(sql, own_sql.bound(parameters)))

    def ask_relation(self, sql: str, parameters: own_sql.Parameters | None = None) -> duckdb.DuckDBPyRelation:
        """The result of the analyst's own SQL as a relation.

        Raises:
            QueryError: as ask.
        """
        with self._locked(sql) as con:
            return copy_of(con, sql, own_sql.bound(parameters))

    def tell_newer(self) -> None:
        """Say once what an answer depends on, a line each.

        That a newer run was published meanwhile, that another run's tables are read, or that an endpoint was
        not received completely.
        """
        published, built = self.folder.published, self.built
        if published and published.run_id > self.run_id:
            self.tell(
                f"A newer run was published: {published.run_id}. You are reading {self.run_id}; "
                "d.refresh() moves to the newer one."
            )
        if built and built.run_id != self.run_id:
            self.tell(
                f"Run {self.run_id} has no warehouse: students, contacts and all other tables that dbt built "
                f"are those of the published run {built.run_id}."
            )
        for line in self._incomplete:
            self.tell(line)

    @contextmanager
    def _locked(self, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for a statement of the analyst's own, which reaches no other file."""
        private = self.folder.private
        own_sql.check(sql, private)
        self.tell_newer()
        with self.open() as con:
            for endpoint in own_sql.cut_endpoints(con, sql):
                self.tell(f"{endpoint} has columns for {MOST_LABELS} labels only; payload has all of them.")
            own_sql.lock(con, private)
            with private_files(), own_sql.own_words(sql, private):
                yield con

    def tell(self, line: str) -> None:
        """Say a line, once."""
        if line not in self._told:
            self._told.add(line)
            sys.stdout.write(f"{line}\n")

    def _attach(self, con: duckdb.DuckDBPyConnection, *, received_only: bool) -> None:
        attach_store(con, self.folder.raw, "raw_store")
        kept = con.execute("select 1 from raw_store.plus360.pulls where run_id = ? limit 1", [self.run_id])
        if not kept.fetchone():
            raise DataError(f"Run {self.run_id} is no longer kept. d.refresh() moves to the latest one.")
        show_run(con, self.run_id)
        if self.built and not received_only:
            attach_warehouse(con, self.built, "warehouse")
        con.execute("set search_path = ?", [",".join(_there(con))])

    def _opened(self, night: NightFolder | None) -> str:
        """How a run is opened."""
        return f"District({self.folder.key!r}, run_id={night.run_id!r})" if night else ""

    def _pulled(self, run_id: str | None) -> str:
        with self._raw() as con:
            return chosen_pull(con, run_id)

    @contextmanager
    def _raw(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with plain_errors(), connection() as con:
            attach_store(con, self.folder.raw, "raw_store")
            yield con


def _there(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute("select database_name || '.' || schema_name from duckdb_schemas()").fetchall()
    return [schema for schema in _SCHEMAS if (schema,) in found]
