"""Reads the warehouse that dbt built: how its checks ended, what failed, how many rows each mart has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from district.folder import NightFolder
from extract.outcomes import Owner
from qa.contract_types import CheckState, Level
from qa.load.effects import LoadRows, read_load, read_refused
from qa.profile.rows import Profiles, read_profiles
from qa.warehouse import open_warehouse

EXAMPLES_SHOWN = 5
# What a check's yml says instead where every record fails.
WHEN_ALL = (
    '{"headline": "VARCHAR", "why": "VARCHAR", "remedy": ["VARCHAR"], "owner": "VARCHAR", "place": "VARCHAR"}'
)


def results_in(table: str) -> str:
    """The rows of a check_results table, for a query; one that an older version built has no place."""
    return f"(select cast(null as varchar) as place where false union all by name from {table})"


@dataclass(frozen=True)
class CheckResult:
    """A row of checks.check_results: a check's definition, and how it ended.

    Attributes:
        state: not_evaluated also where there was no record to look at: that proves nothing.
        when_all: what to say instead when every record fails, by the keys of WHEN_ALL, or None.
        place: the screen of eSchoolPLUS where it is fixed, as a menu path; None where it is fixed elsewhere.
        without_records: whether there was none, although all its endpoints were received.
    """

    check_id: str
    level: Level
    title: str
    why: str
    remedy: list[str]
    owner: Owner
    population: str
    endpoints: list[str]
    state: CheckState
    failed: int
    total: int
    when_all: dict[str, Any] | None
    place: str | None = None
    without_records: bool = False

    def as_meant(self) -> CheckResult:
        """The result in other words where every record fails, for then the cause is another."""
        if self.when_all is None or self.failed < self.total or self.failed == 0:
            return self
        return replace(
            self,
            title=self.when_all["headline"],
            why=self.when_all["why"] or self.why,
            remedy=self.when_all["remedy"],
            owner=self.when_all["owner"] or self.owner,
            place=self.when_all["place"],
        )


@dataclass(frozen=True)
class Refusal:
    """Why a load__ check fails: a file of the import, and the check that leaves out the most of its rows.

    Attributes:
        load_check: the load__ check that fails.
        scope: where: the import file, or a column of it.
        refused_by: the id of the refusing check; another code where none refuses the records.
    """

    load_check: str
    scope: str
    refused_by: str

    @property
    def file(self) -> str:
        """The import file."""
        return "guardians.csv" if self.scope.startswith("guardians.csv") else "students.csv"


@dataclass(frozen=True)
class Failure:
    """A failing record, its key and school not fit to be shown."""

    check_id: str
    record_key: str | None
    school: str | None
    field: str | None
    reason: str

    @property
    def entity(self) -> str:
        """The mart that the record is of, as the check's id begins."""
        return self.check_id.partition("__")[0]


