"""Where in a generated district its defects are, and what they do to the number of records."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate, chain

from sandbox.defects.catalog import DEFECTS, SCHOOL_DEFECTS
from sandbox.defects.mutations import FamilyRows, Spare
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
    """Defects planted in a population; the records themselves are spoiled again whenever they are asked for.

    Attributes:
        failed: how many records fail each check that fails at all.
        schools: the School records, spoiled.
    """

    def __init__(self, population: Population, defects: Mapping[str, float]) -> None:
        """Find a family, or a school, for each planting.

        Args:
            population: the clean district.
            defects: for each defect how often it is planted: a whole number is a count, a fraction below 1 a
                share of the records of the endpoint it is found at.

        Raises:
            ValueError: no defect has that name, or the district is too small for so many.
        """
        if unknown := set(defects) - set(DEFECTS) - set(SCHOOL_DEFECTS):
            raise ValueError(f"no such defect: {', '.join(sorted(unknown))}")
        self._population = population
        self.failed: Counter[str] = Counter()
        self.schools = self._spoiled_schools(defects)
        self._planted: dict[int, tuple[str, Spare]] = {}
        self._changes: dict[int, Counter[str]] = {}
        self._free = self._families()
        for name in sorted(set(defects) & set(DEFECTS)):
            self._plant(name, defects[name])
        self._spoiled = sorted(self._planted)
        self._more = {
            endpoint: list(accumulate((self._changes[f][endpoint] for f in self._spoiled), initial=0))
            for endpoint in FAMILY_ENDPOINTS
        }

    def more_before(self, family: int, endpoint: str) -> int:
        """How many records more than in the clean district come before a family's; less than 0 if fewer."""
        return self._more[endpoint][bisect_left(self._spoiled, family)]

    def rows(self, family: int) -> FamilyRows | None:
        """All records of a family that has a defect; None if it has none."""
        if family not in self._planted:
            return None
        name, spare = self._planted[family]
        rows = self._clean(family)
        DEFECTS[name].plant(rows, spare)
        return rows

    def _plant(self, name: str, often: float) -> None:
        """Plant a defect in the first free families that it fits; the others stay free."""
        defect = DEFECTS[name]
        times = self._times(often, defect.endpoint)
        passed_over: list[int] = []
        nth = 0
        while nth < times:
            family = next(self._free, None)
            if family is None:
                raise ValueError(f"too few families for {times} times {name} beside the other defects")
            rows, spare = self._clean(family), self._spare(nth)
            before = {endpoint: len(rows[endpoint]) for endpoint in FAMILY_ENDPOINTS}
            failed = defect.plant(rows, spare)
            if failed is None:
                passed_over.append(family)
                continue
            nth += 1
            self.failed.update({name: failed} if isinstance(failed, int) else failed)
            self._planted[family] = (name, spare)
            self._changes[family] = Counter(
                {endpoint: len(rows[endpoint]) - before[endpoint] for endpoint in FAMILY_ENDPOINTS}
            )
        self._free = chain(passed_over, self._free)

    def _families(self) -> Iterator[int]:
        """Families in no order, those whose students no box of the profile hides."""
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

    def _spare(self, nth: int) -> Spare:
        serial = len(self._planted)
        population = self._population
        contacts = population.before(population.families, "Contact", EVERYTHING)
        return Spare(
            nth=nth,
            student_id=FIRST_STUDENT_ID + population.district.students + serial,
            contact_id=FIRST_CONTACT_ID + contacts + serial,
            state_id=f"2{serial:09d}",
        )

    def _clean(self, family: int) -> FamilyRows:
        records = self._population.records(family)
        return {endpoint: records.of(endpoint) for endpoint in FAMILY_ENDPOINTS}

    def _spoiled_schools(self, defects: Mapping[str, float]) -> list[Record]:
        district = self._population.district
        schools = [school_record(district, building) for building in district.buildings]
        free = iter([nth for nth, school in enumerate(schools) if text(school, "outOfDistrict") == "N"])
        for name in sorted(set(defects) & set(SCHOOL_DEFECTS)):
            for _ in range(int(defects[name])):
                which = next(free, None)
                if which is None:
                    raise ValueError(f"too few schools for {name} beside the other defects")
                SCHOOL_DEFECTS[name](schools, which)
                self.failed[name] += 1
        return schools
