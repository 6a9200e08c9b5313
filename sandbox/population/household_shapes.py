"""The shapes of families: who is in a family, and so how many records of each endpoint it has.

A district is a list of families, and family number `i` has shape `i % SHAPES`. So the number of records
before any family can be calculated, at any size. Names, addresses and all other values differ from family to
family.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Literal

from sandbox.server.profile import Profile

SHAPES = 997  # a prime, so that the shapes don't line up with any other cycle

# Age cohorts: 0 turned four by August 1 of the school year, 1 is kindergarten, 13 is grade 12.
YOUNGEST_COHORT, OLDEST_COHORT = -1, 14
GRADES = ("PK", "KF", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")

MOTHER, FATHER = ("MOTH", "F"), ("FATH", "M")
STEPMOTHER, STEPFATHER = ("SMOT", "F"), ("SFAT", "M")
# Shares of families, by the guardians who live with the children and those in a second household.
HOUSEHOLDS = (
    (0.545, (MOTHER, FATHER), ()),
    (0.17, (MOTHER,), ()),
    (0.04, (FATHER,), ()),
    (0.08, (MOTHER,), (FATHER,)),
    (0.05, (MOTHER, STEPFATHER), (FATHER,)),
    (0.025, (FATHER, STEPMOTHER), (MOTHER,)),
    (0.015, (MOTHER, STEPFATHER), (FATHER, STEPMOTHER)),
    (0.02, (("GMOT", "F"), ("GFAT", "M")), ()),
    (0.015, (("GMOT", "F"),), (MOTHER,)),
    (0.01, (MOTHER, MOTHER), ()),
    (0.005, (FATHER, FATHER), ()),
    (0.015, (("FOST", "F"), ("FOST", "M")), ()),
    (0.01, (("GUAR", "F"),), ()),
)
EMERGENCY = (
    ("GMOT", "F"), ("GFAT", "M"), ("AUNT", "F"), ("UNCL", "M"), ("FRND", "F"), ("NEIG", "F"), ("NEIG", "M"),
)  # fmt: skip
CHILDREN = (0.2, 0.42, 0.25, 0.09, 0.04)  # shares of families with one, two, ... children of any age
# The district knows all children of school age, but only some who are younger or have just left.
SHARE_KNOWN = {YOUNGEST_COHORT: 0.25, 0: 0.65, OLDEST_COHORT: 0.6}

AddressStyle = Literal["own", "shared", "guardian"]
MailingStyle = Literal["physical", "guardian", "po_box"]


@dataclass(frozen=True)
class Child:
    """What is needed of a student to count records; children of one cohort in a family are twins.

    Attributes:
        repeats: repeated a grade once, so is one grade below the cohort.
    """

    cohort: int
    gender: Literal["M", "F"]
    status: Literal["A", "I", "G", "P"] = "A"
    out_of_district: bool = False
    repeats: bool = False

    @property
    def grade(self) -> str:
        """The grade code: graduates keep 12, and pre-registered students have the grade of next year."""
        cohort = self.cohort + (self.status == "P") - self.repeats
        return GRADES[min(max(cohort, 0), len(GRADES) - 1)]

    def is_served(self, profile: Profile) -> bool:
        """Whether the API Profile includes the student."""
        return (profile.include_preregistered or self.status != "P") and (
            profile.include_out_of_district or not self.out_of_district
        )


@dataclass(frozen=True)
class Adult:
    """A guardian (contact type G), an emergency contact (C) or another contact (O).

    Attributes:
        household: 0 lives with the children, 1 in the second household, 2 elsewhere.
        phones: phone types by priority.
        has_address: whether the district knows the address.
    """

    contact_type: Literal["G", "C", "O"]
    relation: str
    gender: str
    household: int
    phones: tuple[str, ...]
    has_email: bool
    has_address: bool = True


@dataclass(frozen=True)
class Shape:
    """A family.

    Attributes:
        address: which contact holds the children's home address: one for each child, one for all children, or
            the first guardian, who then is also the contact of type P.
        mailing: whose address is the contact of type M; `po_box` is a PO box with a contact of its own.
        has_home_phone: whether the contacts of type P have a phone of type H.
        sibling_contact: whether the oldest child is an emergency contact of the others.
    """

    children: tuple[Child, ...]
    adults: tuple[Adult, ...]
    address: AddressStyle
    mailing: MailingStyle
    lives_in_apartment: bool
    has_home_phone: bool
    sibling_contact: bool

    @cached_property
    def home_contacts(self) -> int:
        """Contacts that only hold the children's home address."""
        return {"own": len(self.children), "shared": 1, "guardian": 0}[self.address]

    @cached_property
    def contacts(self) -> int:
        """The number of Contact records."""
        return self.home_contacts + (self.mailing == "po_box") + len(self.adults)

    def links_of(self, child: int) -> int:
        """The number of one child's StudentContact records: physical, mailing, adults, perhaps a sibling."""
        return 2 + len(self.adults) + (self.sibling_contact and child > 0)

    def counts(self, profile: Profile) -> dict[str, int]:
        """The number of records of each endpoint that the API Profile includes."""
        served = [number for number, child in enumerate(self.children) if child.is_served(profile)]
        return {
            "Student": len(served),
            "UDRegUser": len(served),
            "StudentContact": sum(map(self.links_of, served)),
            "Contact": self.contacts,
            "ContactAddress": self.contacts - sum(not adult.has_address for adult in self.adults),
            "ContactPhone": self.home_contacts * self.has_home_phone
            + sum(len(a.phones) for a in self.adults),
        }

    def with_first(self, children: int) -> Shape:
        """The same family with only its first children."""
        return replace(self, children=self.children[:children], sibling_contact=False)