class Warehouse:
    """A warehouse file, read-only. Raises duckdb.Error where the build left it without the checks' tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def run_id(self) -> str | None:
        """The run that the checks looked at."""
        row = self._con.execute("select max(run_id) from checks.check_results").fetchone()
        return row[0] if row else None

    def results(self) -> list[CheckResult]:
        """Every check, stop-checks first, then in the order of their ids."""
        rows = self._con.execute(
            f"""
            with results as (
                select *, state = 'passed' and coalesce(total, 0) = 0 as without_records
                from {results_in("checks.check_results")}
            )
            select check_id, level, title, why, remedy, owner, population, endpoints,
                if(without_records, 'not_evaluated', state),
                coalesce(failed, 0), coalesce(total, 0), from_json(when_all, $when_all),
                place, without_records
            from results
            order by list_position(['stop', 'hold', 'error', 'warn'], level), check_id
        """,
            {"when_all": WHEN_ALL},
        ).fetchall()
        return [CheckResult(*row) for row in rows]

    def meant(self) -> dict[str, CheckResult]:
        """Every check by its id, in other words where every record fails it."""
        return {result.check_id: result.as_meant() for result in self.results()}

    def counts(self, marts: Iterable[str]) -> dict[str, int]:
        """Rows of each of these marts that is there."""
        there = {
            name
            for (name,) in self._con.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
        }
        return {mart: self._count(mart) for mart in marts if mart in there}

    def examples(self, check_ids: list[str]) -> dict[str, list[Failure]]:
        """Up to five failures of each check, reasons taking turns; the same ones each time."""
        query = f"""
            with failures as (
                select
                    *,
                    row_number() over (partition by check_id, reason order by record_key) as turn
                from checks.check_failures
                where list_contains($check_ids, check_id)
            )
            select check_id, record_key, schools.school_id, field, reason
            from failures
            left join (
                select distinct school_id from marts.schools
                where regexp_full_match(school_id, '[0-9A-Za-z-]{{1,10}}')
            ) as schools using (school_id)
            qualify
                row_number() over (partition by check_id order by turn, reason, record_key)
                <= {EXAMPLES_SHOWN}
            order by check_id, turn, reason, record_key
        """
        try:
            rows = self._con.execute(query, {"check_ids": check_ids}).fetchall()
        except duckdb.CatalogException:  # a model below the failures crashed: there are counts, but no keys
            return {}
        examples: dict[str, list[Failure]] = {}
        for row in rows:
            examples.setdefault(row[0], []).append(Failure(*row))
        return examples

    def failures_by_school(self, check_ids: list[str]) -> dict[str, dict[str, int]]:
        """Failing records of each check by school; those of no school that the district has are left out."""
        try:
            rows = self._con.execute(
                """
                select check_id, school_id, count(*) from checks.check_failures
                where
                    list_contains($check_ids, check_id)
                    and school_id in (
                        select school_id from marts.schools
                        where regexp_full_match(school_id, '[0-9A-Za-z-]{1,10}')
                    )
                group by all
                """,
                {"check_ids": check_ids},
            ).fetchall()
        except duckdb.CatalogException:  # as for the examples
            return {}
        found: dict[str, dict[str, int]] = {}
        for check_id, school, number in rows:
            found.setdefault(check_id, {})[school] = number
        return found

    def schools_with_students(self) -> int:
        """How many schools have students."""
        try:
            row = self._con.execute("select count(distinct school_id) from marts.students").fetchone()
        except duckdb.CatalogException:
            return 0
        return row[0] if row else 0

    def refused_through_schools(self) -> dict[str, int]:
        """Students whom the import refuses because of their school, by the check that their school fails."""
        return read_refused(self._con)

    def refusals(self) -> list[Refusal]:
        """Why the load cannot be right: the worst file first; none where the build never came to it."""
        try:
            rows = self._con.execute(r"""
                select check_id, regexp_extract(field, '^[a-z]+\.csv'), reason from checks.checks_load
                order by check_id, n / of desc, field desc
            """).fetchall()
        except duckdb.CatalogException:
            return []
        return [Refusal(*row) for row in rows]

    def load(self) -> LoadRows | None:
        """What the load would do; None where the build never came to it."""
        return read_load(self._con)

    def profiles(self) -> Profiles:
        """Why records fail, how complete they are, how they are linked, and what labels they have."""
        return read_profiles(self._con)

    def _count(self, mart: str) -> int:
        (count,) = self._con.execute(f'select count(*) from marts."{mart}"').fetchall()[0]
        return int(count)


@contextmanager
def open_results(night: NightFolder | None) -> Iterator[Warehouse | None]:
    """A run's warehouse opened read-only, or None where there is none with the checks' results in it."""
    if night is None or not night.warehouse.exists():
        yield None
        return
    with open_warehouse(night) as con:
        found = con.execute(
            "from information_schema.tables where table_schema = 'checks' and table_name = 'check_results'"
        ).fetchone()
        yield Warehouse(con) if found else None
