"""Reads from the warehouse what the load would do, and what is sent as last published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from qa.contract_types import ImportFile

# The effect that each of these columns of load_schools counts. What stays the same is not read by school: it
# would give away how many there are.
_EFFECTS = {
    "added": "add", "updated": "update", "carried": "carried", "departed": "departed",
    "deleted": "delete", "moved_in": "moved_in", "moved_out": "moved_out",
}  # fmt: skip


@dataclass(frozen=True)
class SchoolRow:
    """Records of one school (a code as the district has it) that the load affects in one way."""

    file: ImportFile
    school_id: str
    effect: str
    records: int


@dataclass(frozen=True)
class HoldRow:
    """A row of load_holds; the variant tells which of a rule's measures it is."""

    rule: str
    variant: str | None
    scope: str
    n: int | None
    of: int | None
    share: float | None
    limit: float | None
    floor: int | None
    level: str

    @property
    def school(self) -> str:
        """The school that it counts, as the district has its code; "" where it counts more."""
        kind, _, school = self.scope.partition(":")
        return school if kind == "school" else ""


@dataclass(frozen=True)
class CarriedRow:
    """Records that are sent as last published, by cause.

    Attributes:
        check_id: the check that refuses them; None for departed students and their guardians.
        new: how many are sent so for the first time.
        runs: for how many published runs they have been sent so, this run included: each number once.
    """

    file: ImportFile
    kept_as: str
    check_id: str | None
    records: int
    since_run_id: str
    new: int
    runs: list[int]


@dataclass(frozen=True)
class LoadRows:
    """What the load would do; school codes are not yet fit to be shown.

    Attributes:
        totals: records by file and effect.
        schools: records by school; those of no school are not among them.
        lasting_schools: by file, how many schools had records in the last load and have some in this one.
        fields: file, field, overwritten, emptied.
        causes: by file and effect, how many records each cause affects, the most frequent first.
        explained: by check, how many of its failing records fail only because of what a held load would do.
    """

    totals: dict[str, dict[str, int]]
    schools: list[SchoolRow]
    lasting_schools: dict[str, int]
    fields: list[tuple[ImportFile, str, int, int]]
    holds: list[HoldRow]
    carried: list[CarriedRow]
    causes: Mapping[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)
    explained: Mapping[str, int] = field(default_factory=dict)

    def without_schools(self) -> LoadRows:
        """The same without what it counts by school."""
        return replace(self, schools=[], holds=[hold for hold in self.holds if not hold.school])


# What is expected, because it was reported in an earlier run, is not judged again.
_CAUSES = """
    select 'guardians.csv', effect, cause, count(*) from load_effects.load_guardians
    where effect = 'add' or (effect = 'delete' and is_expected is not true)
    group by all
    union all
    select 'students.csv', if(effect = 'delete', 'departed', effect), cause, count(*)
    from load_effects.load_students
    where
        effect = 'add' or (effect = 'departed' and is_new) or (effect = 'delete' and is_expected is not true)
    group by all
    order by 4 desc, 3
"""
_EXPLAINED = "select check_id, count(*) from checks.load_consequences group by check_id"


def read_load(con: duckdb.DuckDBPyConnection) -> LoadRows | None:
    """What the load would do, or None where the build never came to it.

    Args:
        con: a warehouse, read-only.
    """
    try:
        totals = con.execute("select file, effect, records from load_effects.load_totals").fetchall()
        schools = con.execute(
            f"""
            select file, school_id, {", ".join(_EFFECTS)} from load_effects.load_schools where school_id <> ''
            """
        ).fetchall()
        lasting = con.execute("""
            select file, count(*) from load_effects.load_schools
            where school_id <> '' and before > 0 and now > 0
            group by file
        """).fetchall()
        fields = con.execute("""
            select file, field, overwritten, emptied from load_effects.load_fields order by file desc, field
        """).fetchall()
        holds = con.execute("""
            select rule, variant, scope, n, of, share, "limit", floor, level from load_effects.load_holds
            order by rule, n desc, scope
        """).fetchall()
        carried = con.execute("""
            select
                import || '.csv', kept_as, check_id,
                count(*), min(since_run_id), count(*) filter (where is_new),
                list(distinct runs)
            from marts.import_carried
            group by all
            order by 1 desc, 2, 3
        """).fetchall()
    except duckdb.CatalogException:
        return None
    by_file: dict[str, dict[str, int]] = {}
    for file, effect, records in totals:
        by_file.setdefault(file, {})[effect] = records
    if "students.csv" not in by_file:
        return None
    return LoadRows(
        by_file,
        [
            SchoolRow(file, school_id, effect, records)
            for file, school_id, *numbers in schools
            for effect, records in zip(_EFFECTS.values(), numbers, strict=True)
            if records
        ],
        dict(lasting),
        fields,
        [HoldRow(*row) for row in holds],
        [CarriedRow(*row) for row in carried],
        _causes(con),
        dict(_rows(con, _EXPLAINED)),
    )


def read_refused(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Students whom the import refuses because of their school, by the check that their school fails."""
    query = """
        select check_id, count(*) from marts.import_rejects
        where import = 'students' and starts_with(check_id, 'schools__')
        group by check_id
    """
    return dict(_rows(con, query))


def _causes(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[tuple[str, int]]]:
    causes: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for file, effect, cause, records in _rows(con, _CAUSES):
        if cause is not None:
            causes.setdefault((file, effect), []).append((cause, records))
    return causes


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """What a query answers; nothing where a warehouse of an older version lacks its model."""
    try:
        return con.execute(query).fetchall()
    except duckdb.Error:
        return []


def read_baseline_run(con: duckdb.DuckDBPyConnection) -> str | None:
    """The published run that a baseline database was written from; None in a district's first run."""
    row = con.execute("select run_id from published.status").fetchone()
    return row[0] if row else None