def shapes(seed: int) -> tuple[Shape, ...]:
    """All shapes of a district's families."""
    rng = Random(f"{seed} shapes")  # noqa: S311 - not for secrets
    return tuple(_shape(rng) for _ in range(SHAPES))


def _shape(rng: Random) -> Shape:
    _share, home, second = rng.choices(HOUSEHOLDS, [share for share, _, _ in HOUSEHOLDS])[0]
    children = _children(rng)
    address: AddressStyle = rng.choices(("own", "shared", "guardian"), (0.55, 0.3, 0.15))[0]
    adults = [_guardian(rng, *who, 0) for who in home] + [_guardian(rng, *who, 1) for who in second]
    emergency = rng.sample(EMERGENCY, rng.choices((0, 1, 2), (0.3, 0.45, 0.25))[0])
    adults += [_emergency_contact(rng, *who) for who in emergency]
    return Shape(
        children=children,
        adults=tuple(adults),
        address=address,
        mailing=rng.choices(("physical", "guardian", "po_box"), (0.88, 0.09, 0.03))[0],
        lives_in_apartment=rng.random() < 0.22,
        has_home_phone=rng.random() < 0.4,
        sibling_contact=(
            address == "own" and len(children) > 1 and children[0].cohort >= 11 and rng.random() < 0.25
        ),
    )


def _children(rng: Random) -> tuple[Child, ...]:
    """A family's children of school age, oldest first; twins are next to each other.

    The oldest child may be past school age, so that every grade is equally likely.
    """
    while True:
        cohort = rng.randint(YOUNGEST_COHORT, OLDEST_COHORT + 12)
        cohorts = []
        for _ in range(rng.choices(range(1, 6), CHILDREN)[0]):
            is_of_age = YOUNGEST_COHORT <= cohort <= OLDEST_COHORT
            if is_of_age and rng.random() < SHARE_KNOWN.get(cohort, 1):
                cohorts.append(cohort)
            cohort -= 0 if rng.random() < 0.03 else rng.choices((1, 2, 3, 4), (2, 4, 3, 2))[0]
        if cohorts:
            return tuple(_child(rng, cohort) for cohort in cohorts)


def _child(rng: Random, cohort: int) -> Child:
    gender: Literal["M", "F"] = "M" if rng.random() < 0.513 else "F"
    chance = rng.random()
    if cohort > 13:
        return Child(cohort, gender, "G")
    if cohort < 0 or (cohort == 0 and chance < 0.25) or chance < 0.004:
        return Child(cohort, gender, "P")
    if chance > 0.955:
        return Child(cohort, gender, "I")
    return Child(
        cohort, gender, out_of_district=rng.random() < 0.015, repeats=cohort > 1 and rng.random() < 0.03
    )


def _guardian(rng: Random, relation: str, gender: str, household: int) -> Adult:
    phones = ["C"]
    if rng.random() < 0.45:
        phones.append("W")
    if rng.random() < 0.25:
        phones.insert(rng.randint(0, 1), "H")
    return Adult("G", relation, gender, household, tuple(phones), has_email=rng.random() < 0.82)


def _emergency_contact(rng: Random, relation: str, gender: str) -> Adult:
    phones = rng.choices((("C",), ("H",), ("C", "W"), ("H", "W")), (60, 25, 10, 5))[0]
    has_address = rng.random() < 0.5
    contact_type: Literal["C", "O"] = "C" if rng.random() < 0.94 else "O"
    return Adult(
        contact_type, relation, gender, 2, phones, has_email=rng.random() < 0.1, has_address=has_address
    )
