"""A family's people, drawn from its number: the same number always gives the same family.

Across a district of up to a million students no two students share first name, last name and birth date, no
two guardians first name, last name and address, and no phone or email belongs to two families: not because
anything is looked up, but by construction. The family's number is scrambled and split into three: the day
of the year on which its children are born (which its house numbers carry too), the class of its last names
and the class of its first names. No two families have the same three.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from sandbox.census import Adult, Child, Shape
from sandbox.names import BOYS, GIRLS, HERITAGE, LAST_NAMES, MEN, WOMEN
from sandbox.places import APARTMENTS, MOBILE_HOMES, NEIGHBORS, STREETS, District, district_zip

DAYS, LAST_NAME_CLASSES, FIRST_NAME_CLASSES = 365, 96, 20
FAMILIES = DAYS * LAST_NAME_CLASSES * FIRST_NAME_CLASSES
SCRAMBLE = 15_485_863  # a prime that divides nothing here, so multiplying by it deals out every number once

PHONES_PER_FAMILY = 32
# Area codes with a 9 in the middle are kept for an expansion of the numbering plan: nobody has them.
AREA_CODES = ("590", "591", "690")
EXCHANGES = tuple(
    f"{area}{exchange}" for area in AREA_CODES for exchange in range(220, 1000) if exchange % 100 != 11
)

# Ethnic code and language of a family, with their shares, by what its last name says of it.
Shares = tuple[tuple[str, float], ...]
ETHNICITIES: Mapping[str, Shares] = {
    "Hispanic": (("H", 0.92), ("M", 0.05), ("W", 0.03)),
    "Asian": (("A", 0.93), ("M", 0.07)),
    "": (("W", 0.7), ("B", 0.21), ("M", 0.05), ("H", 0.02), ("I", 0.015), ("P", 0.005)),
}
LANGUAGES: Mapping[str, Shares] = {
    "Hispanic": (("ENG", 0.5), ("SPA", 0.5)),
    "Asian": (("ENG", 0.65), ("VIE", 0.1), ("HMN", 0.1), ("ZHO", 0.1), ("HIN", 0.05)),
    "": (("ENG", 0.95), ("SOM", 0.02), ("ARA", 0.02), ("SPA", 0.01)),
}


@dataclass(frozen=True)
class Address:
    """A place that mail can go to; blank parts are empty."""

    number: str
    prefix: str
    street: str
    street_type: str
    suffix: str
    apartment: str
    complex: str
    city: str
    postal_code: str
    delivery_point: str


@dataclass(frozen=True)
class Person:
    """A student or an adult."""

    first_name: str
    middle_name: str
    last_name: str
    generation: str
    gender: str
    address: Address


class Family:
    """One family: its shape filled with people, addresses and numbers.

    Attributes:
        children: as many as the shape has, in its order.
        adults: likewise.
        box: the first guardian at a post-office box, for shapes that have one.
        neighborhood: index of the elementary school near by.
    """

    def __init__(self, index: int, shape: Shape, district: District) -> None:
        """Draw the family number `index`, which must be below `FAMILIES`."""
        self.index = index
        self.shape = shape
        self.district = district
        self.rng = Random(f"{district.seed} family {index}")  # noqa: S311 - nothing secret is drawn
        rest, self._day = divmod((index * SCRAMBLE + district.seed) % FAMILIES, DAYS)
        self._last_names = LAST_NAMES[rest % LAST_NAME_CLASSES :: LAST_NAME_CLASSES]
        self._names = {
            key: self._shuffled(names[rest // LAST_NAME_CLASSES :: FIRST_NAME_CLASSES])
            for key, names in (("BOY", BOYS), ("GIRL", GIRLS), ("M", MEN), ("F", WOMEN))
        }
        self.neighborhood = index * SCRAMBLE % len(district.elementary)
        self.name = self._last_name()
        heritage = HERITAGE.get(self.name, "")
        self.language = _weighted(self.rng, LANGUAGES[heritage])
        self.ethnicity = _weighted(self.rng, ETHNICITIES[heritage])
        homes = [self._home(shape.lives_in_apartment), self._home(self.rng.random() < 0.4)]
        self.home = homes[0]
        self.children = [self._child(child) for child in shape.children]
        self.adults = [self._adult(adult, homes) for adult in shape.adults]
        self.box = replace(self.adults[0], address=self._box())

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

    def _phone(self, slot: int) -> str:
        """The ten digits of the family's phone of that slot, below `PHONES_PER_FAMILY`."""
        families = max(self.district.students * 6 // 10, 6_000)  # there are about 56 to 100 students
        exchanges = min(families * PHONES_PER_FAMILY // 10_000 + 1, len(EXCHANGES))
        number = (self.index * PHONES_PER_FAMILY + slot) * SCRAMBLE % (exchanges * 10_000)
        return f"{EXCHANGES[number // 10_000]}{number % 10_000:04d}"

    def email(self, person: Person, number: int) -> str:
        """An address at a domain kept for examples; `number` is the district's own for the contact."""
        first, last = _letters(person.first_name), _letters(person.last_name)
        name = (f"{first}.{last}", f"{first[0]}{last}", f"{last}{first}")[number % 3]
        return f"{name}{number}@example.{('com', 'org', 'net')[number % 7 % 3]}"

    def _child(self, child: Child) -> Person:
        own_name = self._last_name() if self.rng.random() < 0.12 else self.name
        names = "BOY" if child.gender == "M" else "GIRL"
        generation = "Jr" if child.gender == "M" and self.rng.random() < 0.01 else ""
        return Person(
            self._first_name(names), self._middle_name(names), own_name, generation, child.gender, self.home
        )

    def _adult(self, adult: Adult, homes: list[Address]) -> Person:
        is_parent = adult.relation in ("MOTH", "FATH")
        own_name = self.name if self.rng.random() < (0.78 if is_parent else 0.35) else self._last_name()
        address = homes[adult.household] if adult.household < len(homes) else self._home(in_apartment=False)
        return Person(
            self._first_name(adult.gender),
            self._middle_name(adult.gender) if self.rng.random() < 0.4 else "",
            own_name,
            "",
            adult.gender,
            address,
        )

    def _last_name(self) -> str:
        # The lists run from common to rare, and so does a class: its first name is the most common one.
        name = self.rng.choices(self._last_names, (9, 5, 3, 2, 1, 1)[: len(self._last_names)])[0]
        if self.rng.random() < 0.03:
            return f"{name}-{self.rng.choice(LAST_NAMES)}"
        return name

    def _first_name(self, key: str) -> str:
        return self._names[key].pop()

    def _middle_name(self, key: str) -> str:
        chance = self.rng.random()
        name = self.rng.choice({"BOY": BOYS, "GIRL": GIRLS, "M": MEN, "F": WOMEN}[key])
        return "" if chance < 0.2 else name[0] if chance < 0.3 else name

    def _shuffled(self, names: tuple[str, ...]) -> list[str]:
        return self.rng.sample(names, len(names))

    def _home(self, in_apartment: bool) -> Address:
        street, street_type = STREETS[min(int(self.rng.expovariate(1 / 25)), len(STREETS) - 1)]
        mobile_home = not in_apartment and self.rng.random() < 0.03
        district = self.district
        return Address(
            number=str(101 + self._day + DAYS * self.rng.randrange(12)),
            prefix=self.rng.choices(("", "N", "S", "E", "W"), (16, 1, 1, 1, 1))[0],
            street=street,
            street_type=street_type,
            suffix=self.rng.choices(("", "NW", "SE"), (60, 1, 1))[0],
            apartment=self._apartment() if in_apartment else f"LOT {self._day % 80}" if mobile_home else "",
            complex=self.rng.choice(APARTMENTS)
            if in_apartment
            else self.rng.choice(MOBILE_HOMES)
            if mobile_home
            else "",
            city=district.town if self.rng.random() < 0.93 else self.rng.choice(NEIGHBORS),
            postal_code=self._postal_code(),
            delivery_point=f"{self._day % 100:02d}" if self.rng.random() < 0.3 else "",
        )

    def _box(self) -> Address:
        number = str(self.index % 9000 + 10)
        return Address(
            "", "", f"PO Box {number}", "", "", "", "", self.district.town, self._postal_code(), ""
        )

    def _apartment(self) -> str:
        return self.rng.choice(
            (f"{self.rng.randint(1, 24)}{self.rng.choice('ABCD')}", str(self.rng.randint(101, 420)))
        )

    def _postal_code(self) -> str:
        code = district_zip(self.neighborhood % 3)
        return f"{code}{self.rng.randint(1000, 9999)}" if self.rng.random() < 0.35 else code


def _weighted(rng: Random, weighted: Shares) -> str:
    values, weights = zip(*weighted, strict=True)
    return str(rng.choices(values, weights)[0])


def _letters(name: str) -> str:
    def letters() -> Iterator[str]:
        for character in unicodedata.normalize("NFKD", name.lower()):
            if character.isascii() and character.isalpha():
                yield character

    return "".join(letters())
