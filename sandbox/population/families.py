"""A family's people, addresses and phones, drawn from its number: the same number, the same family.

Across a district of up to a million students no two students share first name, last name and birth date, no
two guardians first name, last name and address, and no phone or email belongs to two families: not because
anything is looked up, but by construction. The family's number is scrambled and split into three: the day
of the year on which its children are born (which its house numbers carry too), the class of its last names
and the class of its first names. No two families have the same three.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from functools import cached_property
from random import Random

from sandbox.population.homes import Homes
from sandbox.population.household_shapes import Child, Shape
from sandbox.population.names import LAST_NAMES
from sandbox.population.people import People, Person
from sandbox.population.places import District, district_zip

DAYS, LAST_NAME_CLASSES, FIRST_NAME_CLASSES = 365, 96, 20
FAMILIES = DAYS * LAST_NAME_CLASSES * FIRST_NAME_CLASSES
SCRAMBLE = 15_485_863  # a prime that divides nothing here, so multiplying by it deals out every number once

PHONES_PER_FAMILY = 32
# Area codes with a 9 in the middle are kept for an expansion of the numbering plan: nobody has them.
AREA_CODES = ("590", "591", "690")
EXCHANGES = tuple(
    f"{area}{exchange}" for area in AREA_CODES for exchange in range(220, 1000) if exchange % 100 != 11
)


class Family:
    """One family: its shape filled with people, addresses and phones, each drawn when it is first asked for.

    Attributes:
        index: the family's number, below `FAMILIES`.
        neighborhood: index of the elementary school near by.
    """

    def __init__(self, index: int, shape: Shape, district: District) -> None:
        """Give the family its day and its classes of names."""
        self.index = index
        self.shape = shape
        self.district = district
        self.neighborhood = index * SCRAMBLE % len(district.elementary)
        names, self._day = divmod((index * SCRAMBLE + district.seed) % FAMILIES, DAYS)
        self._first_name_class, self._last_name_class = divmod(names, LAST_NAME_CLASSES)

    @cached_property
    def people(self) -> People:
        """Children and adults."""
        last_names = LAST_NAMES[self._last_name_class :: LAST_NAME_CLASSES]
        first_names = slice(self._first_name_class, None, FIRST_NAME_CLASSES)
        return People(self.shape, last_names, first_names, self.chance("people"))

    @cached_property
    def homes(self) -> Homes:
        """Where they live."""
        house_numbers = range(101 + self._day, 101 + 12 * DAYS, DAYS)
        postal_code = district_zip(self.neighborhood % 3)
        return Homes(self.shape, self.district, postal_code, house_numbers, self.chance("homes"))

    def chance(self, what: str) -> Random:
        """The family's own source of chance for something: the same at every call."""
        return Random(f"{self.district.seed} {what} {self.index}")  # noqa: S311 - nothing secret is drawn

    def birth_date(self, child: Child, school_year: int) -> date:
        """The family's day in the cohort's year, which begins on the second of August."""
        start = date(school_year - 5 - child.cohort, 8, 2)
        return start + timedelta(days=(self._day + 97 * child.cohort) % DAYS)

    def home_phone(self, household: int) -> str:
        """The phone of type H of one of the two households."""
        return self._phone(household)

    def phone(self, adult: int, kind: str) -> str:
        """An adult's phone; those of one household have one home phone."""
        household = self.shape.adults[adult].household
        if kind == "H" and household < 2:
            return self.home_phone(household)
        return self._phone(2 + 3 * adult + "CWH".index(kind))

    def email(self, person: Person, number: int) -> str:
        """An address at a domain kept for examples; `number` is the district's own for the contact."""
        first, last = _letters(person.first_name), _letters(person.last_name)
        name = (f"{first}.{last}", f"{first[0]}{last}", f"{last}{first}")[number % 3]
        return f"{name}{number}@example.{('com', 'org', 'net')[number % 7 % 3]}"

    def _phone(self, slot: int) -> str:
        """The ten digits of the family's phone of that slot, below `PHONES_PER_FAMILY`."""
        families = max(self.district.students * 6 // 10, 6_000)  # there are about 53 to 100 students
        exchanges = min(families * PHONES_PER_FAMILY // 10_000 + 1, len(EXCHANGES))
        number = (self.index * PHONES_PER_FAMILY + slot) * SCRAMBLE % (exchanges * 10_000)
        return f"{EXCHANGES[number // 10_000]}{number % 10_000:04d}"


def _letters(name: str) -> str:
    """The plain letters of a name, in lower case."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in decomposed if character.isascii() and character.isalpha())
