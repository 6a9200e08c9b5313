"""What the warehouse counts of the district's data, as it is: nothing is left out yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from qa.profile.contract import Group


@dataclass(frozen=True)
class FieldRow:
    """A row of profiles.completeness; the school's code is not yet fit to be shown."""

    group: Group
    school_id: str | None
    field: str
    records: int
    filled: int


@dataclass(frozen=True)
class PeopleRows:
    """What the warehouse counts of people; nothing where the build never came to it.

    Attributes:
        guardians: enrolled students by the number of their guardians.
    """

    fields: Sequence[FieldRow] = ()
    guardians: dict[int, int] = field(default_factory=dict)


def read_people(con: duckdb.DuckDBPyConnection) -> PeopleRows:
    """Read the profiles of people from a warehouse."""
    try:
        fields = con.execute(
            "select people, school_id, field, records, filled from profiles.completeness order by all"
        ).fetchall()
        guardians = con.execute("select guardians, students from profiles.guardians_per_student").fetchall()
    except duckdb.CatalogException:
        return PeopleRows()
    return PeopleRows([FieldRow(*row) for row in fields], dict(guardians))
