"""Which families of a generated district have defects, and how many records that adds or removes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate, chain

from sandbox.defects.catalog import DEFECTS, SCHOOL_DEFECTS
from sandbox.defects.mutations import FamilyRows, UnusedIds
from sandbox.population.families import SCRAMBLE
from sandbox.population.places import school_record
from sandbox.population.population import (
    EVERYTHING,
    FAMILY_ENDPOINTS,
    FIRST_CONTACT_ID,
    FIRST_STUDENT_ID,
    Population,
)
from sandbox.population.source import Record, text


class Planting:
    """The defects of a population. Records are made on request, and get their defects each time.

    Attributes:
        failed: how many records fail each check that fails at all.
        schools: the School records, defects included.
    """

    def __init__(self, population: Population, defects: Mapping[str, float]) -> None:
        """Find a family, or a school, for each defect.

        Args:
            population: the clean district.
            defects: how often to plant each defect. A whole number is a count; a fraction below 1 is a
                share of the records of the defect's endpoint.

        Raises:
            ValueError: no defect has this name, or the district is too small for so many.
        """
        if unknown := set(defects) - set(DEFECTS) - set(SCHOOL_DEFECTS):
            raise ValueError(f"no such defect: {', '.join(sorted(unknown))}")
        self._population = population
        self.failed: Counter[str] = Counter()
        self.schools = self._schools_with_defects(defects)
        self._planted: dict[int, tuple[str, UnusedIds]] = {}
        self._changes: dict[int, Counter[str]] = {}
        self._free = self._families()
        for name in sorted(set(defects) & set(DEFECTS)):
            self._plant(name, defects[name])
        changed = self._changed_families = sorted(self._planted)
        self._more = {
            endpoint: list(accumulate((self._changes[f][endpoint] for f in changed), initial=0))
            for endpoint in FAMILY_ENDPOINTS
        }

    def more_before(self, family: int, endpoint: str) -> int:
        """How many records the defects add before a family's own; negative if they remove records."""
        return self._more[endpoint][bisect_left(self._changed_families, family)]

    def rows(self, family: int) -> FamilyRows | None:
        """All records of a family with a defect; None for a family without one."""
        if family not in self._planted:
            return None
        name, unused = self._planted[family]
        rows = self._clean(family)
        DEFECTS[name].plant(rows, unused)
        return rows

    def _plant(self, name: str, often: float) -> None:
        """Plant a defect in the first free families that fit; the families that don't fit stay free."""
        defect = DEFECTS[name]
        times = self._times(often, defect.endpoint)
        still_free: list[int] = []
        nth = 0
        while nth < times:
            family = next(self._free, None)
            if family is None:
                raise ValueError(f"too few families for {name} {times} times along with the other defects")
            rows, unused = self._clean(family), self._unused_ids(nth)
            before = {endpoint: len(rows[endpoint]) for endpoint in FAMILY_ENDPOINTS}
            failed = defect.plant(rows, unused)
            if failed is None:
                still_free.append(family)
                continue
            nth += 1
            self.failed.update({name: failed} if isinstance(failed, int) else failed)
            self._planted[family] = (name, unused)
            self._changes[family] = Counter(
                {endpoint: len(rows[endpoint]) - before[endpoint] for endpoint in FAMILY_ENDPOINTS}
            )
        self._free = chain(still_free, self._free)

    def _families(self) -> Iterator[int]:
        """Families in a scrambled order, without those that have students the API Profile can hide."""
        families = self._population.families
        for number in range(families):
            family = (number * SCRAMBLE + self._population.district.seed) % families
            children = self._population.shape(family).children
            if all(child.status == "A" and not child.out_of_district for child in children):
                yield family

    def _times(self, often: float, endpoint: str) -> int:
        if often >= 1 or often == 0:
            return int(often)
        total = self._population.before(self._population.families, endpoint, EVERYTHING)
        return max(1, round(often * total))

    def _unused_ids(self, nth: int) -> UnusedIds:
        serial = len(self._planted)
        population = self._population
        contacts = population.before(population.families, "Contact", EVERYTHING)
        return UnusedIds(
            nth=nth,
            student_id=FIRST_STUDENT_ID + population.district.students + serial,
            contact_id=FIRST_CONTACT_ID + contacts + serial,
            state_id=f"2{serial:09d}",
        )

    def _clean(self, family: int) -> FamilyRows:
        records = self._population.records(family)
        return {endpoint: records.of(endpoint) for endpoint in FAMILY_ENDPOINTS}

    def _schools_with_defects(self, defects: Mapping[str, float]) -> list[Record]:
        district = self._population.district
        schools = [school_record(district, building) for building in district.buildings]
        free = iter([nth for nth, school in enumerate(schools) if text(school, "outOfDistrict") == "N"])
        for name in sorted(set(defects) & set(SCHOOL_DEFECTS)):
            for _ in range(int(defects[name])):
                index = next(free, None)
                if index is None:
                    raise ValueError(f"too few schools for {name} along with the other defects")
                SCHOOL_DEFECTS[name](schools, index)
                self.failed[name] += 1
        return schools
