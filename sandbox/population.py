"""A generated district of any size: records are made when a page asks for them, and never kept."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import accumulate

from sandbox.census import SHAPES, Shape, shapes
from sandbox.families import Family
from sandbox.places import District, school_record
from sandbox.profile import Profile
from sandbox.records import FamilyRecords, Numbers
from sandbox.source import Record

MOST_STUDENTS = 1_000_000
EVERYTHING = Profile()
FIRST_STUDENT_ID, FIRST_CONTACT_ID = 200_000, 50_001
# Primes that deal out every id once: ids and the order of the families have nothing to do with each other.
STUDENT_SCRAMBLE, STATE_SCRAMBLE = 7_368_787, 982_451_653
FAMILY_ENDPOINTS = ("Contact", "ContactAddress", "ContactPhone", "StudentContact", "Student", "UDRegUser")


class Population:
    """The families of a district, by number, and how many records come before each.

    Attributes:
        district: its schools, streets and numbers.
        families: how many there are.
    """

    def __init__(self, district: District, school_year: int) -> None:
        """Lay out as many families as it takes to have exactly the district's number of students."""
        self.district = district
        self.school_year = school_year
        self._shapes = shapes(district.seed)
        self._before = cache(self._records_before)
        self._tail: Shape | None = None
        students = self._before(EVERYTHING, "Student")
        rounds, rest = divmod(district.students, students[-1])
        whole = bisect_right(students, rest) - 1
        self.families = rounds * SHAPES + whole
        if left := rest - students[whole]:
            self._tail = self._shapes[whole].first(left)
            self.families += 1

    def shape(self, family: int) -> Shape:
        """The shape of a family; the last one may be cut short, for the number of students to be exact."""
        if self._tail and family == self.families - 1:
            return self._tail
        return self._shapes[family % SHAPES]

    def before(self, family: int, endpoint: str, profile: Profile = EVERYTHING) -> int:
        """How many of an endpoint's records come before a family's own; `families` asks for all of them."""
        if self._tail and family == self.families:
            return self.before(family - 1, endpoint, profile) + self._tail.counts(profile)[endpoint]
        rounds, rest = divmod(family, SHAPES)
        before = self._before(profile, endpoint)
        return rounds * before[-1] + before[rest]

    def records(self, family: int) -> FamilyRecords:
        """The records of a family, as they are without a defect."""
        shape = self.shape(family)
        first_student = self.before(family, "Student")
        first_contact = FIRST_CONTACT_ID + self.before(family, "Contact")
        ordinals = range(first_student, first_student + len(shape.children))
        numbers = Numbers(
            students=tuple(map(self._student_id, ordinals)),
            state_ids=tuple(map(self._state_id, ordinals)),
            contacts=tuple(range(first_contact, first_contact + shape.contacts)),
            school_year=self.school_year,
        )
        return FamilyRecords(Family(family, shape, self.district), numbers)

    def _student_id(self, ordinal: int) -> int:
        students = self.district.students
        return FIRST_STUDENT_ID + ordinal * STUDENT_SCRAMBLE % students

    def _state_id(self, ordinal: int) -> str:
        return f"1{(ordinal + 1) * STATE_SCRAMBLE % 10**9:09d}"

    def _records_before(self, profile: Profile, endpoint: str) -> list[int]:
        counts = (shape.counts(profile)[endpoint] for shape in self._shapes)
        return list(accumulate(counts, initial=0))


class GeneratedSource:
    """A generated district as a source of pages."""

    def __init__(self, population: Population) -> None:
        """Serve this population."""
        self._population = population
        # Neighbouring pages and endpoints ask for the same families: a few thousand are kept.
        self._records = lru_cache(maxsize=2048)(population.records)

    def count(self, endpoint: str, profile: Profile) -> int:
        """See `sandbox.source.Source`."""
        if endpoint == "School":
            return len(self._schools(profile))
        return self._start(self._population.families, endpoint, profile)

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """See `sandbox.source.Source`."""
        if endpoint == "School":
            records = self._schools(profile)[offset : offset + limit]
        else:
            records = list(self._page(endpoint, offset, limit, profile))
        return [json.dumps(record, ensure_ascii=False).encode() for record in records]

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
        return self._population.before(family, endpoint, profile)

    def _served(self, family: int, endpoint: str, profile: Profile) -> list[Record]:
        return self._records(family).of(endpoint)

    def _schools(self, profile: Profile) -> list[Record]:
        district = self._population.district
        return [
            school_record(district, building)
            for building in district.buildings
            if profile.include_out_of_district or not building.out_of_district
        ]


def generated(
    students: int = 600,
    seed: int = 1,
    *,
    town: str = "Maple Grove",
    state: str = "WI",
    school_year: int | None = None,
) -> GeneratedSource:
    """A district of so many Student records, drawn from a seed: the same arguments give the same bytes.

    Args:
        students: up to a million, pre-registered, former and out-of-district ones included.
        seed: of everything in it.
        town: names the schools and most addresses.
        state: its two letters.
        school_year: the calendar year in which the school year began; by default the current one, so that the
            children are as old as their grades say on the day they are pulled.

    Raises:
        ValueError: fewer than one student or more than a million.
    """
    if not 1 <= students <= MOST_STUDENTS:
        raise ValueError(f"students must be 1 to {MOST_STUDENTS}, not {students}")
    now = datetime.now(UTC)
    year = school_year or (now.year if now.month >= 8 else now.year - 1)
    district = District(
        town=town, state=state, number=39_011, students=students, seed=seed, changed=f"{year}-08-01T06:00:00"
    )
    return GeneratedSource(Population(district, year))
