"""The heat map of the section Completeness: one row per school, one column per field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.contract import QaDocument
from qa.profile.contract import Completeness, Group
from qa.report.words import COMPLETENESS_FIELDS, GROUPS

# The shade of a share in percent: the first step that it reaches, 4 for full.
_SHADES = ((95, 4), (80, 3), (50, 2), (25, 1), (0, 0))


@dataclass(frozen=True)
class Cell:
    """One share: of the district exactly, of a school the first one of a step of five percent."""

    percent: float
    shade: int
    missing: int | None = None


@dataclass(frozen=True)
class Columns:
    """The fields of one group; cells are None where the whole group is not shown."""

    group: Group
    fields: list[str]
    district: list[Cell | None]


@dataclass(frozen=True)
class HeatMap:
    """Schools by fields. Each row has one list of cells per group, None where the group is too small."""

    columns: list[Columns]
    schools: list[tuple[str, list[list[Cell | None] | None]]]
    is_hatched: bool

    @classmethod
    def of(cls, qa: QaDocument) -> HeatMap | None:
        """The map of a run; None where nothing is known about completeness."""
        if not qa.completeness:
            return None
        groups: dict[Group, list[Completeness]] = {}
        for one in sorted(qa.completeness, key=_place):
            groups.setdefault(one.group, []).append(one)
        columns = [
            Columns(group, [one.field for one in ones], [_of_district(one) for one in ones])
            for group, ones in groups.items()
        ]
        schools = list(_schools(qa, columns))
        hatched = any(None in cells for _, cells in schools)
        return cls(columns, schools, hatched)


def _place(one: Completeness) -> tuple[int, int]:
    """Where a field's column is: as the report's words list groups and fields, others at the end."""
    fields = list(COMPLETENESS_FIELDS)
    at = fields.index(one.field) if one.field in fields else len(fields)
    return list(GROUPS).index(one.group), at


def _of_district(one: Completeness) -> Cell | None:
    if one.filled is None or not one.total:
        return None
    percent = 100 * one.filled / one.total
    return Cell(percent, _shade(percent), one.total - one.filled)


def _schools(qa: QaDocument, columns: list[Columns]) -> Iterator[tuple[str, list[list[Cell | None] | None]]]:
    shares = {(one.school, one.group): one.filled for one in qa.school_completeness}
    for school in dict.fromkeys(one.school for one in qa.school_completeness):
        row: list[list[Cell | None] | None] = []
        for part in columns:
            filled = shares.get((school, part.group))
            row.append(
                None
                if filled is None
                else [
                    Cell(filled[field], _shade(filled[field])) if field in filled else None
                    for field in part.fields
                ]
            )
        yield school, row


def _shade(percent: float) -> int:
    return next(shade for least, shade in _SHADES if percent >= least)
