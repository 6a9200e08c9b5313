"""Streets, towns and schools of generated districts, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sandbox.population.names import LAST_NAMES, WOMEN
from sandbox.population.source import Record


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (" ".join(part.split()).split("/") for part in text.split(","))
    return tuple((name, kind) for name, kind in pairs)


# Street name and type, most common first.
STREETS = _pairs(
    """Main/ST, Oak/ST, Maple/AVE, Cedar/ST, Elm/ST, Washington/ST, Lake/DR, Hill/ST, Park/AVE, Pine/ST,
    Walnut/ST, Church/ST, Chestnut/ST, Spring/ST, River/RD, Mill/RD, Ridge/RD, High/ST, Meadow/LN,
    Forest/DR, Highland/AVE, Sunset/DR, Franklin/ST, Jefferson/AVE, Madison/AVE, Jackson/ST,
    Lincoln/AVE, Center/ST, Union/ST, Locust/ST, Willow/LN, Dogwood/LN, Birch/CT, Hickory/LN,
    Magnolia/DR, Laurel/LN, Poplar/ST, Sycamore/DR, Spruce/ST, Valley/RD, Prospect/ST, Grove/ST,
    Cherry/LN, Orchard/LN, Quail Run/LN, Fox Hollow/RD, Deer Creek/LN, Stonebridge/BLVD,
    Brookside/DR, Fairview/AVE, Lakeview/DR, Creekside/DR, Old Mill/RD, Country Club/DR, Timber
    Ridge/TRL, Heritage/WAY, Liberty/PL, Summit/CIR, Colonial/DR, Cambridge/CT, Windsor/PL,
    Lexington/AVE, Concord/ST, Salem Church/RD, Bell Tower/LN, Martin Luther King/BLVD, Rosa
    Parks/BLVD, County Road 12/, State Route 38/, La Paloma/, Buena Vista/AVE, O'Hara/CT, St.
    Clair/AVE, Third/ST, Fourth/ST, Fifth/AVE, Twelfth/ST"""
)
APARTMENTS = (
    "Village Green Apartments",
    "Willow Court",
    "The Landings",
    "Riverbend Townhomes",
    "Parkside Manor",
)
MOBILE_HOMES = ("Shady Acres", "Whispering Pines MHP")
SCHOOL_FIRST = _words(
    """Oak Maple Cedar Pine Willow Lake River Spring Brook Meadow Forest Prairie Eagle Fox Deer Stone Clear
    Silver North South East West Sunny Indian Heritage Liberty Union Pioneer Summit Valley Rolling
    Copper"""
)
SCHOOL_SECOND = _words(
    """Ridge Grove Hill Creek Park View Run Hollow Trail Bend Glen Springs Crossing Point Branch Knoll
    Bluff Fields Woods Landing Heights Meadows Falls Terrace Valley Prairie Bridge Gardens Shore
    Lake Crest Farm"""
)
NEIGHBOR_TOWNS = ("Fairmont", "Harlan Mills", "New Salem")


@dataclass(frozen=True)
class Building:
    """A school, with its number in the district."""

    number: int
    name: str
    kind: str
    out_of_district: bool = False


@dataclass(frozen=True)
class SimulatedDistrict:
    """A generated district's settings, and its schools."""

    town: str
    state: str
    number: int
    students: int
    seed: int
    changed: str

    @cached_property
    def elementary(self) -> tuple[Building, ...]:
        """Schools for PK to grade 5; each family lives near one."""
        return self._buildings("Elementary School", 1, round(self.students * 0.46 / 460))

    @cached_property
    def middle(self) -> tuple[Building, ...]:
        """Schools for grades 6 to 8."""
        return self._buildings("Middle School", 2, round(self.students * 0.23 / 700))

    @cached_property
    def high(self) -> tuple[Building, ...]:
        """Schools for grades 9 to 12."""
        return self._buildings("High School", 3, round(self.students * 0.31 / 1500))

    @cached_property
    def out_of_district_schools(self) -> tuple[Building, ...]:
        """Schools outside the district; the last one is for grades 11 and 12."""
        names = (f"{NEIGHBOR_TOWNS[0]} Special Education Center", "Three Rivers Career and Technical Center")
        start = 9 * self._hundred
        return tuple(
            Building(start + number, name, "OUT", out_of_district=True)
            for number, name in enumerate(names, 1)
        )

    @cached_property
    def buildings(self) -> tuple[Building, ...]:
        """All schools, in the order of their numbers."""
        return self.elementary + self.middle + self.high + self.out_of_district_schools

    def school_of(self, neighborhood: int, grade: str) -> Building:
        """The school for a grade, near the elementary school with this index."""
        if grade in ("PK", "KF") or int(grade) <= 5:
            return self.elementary[neighborhood]
        level = self.middle if int(grade) <= 8 else self.high
        return level[neighborhood * len(level) // len(self.elementary)]

    @property
    def _hundred(self) -> int:
        return 100 if self.students < 100_000 else 10_000

    def _buildings(self, kind: str, level: int, number: int) -> tuple[Building, ...]:
        if number <= 1 and kind != "Elementary School":
            return (Building(level * self._hundred + 1, f"{self.town} {kind}", kind),)
        # 32 x 32 names, in an order in which adjacent ones share neither half; each level starts elsewhere.
        starts = ((index + 40 * level + self.seed) * 33 for index in range(max(number, 1)))
        return tuple(
            Building(
                level * self._hundred + index,
                f"{SCHOOL_FIRST[start % 32]} {SCHOOL_SECOND[(start // 32 + start) % 32]} {kind}",
                kind,
            )
            for index, start in enumerate(starts, 1)
        )


def school_record(district: SimulatedDistrict, building: Building) -> Record:
    """A building's School record."""
    number = building.number
    words = building.name.split()
    return {
        "district": district.number,
        "building": number,
        "name": building.name,
        "abbreviation": "".join(word[0] for word in words if word[0].isupper()),
        "street1": f"{100 + number * 7 % 4900} {STREETS[number % 60][0]} {STREETS[number % 60][1]}".strip(),
        "street2": "",
        "city": NEIGHBOR_TOWNS[number % 2] if building.out_of_district else district.town,
        "state": district.state,
        "zip": f"{district_zip(number % 3)}    ",
        "phone": f"590555{number % 10_000:04d}",
        "fax": f"590556{number % 10_000:04d}",
        "principal": f"{WOMEN[number % 60]} {LAST_NAMES[number * 7 % 300]}",
        "calendar": "R",
        "buildingType": {"Elementary School": "E", "Middle School": "M", "High School": "H"}.get(
            building.kind, "O"
        ).ljust(5),
        "stateCodeEquiv": f"{(100_003 + district.seed * 7_919 + number * 13) % 1_000_000:06d}",
        "countyCode": "049",
        "outOfDistrict": "Y" if building.out_of_district else "N",
        "transferBuilding": "N",
        "changeDateTime": district.changed,
    }


def district_zip(index: int) -> str:
    """One of the district's ZIP codes: they are in Wisconsin's range, but not assigned to any place."""
    return f"536{10 + index:02d}"
