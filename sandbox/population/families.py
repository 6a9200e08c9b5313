"""A family's people, addresses and phones, derived from its number: the same number gives the same family.

In a district of up to a million students, no two students have the same first name, last name and birth
date, no two guardians the same first name, last name and address, and no two families share a phone or an
email. This needs no lookup. The family's number is scrambled and split into three parts: the day of the year
on which its children are born (also part of its house numbers), a group of last names and a group of first
names. No two families have the same three.
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
from sandbox.population.places import SimulatedDistrict, district_zip

DAYS, LAST_NAME_GROUPS, FIRST_NAME_GROUPS = 365, 96, 20
FAMILIES = DAYS * LAST_NAME_GROUPS * FIRST_NAME_GROUPS
SCRAMBLE = 15_485_863  # a prime: multiplying by it, modulo a number it doesn't divide, gives each number once

PHONES_PER_FAMILY = 32
# Area codes with a 9 in the middle are reserved for the future, so no one has such a number.
AREA_CODES = ("590", "591", "690")
EXCHANGES = tuple(
    f"{area}{exchange}" for area in AREA_CODES for exchange in range(220, 1000) if exchange % 100 != 11
)


class Family:
    """One family: a shape with people, addresses and phones, each made when it is first needed.

    Attributes:
        index: the family's number, below `FAMILIES`.
        neighborhood: index of the nearest elementary school.
    """

    def __init__(self, index: int, shape: Shape, district: SimulatedDistrict) -> None:
        """Derive the family's day and groups of names from its number."""
        self.index = index
        self.shape = shape
        self.district = district
        self.neighborhood = index * SCRAMBLE % len(district.elementary)
        names, self._day = divmod((index * SCRAMBLE + district.seed) % FAMILIES, DAYS)
        self._first_name_group, self._last_name_group = divmod(names, LAST_NAME_GROUPS)

    @cached_property
    def people(self) -> People:
        """Children and adults."""
        last_names = LAST_NAMES[self._last_name_group :: LAST_NAME_GROUPS]
        first_names = slice(self._first_name_group, None, FIRST_NAME_GROUPS)
        return People(self.shape, last_names, first_names, self.rng("people"))

    @cached_property
    def homes(self) -> Homes:
        """Where they live."""
        house_numbers = range(101 + self._day, 101 + 12 * DAYS, DAYS)
        postal_code = district_zip(self.neighborhood % 3)
        return Homes(self.shape, self.district, postal_code, house_numbers, self.rng("homes"))

    def rng(self, purpose: str) -> Random:
        """Random numbers for one purpose, the same at every call."""
        return Random(f"{self.district.seed} {purpose} {self.index}")  # noqa: S311 - not for secrets

    def birth_date(self, child: Child, school_year: int) -> date:
        """The family's day in the year of the cohort, which begins on August 2."""
        start = date(school_year - 5 - child.cohort, 8, 2)
        return start + timedelta(days=(self._day + 97 * child.cohort) % DAYS)

    def home_phone(self, household: int) -> str:
        """The phone number of type H of one of the two households."""
        return self._phone(household)

    def phone(self, adult: int, kind: str) -> str:
        """An adult's phone number; adults of one household share its home phone."""
        household = self.shape.adults[adult].household
        if kind == "H" and household < 2:
            return self.home_phone(household)
        return self._phone(2 + 3 * adult + "CWH".index(kind))

    def email(self, person: Person, number: int) -> str:
        """An email at a domain reserved for examples; `number` is the contact's id."""
        first, last = _letters(person.first_name), _letters(person.last_name)
        name = (f"{first}.{last}", f"{first[0]}{last}", f"{last}{first}")[number % 3]
        return f"{name}{number}@example.{('com', 'org', 'net')[number % 7 % 3]}"

    def _phone(self, slot: int) -> str:
        """Ten digits; each family has the slots below `PHONES_PER_FAMILY`."""
        families = max(self.district.students * 6 // 10, 6_000)  # there are about 53 families to 100 students
        exchanges = min(families * PHONES_PER_FAMILY // 10_000 + 1, len(EXCHANGES))
        number = (self.index * PHONES_PER_FAMILY + slot) * SCRAMBLE % (exchanges * 10_000)
        return f"{EXCHANGES[number // 10_000]}{number % 10_000:04d}"


def _letters(name: str) -> str:
    """The letters of a name in lowercase, without accents."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in decomposed if character.isascii() and character.isalpha())
