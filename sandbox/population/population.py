"""The families of a generated district of any size, and how many records come before each family's."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate

from sandbox.population.families import Family
from sandbox.population.household_shapes import SHAPES, Shape, shapes
from sandbox.population.places import SimulatedDistrict
from sandbox.population.records import FamilyRecords
from sandbox.population.student_records import Numbers
from sandbox.server.profile import ENDPOINTS, Profile

EVERYTHING = Profile()
FIRST_STUDENT_ID, FIRST_CONTACT_ID = 200_000, 50_001
# Primes that give each id once, in an order that has nothing to do with the order of the families.
STUDENT_SCRAMBLE, STATE_SCRAMBLE = 7_368_787, 982_451_653
FAMILY_ENDPOINTS = tuple(name for name in ENDPOINTS if name != "School")


class Population:
    """The families of a district, by number.

    Attributes:
        district: the district's settings and schools.
        families: how many families there are.
    """

    def __init__(self, district: SimulatedDistrict, school_year: int) -> None:
        """Count how many families give exactly the district's number of students."""
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
            self._tail = self._shapes[whole].with_first(left)
            self.families += 1

    def shape(self, family: int) -> Shape:
        """The shape of a family. The last one may have fewer children, for the exact number of students."""
        if self._tail and family == self.families - 1:
            return self._tail
        return self._shapes[family % SHAPES]

    def before(self, family: int, endpoint: str, profile: Profile = EVERYTHING) -> int:
        """How many of an endpoint's records come before a family's own; for `families`, the number of all."""
        if self._tail and family == self.families:
            return self.before(family - 1, endpoint, profile) + self._tail.counts(profile)[endpoint]
        rounds, rest = divmod(family, SHAPES)
        before = self._before(profile, endpoint)
        return rounds * before[-1] + before[rest]

    def records(self, family: int) -> FamilyRecords:
        """The records of a family, without defects."""
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

    def hidden_students(self, family: int, profile: Profile) -> set[str]:
        """Ids of the family's students that the API Profile excludes."""
        first = self.before(family, "Student")
        return {
            str(self._student_id(first + nth))
            for nth, child in enumerate(self.shape(family).children)
            if not child.is_served(profile)
        }

    def _student_id(self, ordinal: int) -> int:
        students = self.district.students
        return FIRST_STUDENT_ID + ordinal * STUDENT_SCRAMBLE % students

    def _state_id(self, ordinal: int) -> str:
        return f"1{(ordinal + 1) * STATE_SCRAMBLE % 10**9:09d}"

    def _records_before(self, profile: Profile, endpoint: str) -> list[int]:
        counts = (shape.counts(profile)[endpoint] for shape in self._shapes)
        return list(accumulate(counts, initial=0))
