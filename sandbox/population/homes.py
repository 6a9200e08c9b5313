"""Where the people of a family live and get their mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sandbox.population.household_shapes import Shape
from sandbox.population.places import APARTMENTS, MOBILE_HOMES, NEIGHBOR_TOWNS, STREETS, SimulatedDistrict


@dataclass(frozen=True)
class Address:
    """A postal address; missing parts are empty."""

    street: str
    city: str
    postal_code: str
    number: str = ""
    prefix: str = ""
    street_type: str = ""
    suffix: str = ""
    apartment: str = ""
    complex: str = ""
    delivery_point: str = ""


class Homes:
    """The addresses of a family.

    Attributes:
        children: where the children live.
        adults: where each adult lives, in the order of the family's shape.
        po_box: a PO box.
    """

    def __init__(
        self,
        shape: Shape,
        district: SimulatedDistrict,
        postal_code: str,
        house_numbers: Sequence[int],
        rng: Random,
    ) -> None:
        """Choose addresses with these house numbers; all postal codes begin with the same five digits."""
        self._rng = rng
        self._district = district
        self._zip = postal_code
        self._house_numbers = house_numbers
        households = [self._home(shape.lives_in_apartment), self._home(rng.random() < 0.4)]
        self.children = households[0]
        self.adults = [
            households[adult.household]
            if adult.household < len(households)
            else self._home(in_apartment=False)
            for adult in shape.adults
        ]
        self.po_box = Address(f"PO Box {rng.randint(10, 9999)}", district.town, self._postal_code())

    def _home(self, in_apartment: bool) -> Address:
        rng = self._rng
        street, street_type = STREETS[min(int(rng.expovariate(1 / 25)), len(STREETS) - 1)]
        apartment, complex_name = self._unit(in_apartment)
        return Address(
            street=street,
            city=self._district.town if rng.random() < 0.93 else rng.choice(NEIGHBOR_TOWNS),
            postal_code=self._postal_code(),
            number=str(rng.choice(self._house_numbers)),
            prefix=rng.choice("NSEW") if rng.random() < 0.2 else "",
            street_type=street_type,
            suffix=rng.choice(("NW", "SE")) if rng.random() < 0.03 else "",
            apartment=apartment,
            complex=complex_name,
            delivery_point=f"{rng.randrange(100):02d}" if rng.random() < 0.3 else "",
        )

    def _unit(self, in_apartment: bool) -> tuple[str, str]:
        """Apartment and complex, or the lot of a mobile home; empty for a house."""
        rng = self._rng
        if in_apartment:
            lettered, numbered = f"{rng.randint(1, 24)}{rng.choice('ABCD')}", str(rng.randint(101, 420))
            return rng.choice((lettered, numbered)), rng.choice(APARTMENTS)
        if rng.random() < 0.03:
            return f"LOT {rng.randint(1, 80)}", rng.choice(MOBILE_HOMES)
        return "", ""

    def _postal_code(self) -> str:
        return f"{self._zip}{self._rng.randint(1000, 9999)}" if self._rng.random() < 0.35 else self._zip
