"""Limits of the load at a single school: which schools are named, and what a limit may say of them.

An exceeded limit says something of a school's number by itself: more than ten of its guardians would be
deleted. So a school is named only where what is shown by school says as much: its band, or that it has most
of the records. And where a school would have
10 to 19 deleted guardians, which would then be 11 to 19, these are shown of no school. What is left is that
some school is over the limit. With 11 to 15 deleted guardians in all, even that says too much: then the
file's numbers are not shown (qa.redaction.suppression).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.contract_types import ImportFile
from qa.load.contract import Hold
from qa.load.effects import HoldRow, LoadRows
from qa.redaction.schools.bands import BAND
from qa.redaction.schools.most import may_name_most, school_with_most

# Of each file and effect: the band of each school that is shown, or its records.
Bands = dict[tuple[ImportFile, str], dict[str, int]]
# Of each file and effect: the school that has most of the records.
Most = dict[tuple[ImportFile, str], str]

DELETED_GUARDIANS: tuple[ImportFile, str] = ("guardians.csv", "delete")
CONCENTRATED_GUARDIANS = ("load__schools__concentrated", "deleted")


@dataclass(frozen=True)
class _Measure:
    """What a rule counts at a school.

    Attributes:
        unnamed: the scope where no school is named.
        shown_as: the effects by school that say as much of the school as the limit does, the one that it is
            mainly about first; None where the limit says nothing of its number.
        counts: the effect that it counts, if it is one.
    """

    unnamed: str
    shown_as: tuple[tuple[ImportFile, str], ...] | None
    counts: tuple[ImportFile, str] | None = None


_MEASURES = {
    CONCENTRATED_GUARDIANS: _Measure(
        "guardians.csv.contact_id", (DELETED_GUARDIANS,), counts=DELETED_GUARDIANS
    ),
    ("load__schools__concentrated", "departed"): _Measure(
        "students.csv.student_id",
        (("students.csv", "departed"), ("students.csv", "update"), ("students.csv", "delete")),
    ),
    ("load__schools__known", "gone"): _Measure("district", (("students.csv", "carried"),)),
    ("load__schools__known", "state_id"): _Measure("district", None),
}


def without_narrowed(bands: Bands, rows: Sequence[HoldRow]) -> Bands:
    """The bands without an effect of which a limit narrows one: where it trips, 10 to 19 are 11 to 19."""
    narrowed = {
        effect
        for row, measure in _of_schools(rows)
        if (effect := measure.counts) and bands.get(effect, {}).get(row.school) == BAND
    }
    return {effect: its for effect, its in bands.items() if effect not in narrowed}


def most_named(rows: LoadRows, records: Bands, bands: Bands) -> Most:
    """The school with most of the records of each effect without bands, where that says little enough."""
    most: Most = {}
    for (file, effect), its in records.items():
        total = rows.totals[file][effect]
        school = school_with_most(its, total)
        if school is None or bands.get((file, effect)):
            continue
        about = [
            (row, measure.shown_as[0])
            for row, measure in _of_schools(rows.holds)
            if measure.shown_as and (file, effect) in measure.shown_as
        ]
        # Over a limit: only this school, in just this effect.
        if any(row.school != school or mainly != (file, effect) for row, mainly in about):
            continue
        floor = max((row.floor or 0 for row, _ in about), default=None)
        if may_name_most(total, rows.lasting_schools.get(file, 0), floor):
            most[file, effect] = school
    return most


def named_schools(rows: Sequence[HoldRow], bands: Bands, most: Most, *, names_all: bool) -> set[HoldRow]:
    """The limits whose school is named: all of a measure's, or none."""
    unnamed = {
        (row.rule, row.variant)
        for row, measure in _of_schools(rows)
        if measure.shown_as is not None
        and not any(
            row.school in bands.get(effect, {}) or row.school == most.get(effect)
            for effect in measure.shown_as
        )
    }
    return {row for row, _ in _of_schools(rows) if names_all or (row.rule, row.variant) not in unnamed}


def holds_of_schools(
    rows: Sequence[HoldRow], named: set[HoldRow], bands: Bands, codes: Mapping[str, str]
) -> list[Hold]:
    """The limits as qa.json has them; those without a name once for each measure.

    Their order says nothing of the numbers.
    """
    holds = []
    for row, measure in _of_schools(rows):
        band = bands.get(measure.counts, {}).get(row.school) if measure.counts else None
        holds.append(
            Hold.model_validate(
                {
                    "rule": row.rule,
                    "scope": f"school:{codes[row.school]}" if row in named else measure.unnamed,
                    "n": None,
                    "of": None,
                    "n_from": band if row in named else None,
                    "file": measure.shown_as[0][0] if row in named and measure.shown_as else None,
                    "share": None,
                    "limit": row.limit,
                    "floor": row.floor,
                    "level": row.level,
                }
            )
        )
    return sorted(set(holds), key=lambda hold: (hold.rule, -(hold.n_from or 0), hold.scope))


def _of_schools(rows: Sequence[HoldRow]) -> Iterable[tuple[HoldRow, _Measure]]:
    yield from ((row, _MEASURES[row.rule, row.variant or ""]) for row in rows if row.school)
