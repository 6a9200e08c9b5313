"""What the warehouse counts of the district's data, as it is: nothing is left out yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from qa.failing.contract import ReasonCount
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
class LabelRow:
    """A label that an endpoint sent, or a field that was expected of it; the name is not yet fit to be shown.

    Attributes:
        label: None where the field was never sent.
        field: None where no field maps the label.
        shape: of a label that the district defined itself; None for others.
    """

    endpoint: str
    label: str | None
    field: str | None
    records: int
    filled: int
    shape: str | None


@dataclass(frozen=True)
class Profiles:
    """What the warehouse counts; nothing of what the build never came to.

    Attributes:
        reasons: why the records of each check fail, the most frequent first; a load has no records.
        fields: how complete the records of people are.
        guardians: enrolled students by the number of their guardians.
        labels: in the order of their endpoints and names.
    """

    reasons: dict[str, list[ReasonCount]] = field(default_factory=dict)
    fields: Sequence[FieldRow] = ()
    guardians: dict[int, int] = field(default_factory=dict)
    labels: Sequence[LabelRow] = ()


_REASONS = """
    select check_id, reason, count(*) from checks.check_failures
    where entity <> 'load'
    group by all
    order by check_id, count(*) desc, reason
"""
_FIELDS = "select people, school_id, field, records, filled from profiles.completeness order by all"
_GUARDIANS = "select guardians, students from profiles.guardians_per_student"
_LABELS = """
    select labels.endpoint, labels.label, labels.field, labels.records, labels.filled, own.shape
    from staging.stg_plus360__labels as labels
    left join marts.ud_field_profiles as own
        on labels.endpoint = 'UDRegUser' and labels.field is null and labels.label = own.label
    union all
    select distinct expected.endpoint, null, expected.field, 0, 0, null
    from seeds.field_labels as expected
    where
        not expected.is_optional
        and (expected.endpoint, expected.field) not in (
            select (sent.endpoint, sent.field)
            from staging.stg_plus360__labels as sent
            where sent.field is not null
        )
        and expected.endpoint in (select any_of.endpoint from staging.stg_plus360__labels as any_of)
    order by endpoint, label nulls last, field
"""


def read_profiles(con: duckdb.DuckDBPyConnection) -> Profiles:
    """Read the profiles from a warehouse."""
    reasons: dict[str, list[ReasonCount]] = {}
    for check_id, reason, records in _rows(con, _REASONS):
        reasons.setdefault(check_id, []).append(ReasonCount(reason=reason, records=records))
    return Profiles(
        reasons,
        [FieldRow(*row) for row in _rows(con, _FIELDS)],
        dict(_rows(con, _GUARDIANS)),
        [LabelRow(*row) for row in _rows(con, _LABELS)],
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """What a query answers; nothing where dbt did not build its models."""
    try:
        return con.execute(query).fetchall()
    except duckdb.CatalogException:
        return []
