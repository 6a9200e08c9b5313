"""A generated district as a source of records, which are made when a page needs them."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from sandbox.defects.planting import Planting
from sandbox.population.places import SimulatedDistrict
from sandbox.population.population import Population
from sandbox.population.source import Record, text
from sandbox.server.profile import Profile

MOST_STUDENTS = 1_000_000
_JSON = json.JSONEncoder(ensure_ascii=False)


class GeneratedSource:
    """A generated district."""

    def __init__(self, population: Population, defects: Mapping[str, float]) -> None:
        """A population with these defects."""
        self._population = population
        self._planting = Planting(population, defects)
        # Adjacent pages and several endpoints need the same families, so the last few thousand are kept.
        self._records = lru_cache(maxsize=4096)(population.records)

    def planted(self) -> dict[str, dict[str, int]]:
        """The checks that fail because of the defects, with the number of records that fail each.

        Consequences are included: a missing Contact record leaves links, phones and an address behind.
        """
        return {check: {"failed": failed} for check, failed in sorted(self._planting.failed.items())}

    def count(self, endpoint: str, profile: Profile) -> int:
        """See `sandbox.population.source.Source`."""
        if endpoint == "School":
            return len(self._schools(profile))
        return self._start(self._population.families, endpoint, profile)

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """See `sandbox.population.source.Source`."""
        if endpoint == "School":
            records = self._schools(profile)[offset : offset + limit]
        else:
            records = list(self._page(endpoint, offset, limit, profile))
        return [_JSON.encode(record).encode() for record in records]

    def _page(self, endpoint: str, offset: int, limit: int, profile: Profile) -> Iterator[Record]:
        """The records from `offset` on, family by family."""
        last = self._population.families
        family = bisect_right(range(last), offset, key=lambda f: self._start(f, endpoint, profile)) - 1
        skip = offset - self._start(family, endpoint, profile)
        while limit > 0 and family < last:
            records = self._served(family, endpoint, profile)[skip : skip + limit]
            yield from records
            limit -= len(records)
            family, skip = family + 1, 0

    def _start(self, family: int, endpoint: str, profile: Profile) -> int:
        clean = self._population.before(family, endpoint, profile)
        return clean + self._planting.more_before(family, endpoint)

    def _served(self, family: int, endpoint: str, profile: Profile) -> list[Record]:
        if rows := self._planting.rows(family):
            return rows[endpoint]  # the API Profile hides nothing in a family with a defect
        records = self._records(family).of(endpoint)
        if endpoint not in ("Student", "StudentContact", "UDRegUser"):
            return records
        hidden = self._population.hidden_students(family, profile)
        return [record for record in records if text(record, "studentId") not in hidden]

    def _schools(self, profile: Profile) -> list[Record]:
        return [
            school
            for school in self._planting.schools
            if profile.include_out_of_district or text(school, "outOfDistrict") != "Y"
        ]


def generated(
    students: int = 600,
    seed: int = 1,
    *,
    defects: Mapping[str, float] | None = None,
    town: str = "Maple Grove",
    state: str = "WI",
    school_year: int | None = None,
) -> GeneratedSource:
    """A district with this number of Student records; the same arguments give the same bytes.

    Args:
        students: up to a million, including pre-registered, former and out-of-district students.
        seed: of all random choices.
        defects: how often to plant each defect of `sandbox.defects.catalog`: a whole number is a count, a
            fraction below 1 a share of the records.
        town: used in names of schools and in most addresses.
        state: its two letters.
        school_year: the calendar year in which the school year began. By default the current school year, so
            that children have the right age for their grade on the day of the pull.

    Raises:
        ValueError: fewer than one student or more than a million, an unknown defect, or too many defects.
    """
    if not 1 <= students <= MOST_STUDENTS:
        raise ValueError(f"the number of students must be 1 to {MOST_STUDENTS}, not {students}")
    now = datetime.now(UTC)
    year = school_year or (now.year if now.month >= 8 else now.year - 1)
    district = SimulatedDistrict(
        town=town, state=state, number=39_011, students=students, seed=seed, changed=f"{year}-08-01T06:00:00"
    )
    return GeneratedSource(Population(district, year), defects or {})
