"""The people of a family: names that fit together, an ethnic code and a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sandbox.population.household_shapes import Adult, Child, Shape
from sandbox.population.names import BOYS, GIRLS, HERITAGE, LAST_NAMES, MEN, WOMEN

# Shares of ethnic codes and languages, by the heritage of the family's last name.
Shares = Sequence[tuple[str, float]]
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
# Share of adults with the children's last name, by relation; one half where a relation is not listed.
NAME_SHARED = {"MOTH": 0.75, "FATH": 0.85, "SFAT": 0.05, "FOST": 0.02, "FRND": 0.02, "NEIG": 0.02}
FIRST_NAMES = {"BOY": BOYS, "GIRL": GIRLS, "M": MEN, "F": WOMEN}
# The lists go from common to rare, and so does every group of them.
LAST_NAME_WEIGHTS = (9, 5, 3, 2, 1, 1)


@dataclass(frozen=True)
class Person:
    """A student or an adult."""

    first_name: str
    middle_name: str
    last_name: str
    generation: str
    gender: str


class People:
    """Everyone in a family, in the order of its shape. No two adults or children share a first name.

    Attributes:
        children: the students.
        adults: guardians and emergency contacts.
        ethnicity: the ethnic code of all children.
        language: the code of the language at home.
    """

    def __init__(self, shape: Shape, last_names: Sequence[str], first_names: slice, rng: Random) -> None:
        """Choose names: last names from a few, first names from a slice of the lists."""
        self._rng = rng
        self._last_names = last_names
        self._weights = LAST_NAME_WEIGHTS[: len(last_names)]
        self._first_names = first_names
        self._unused: dict[str, list[str]] = {}
        self._name = self._last_name()
        heritage = HERITAGE.get(self._name, "")
        self.ethnicity = self._one_of(ETHNICITIES[heritage])
        self.language = self._one_of(LANGUAGES[heritage])
        self.children = [self._child(child) for child in shape.children]
        self.adults = [self._adult(adult) for adult in shape.adults]

    def _child(self, child: Child) -> Person:
        own_name = self._last_name() if self._rng.random() < 0.12 else self._name
        names = "BOY" if child.gender == "M" else "GIRL"
        generation = "Jr" if child.gender == "M" and self._rng.random() < 0.01 else ""
        return Person(self._first_name(names), self._middle_name(names), own_name, generation, child.gender)

    def _adult(self, adult: Adult) -> Person:
        has_the_name = self._rng.random() < NAME_SHARED.get(adult.relation, 0.5)
        own_name = self._name if has_the_name else self._last_name()
        middle_name = self._middle_name(adult.gender) if self._rng.random() < 0.4 else ""
        return Person(self._first_name(adult.gender), middle_name, own_name, "", adult.gender)

    def _last_name(self) -> str:
        name = self._rng.choices(self._last_names, self._weights)[0]
        return f"{name}-{self._rng.choice(LAST_NAMES)}" if self._rng.random() < 0.03 else name

    def _first_name(self, names: str) -> str:
        if names not in self._unused:
            of_group = FIRST_NAMES[names][self._first_names]
            self._unused[names] = self._rng.sample(of_group, len(of_group))
        return self._unused[names].pop()

    def _middle_name(self, names: str) -> str:
        name = self._rng.choice(FIRST_NAMES[names])
        chance = self._rng.random()
        return "" if chance < 0.2 else name[0] if chance < 0.3 else name

    def _one_of(self, shares: Shares) -> str:
        return self._rng.choices([code for code, _ in shares], [share for _, share in shares])[0]
