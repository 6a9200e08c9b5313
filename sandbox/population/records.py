"""A family as the records of the API, with the labels and the habits of the product's columns.

Labels are the columns of the public table definitions in camelCase [assumed]; values come as the columns hold
them: `char` padded with blanks, dates with a midnight, flags Y and N, the empty string for missing, and now
and then a number as a string.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sandbox.population.families import Family
from sandbox.population.household_shapes import Adult, Child
from sandbox.population.source import Record

MAIL_FLAGS = ("mailAtt", "mailDisc", "mailFees", "mailIpr", "mailMed", "mailRc", "mailSsp", "mailSchd")
TITLES = {"M": ("Mr.", "Mr.", "Mr.", "Dr."), "F": ("Ms.", "Ms.", "Mrs.", "Dr.")}
EMPLOYERS = ("", "", "", "", "Three Rivers Hospital", "Northfield Foods", "Self-employed", "School district")
EDUCATION = ("", "HS", "SC", "BA", "MA")
FEDERAL_RACE = {"W": "5", "B": "3", "A": "2", "I": "1", "P": "4", "M": "3,5", "H": "5"}


@dataclass(frozen=True)
class Numbers:
    """The district's numbers that a family's records carry, one for each child or contact.

    Attributes:
        students: the student ids.
        state_ids: the state's ids of the students.
        contacts: the contact ids: homes first, then the post-office box, then the adults.
        school_year: the calendar year in which the school year began.
    """

    students: tuple[int, ...]
    state_ids: tuple[str, ...]
    contacts: tuple[int, ...]
    school_year: int


@dataclass(frozen=True)
class Contact:
    """A contact id and what it stands for: an adult, the home of the `nth` child, or the post-office box."""

    number: int
    nth: int
    adult: Adult | None = None
    is_box: bool = False


class FamilyRecords:
    """The records of one family, endpoint by endpoint."""

    def __init__(self, family: Family, numbers: Numbers) -> None:
        """Give the family's people the district's numbers."""
        self._family = family
        self._shape = family.shape
        self._numbers = numbers
        ids = iter(numbers.contacts)
        self._homes = [Contact(next(ids), nth) for nth in range(self._shape.home_contacts)]
        self._box = Contact(next(ids), 0, is_box=True) if self._shape.mailing == "box" else None
        self._adults = [Contact(next(ids), nth, adult) for nth, adult in enumerate(self._shape.adults)]

    def of(self, endpoint: str) -> list[Record]:
        """All records of the family at an endpoint other than School, in their order."""
        rng = self._family.chance(endpoint)
        contacts = [*self._homes, *([self._box] if self._box else []), *self._adults]
        match endpoint:
            case "Student":
                return [self._student(rng, nth) for nth in range(len(self._shape.children))]
            case "UDRegUser":
                return [self._district_fields(rng, nth) for nth in range(len(self._shape.children))]
            case "StudentContact":
                return [link for nth in range(len(self._shape.children)) for link in self._links(rng, nth)]
            case "Contact":
                return [self._contact(rng, contact) for contact in contacts]
            case "ContactAddress":
                known = (c for c in contacts if c.adult is None or c.adult.has_address)
                return [self._address(rng, contact) for contact in known]
            case "ContactPhone":
                return [phone for contact in contacts for phone in self._phones(rng, contact)]
        raise KeyError(endpoint)

    def _student(self, rng: Random, nth: int) -> Record:
        child, district = self._shape.children[nth], self._family.district
        people = self._family.people
        person = people.children[nth]
        grade = child.grade
        near = district.school_of(self._family.neighborhood, grade)
        building = district.elsewhere[grade in ("11", "12")] if child.out_of_district else near
        return {
            "district": district.number,
            "studentId": _padded(self._numbers.students[nth], 10),
            "firstName": person.first_name,
            "middleName": person.middle_name,
            "lastName": person.last_name,
            "generation": person.generation,
            "nickname": person.first_name[:3] if rng.random() < 0.06 else "",
            "building": _loosely(rng, building.number),
            "homeBuilding": _loosely(rng, near.number),
            "grade": grade,
            "gender": person.gender,
            "genderIdentity": "",
            "language": _padded(people.language, 5),
            "nativeLanguage": _padded(people.language, 5),
            "homeroomPrimary": _padded(f"{int(grade) if grade.isdigit() else grade}{rng.choice('ABCD')}", 5),
            "currentStatus": child.status,
            "birthdate": f"{self._family.birth_date(child, self._numbers.school_year)}T00:00:00",
            "homeDistrict": district.number,
            "attendingDistrict": district.number + (1000 if child.out_of_district else 0),
            "altBuilding": "",
            "distEnrollDate": self._enrolled(rng, child),
            "resCountyCode": "049",
            "stateReportId": self._numbers.state_ids[nth],
            "ethnicCode": _padded(people.ethnicity, 5),
            "hispanic": _flag(people.ethnicity == "H" or rng.random() < 0.02),
            "fedRaceEthnic": FEDERAL_RACE[people.ethnicity],
            "hasIep": _flag(rng.random() < 0.14),
            "section504Plan": _flag(rng.random() < 0.04),
            "ferpaName": _flag(rng.random() < 0.02),
            "ferpaAddress": _flag(rng.random() < 0.03),
            "ferpaPhone": _flag(rng.random() < 0.03),
            "changeDateTime": self._changed(rng),
        }

    def _district_fields(self, rng: Random, nth: int) -> Record:
        """Labels that the district defined itself; the endpoint gives the id as a number."""
        child = self._shape.children[nth]
        bus = str(rng.randint(1, 60)) if rng.random() < 0.55 else ""
        return {
            "district": self._family.district.number,
            "studentId": self._numbers.students[nth],
            "busRouteAm": bus,
            "busRoutePm": bus if rng.random() < 0.9 else "",
            "photoRelease": rng.choices(("Y", "N", ""), (80, 12, 8))[0],
            "deviceAssetTag": f"CB{rng.randint(10_000, 99_999)}" if child.grade not in ("PK", "KF") else "",
            "internetAtHome": rng.choices(("Broadband", "Cellular", "None", ""), (70, 15, 5, 10))[0],
            "Migrant": "Y" if rng.random() < 0.01 else "N",
            "parentInMilitary": rng.choices(("N", "Y", ""), (90, 3, 7))[0],
            "previousDistrict": "Fairmont" if rng.random() < 0.08 else "",
            "feesOwed": round(rng.uniform(5, 90), 2) if rng.random() < 0.1 else 0,
            "healthFormOn": self._day(rng) if rng.random() < 0.7 else "",
        }

    def _links(self, rng: Random, nth: int) -> list[Record]:
        physical = self._homes[nth % len(self._homes)] if self._homes else self._adults[0]
        mailing = self._adults[0] if self._shape.mailing == "guardian" else self._box or physical
        links = [self._link(rng, nth, physical, "P", 1), self._link(rng, nth, mailing, "M", 1)]
        priority: Counter[str] = Counter()
        for contact, adult in zip(self._adults, self._shape.adults, strict=True):
            priority[adult.contact_type] += 1
            links.append(self._link(rng, nth, contact, adult.contact_type, priority[adult.contact_type]))
        if self._shape.sibling_contact and nth > 0:
            links.append(self._link(rng, nth, self._homes[0], "C", priority["C"] + 1))
        return links

    def _link(self, rng: Random, nth: int, contact: Contact, contact_type: str, priority: int) -> Record:
        is_guardian = contact_type == "G"
        relation = contact.adult.relation if contact.adult and contact_type in "GCO" else ""
        if contact_type == "C" and not contact.adult:
            relation = "BROT" if self._shape.children[contact.nth].gender == "M" else "SIST"
        lives_here = contact_type == "P" or (
            is_guardian and contact.adult is not None and contact.adult.household == 0
        )
        is_step = relation in ("SMOT", "SFAT")
        link: Record = {
            "district": self._family.district.number,
            "studentId": _padded(self._numbers.students[nth], 10),
            "contactId": contact.number,
            "contactType": contact_type,
            "contactPriority": _loosely(rng, priority),
            "relationCode": _padded(relation, 5),
            "livingWith": _flag(lives_here),
            "webAccess": _flag(is_guardian and rng.random() < 0.8),
        }
        gets_mail = is_guardian and (lives_here or rng.random() < 0.5)
        link |= {label: _flag(gets_mail or contact_type == "M") for label in MAIL_FLAGS}
        return link | {
            "legalGuard": _flag(is_guardian and not is_step),
            "custGuard": _flag(is_guardian and lives_here and not is_step),
            "transportTo": _flag(is_guardian and rng.random() < 0.6),
            "transportFrom": _flag(contact_type in "GC" and rng.random() < 0.6),
            "comments": "May pick up after 3 pm" if contact_type == "C" and rng.random() < 0.05 else "",
            "changeDateTime": self._changed(rng),
        }

    def _contact(self, rng: Random, contact: Contact) -> Record:
        people, adult = self._family.people, contact.adult
        namesakes = people.adults if adult or contact.is_box else people.children
        person = namesakes[contact.nth]
        title = rng.choice(TITLES[person.gender]) if adult else ""
        has_email = adult is not None and adult.has_email
        return {
            "district": self._family.district.number,
            "contactId": contact.number,
            "title": title,
            "salutation": f"{title} {person.last_name}"[:30] if adult else "",
            "firstName": person.first_name,
            "middleName": person.middle_name,
            "lastName": person.last_name,
            "generation": person.generation,
            "language": _padded(people.language, 5),
            "homeLanguage": _padded(people.language, 5),
            "useForMailing": _flag(adult is None or adult.contact_type == "G"),
            "employer": rng.choice(EMPLOYERS) if adult else "",
            "email": self._family.email(person, contact.number) if has_email else "",
            "emailPreference": "H" if has_email else "",
            "educationLevel": rng.choice(EDUCATION) if adult else "",
            "changeDateTime": self._changed(rng),
        }

    def _address(self, rng: Random, contact: Contact) -> Record:
        homes = self._family.homes
        address = homes.adults[contact.nth] if contact.adult else homes.children
        if contact.is_box:
            address = homes.box
        return {
            "district": self._family.district.number,
            "contactId": contact.number,
            "apartment": address.apartment,
            "complex": address.complex,
            "development": "",
            "streetNumber": address.number,
            "streetPrefix": address.prefix,
            "streetName": address.street,
            "streetType": address.street_type,
            "streetSuffix": address.suffix,
            "city": address.city,
            "state": self._family.district.state,
            "zip": _padded(address.postal_code, 9),
            "deliveryPoint": address.delivery_point,
            "changeDateTime": self._changed(rng),
        }

    def _phones(self, rng: Random, contact: Contact) -> list[Record]:
        if contact.adult:
            phones = [(kind, self._family.phone(contact.nth, kind)) for kind in contact.adult.phones]
        else:
            has_phone = self._shape.has_home_phone and not contact.is_box
            phones = [("H", self._family.home_phone(0))] if has_phone else []
        return [
            {
                "district": self._family.district.number,
                "contactId": contact.number,
                "phoneType": _padded(kind, 5),
                "phoneListing": "N" if rng.random() < 0.05 else "Y",
                "phone": digits,
                "phoneExtension": str(rng.randint(10, 999)) if kind == "W" and rng.random() < 0.3 else "",
                "phonePriority": _loosely(rng, priority),
                "changeDateTime": self._changed(rng),
            }
            for priority, (kind, digits) in enumerate(phones, 1)
        ]

    def _changed(self, rng: Random) -> str:
        """A moment in the year before this school year began."""
        start = datetime(self._numbers.school_year - 1, 8, 10, 7)  # noqa: DTZ001 - the product's own have no zone
        return (start + timedelta(minutes=rng.randrange(525_000))).isoformat()

    def _day(self, rng: Random) -> str:
        return self._changed(rng)[:10]

    def _enrolled(self, rng: Random, child: Child) -> str:
        """When the child came: with the first grade the district has, or some years later."""
        if child.status == "P":
            return ""
        years = rng.randint(0, max(child.cohort - 1, 0)) if rng.random() < 0.3 else max(child.cohort - 1, 0)
        return f"{self._numbers.school_year - years}-08-{rng.randint(12, 20)}T00:00:00"


def _flag(value: bool) -> str:
    return "Y" if value else "N"


def _padded(value: object, length: int) -> str:
    """As a `char` column of that length holds it."""
    return str(value).ljust(length)


def _loosely(rng: Random, number: int) -> int | str:
    """A number that is now and then written as a string."""
    return str(number) if rng.random() < 0.02 else number
