"""The files of a district, opened read-only for one question at a time.

DuckDB lets no one write to a file that somebody reads. So a result is copied into memory and the files are
closed at once: an open notebook never keeps a nightly run waiting for longer than a question takes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder, NightFolder
from extract.store.raw_store import attach_store
from qa.analyst.errors import DataError, QueryError
from qa.analyst.frames import frame_of
from qa.warehouse import attach_warehouse

# In which a table is looked for that is named without its schema: the first that has it.
_SCHEMAS = (
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
    """

    def __init__(self, folder: DistrictFolder, run_id: str | None = None) -> None:
        """Choose a run: the one that is named, or the latest one whose pull ended.

        Raises:
            DataError: there is no such district, or no such run.
        """
        self.folder = folder
        self._newer_told: str | None = None
        if not folder.raw.exists():
            raise DataError(f"There is no raw.duckdb of the district {folder.key!r} in the data folder.")
        self.run_id = self._pulled(run_id)

    @property
    def night(self) -> NightFolder:
        """The folder of the run."""
        return self.folder.night(self.run_id)

    @property
    def built(self) -> NightFolder | None:
        """The run whose warehouse is read: this run's, or where it has none, the last published one's."""
        nights = (self.night, self.folder.published)
        return next((night for night in nights if night and night.warehouse.exists()), None)

    @contextmanager
    def open(self, **warehouses: NightFolder) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with raw_store and warehouse attached read-only, and these warehouses by name.

        Tables can be named without schema and catalog. Without a warehouse, only raw_store is there.

        Raises:
            DataError: a file can't be opened.
        """
        with closing(duckdb.connect(":memory:")) as con:
            self._attach(con, warehouses)
            yield con

    def frame(self, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """The result of a query, as a DataFrame with one kind of blank."""
        self.tell_newer()
        with self.open() as con:
            return frame_of(con.execute(sql, dict(parameters or {})))

    def relation(self, sql: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyRelation:
        """The result of a query as a relation over a copy in memory: filter it, join it, or say .df()."""
        self.tell_newer()
        con = duckdb.connect(":memory:")  # lives as long as the relation
        attached = self._attach(con, {})
        con.execute(f"create table memory.main.result as {sql}", dict(parameters or {}))
        con.execute("set search_path = 'memory.main'")
        for name in attached:
            con.execute(f"detach {name}")
        return con.table("result")

    def ask(self, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """The result of the analyst's own SQL.

        Raises:
            QueryError: DuckDB can't run it; its own words say why.
        """
        try:
            return self.frame(sql, parameters)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None

    def tell_newer(self) -> None:
        """Say once in a line that a newer run than this one was published meanwhile."""
        published = self.folder.published
        if published and published.run_id > self.run_id and published.run_id != self._newer_told:
            self._newer_told = published.run_id
            sys.stdout.write(
                f"A newer run was published: {published.run_id}. You are reading {self.run_id}; "
                "d.refresh() moves to the newer one.\n"
            )

    def _attach(self, con: duckdb.DuckDBPyConnection, warehouses: Mapping[str, NightFolder]) -> list[str]:
        """Attach the files; their names."""
        con.execute("set timezone = 'UTC'")
        attach_store(con, self.folder.raw, "raw_store")
        built = {"warehouse": self.built} if self.built else {}
        for name, night in (built | dict(warehouses)).items():
            attach_warehouse(con, night, name)
        con.execute("set search_path = ?", [",".join(_there(con))])
        return ["raw_store", *built, *warehouses]

    def _pulled(self, run_id: str | None) -> str:
        # A run that is being pulled has not ended all its endpoints yet.
        with closing(duckdb.connect(":memory:")) as con:
            attach_store(con, self.folder.raw, "raw_store")
            runs = con.execute(
                "select run_id, count(*) from raw_store.plus360.pulls group by run_id order by run_id desc"
            ).fetchall()
        if not runs:
            raise DataError("No data has been pulled from this district yet.")
        if run_id:
            if run_id not in dict(runs):
                raise DataError(f"There is no run {run_id!r}; there are {', '.join(run for run, _ in runs)}.")
            return run_id
        ended = [run for run, endpoints in runs if endpoints == len(ENDPOINTS)]
        return str((ended or [runs[0][0]])[0])


def _there(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute("select database_name || '.' || schema_name from duckdb_schemas()").fetchall()
    return [schema for schema in _SCHEMAS if (schema,) in found]
