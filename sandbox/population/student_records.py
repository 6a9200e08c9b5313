"""A family's students as records of the API."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sandbox.population.columns import changed_at, flag, number_or_text, padded
from sandbox.population.families import Family
from sandbox.population.household_shapes import Child
from sandbox.population.source import Record

FEDERAL_RACE = {"W": "5", "B": "3", "A": "2", "I": "1", "P": "4", "M": "3,5", "H": "5"}


@dataclass(frozen=True)
class Numbers:
    """The ids in a family's records, one for each child or contact.

    Attributes:
        students: the student ids.
        state_ids: the students' state ids.
        contacts: the contact ids: homes first, then the PO box, then the adults.
        school_year: the calendar year in which the school year began.
    """

    students: tuple[int, ...]
    state_ids: tuple[str, ...]
    contacts: tuple[int, ...]
    school_year: int


def student_record(rng: Random, family: Family, numbers: Numbers, nth: int) -> Record:
    """The Student record of the `nth` child."""
    child, district = family.shape.children[nth], family.district
    people = family.people
    person = people.children[nth]
    grade = child.grade
    near = district.school_of(family.neighborhood, grade)
    building = district.out_of_district_schools[grade in ("11", "12")] if child.out_of_district else near
    return {
        "district": district.number,
        "studentId": padded(numbers.students[nth], 10),
        "firstName": person.first_name,
        "middleName": person.middle_name,
        "lastName": person.last_name,
        "generation": person.generation,
        "nickname": person.first_name[:3] if rng.random() < 0.06 else "",
        "building": number_or_text(rng, building.number),
        "homeBuilding": number_or_text(rng, near.number),
        "grade": grade,
        "gender": person.gender,
        "genderIdentity": "",
        "language": padded(people.language, 5),
        "nativeLanguage": padded(people.language, 5),
        "homeroomPrimary": padded(f"{int(grade) if grade.isdigit() else grade}{rng.choice('ABCD')}", 5),
        "currentStatus": child.status,
        "birthdate": f"{family.birth_date(child, numbers.school_year)}T00:00:00",
        "homeDistrict": district.number,
        "attendingDistrict": district.number + (1000 if child.out_of_district else 0),
        "altBuilding": "",
        "distEnrollDate": _enrolled_on(rng, child, numbers.school_year),
        "resCountyCode": "049",
        "stateReportId": numbers.state_ids[nth],
        "ethnicCode": padded(people.ethnicity, 5),
        "hispanic": flag(people.ethnicity == "H" or rng.random() < 0.02),
        "fedRaceEthnic": FEDERAL_RACE[people.ethnicity],
        "hasIep": flag(rng.random() < 0.14),
        "section504Plan": flag(rng.random() < 0.04),
        "ferpaName": flag(rng.random() < 0.02),
        "ferpaAddress": flag(rng.random() < 0.03),
        "ferpaPhone": flag(rng.random() < 0.03),
        "changeDateTime": changed_at(rng, numbers.school_year),
    }


def district_fields_record(rng: Random, family: Family, numbers: Numbers, nth: int) -> Record:
    """The UDRegUser record of the `nth` child: labels that the district defined, and the id as a number."""
    child = family.shape.children[nth]
    bus = str(rng.randint(1, 60)) if rng.random() < 0.55 else ""
    return {
        "district": family.district.number,
        "studentId": numbers.students[nth],
        "busRouteAm": bus,
        "busRoutePm": bus if rng.random() < 0.9 else "",
        "photoRelease": rng.choices(("Y", "N", ""), (80, 12, 8))[0],
        "deviceAssetTag": f"CB{rng.randint(10_000, 99_999)}" if child.grade not in ("PK", "KF") else "",
        "internetAtHome": rng.choices(("Broadband", "Cellular", "None", ""), (70, 15, 5, 10))[0],
        "Migrant": "Y" if rng.random() < 0.01 else "N",
        "parentInMilitary": rng.choices(("N", "Y", ""), (90, 3, 7))[0],
        "previousDistrict": "Fairmont" if rng.random() < 0.08 else "",
        "feesOwed": round(rng.uniform(5, 90), 2) if rng.random() < 0.1 else 0,
        "healthFormOn": changed_at(rng, numbers.school_year)[:10] if rng.random() < 0.7 else "",
    }


def _enrolled_on(rng: Random, child: Child, school_year: int) -> str:
    """The first day in the district: in the first grade, or some years later."""
    if child.status == "P":
        return ""
    years = rng.randint(0, max(child.cohort - 1, 0)) if rng.random() < 0.3 else max(child.cohort - 1, 0)
    return f"{school_year - years}-08-{rng.randint(12, 20)}T00:00:00"
