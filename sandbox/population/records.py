"""A family as records of the API.

Labels are the column names of the public table definitions in camelCase [assumed]. Values are as in these
columns: `char` padded with spaces, dates at midnight, flags Y and N, the empty string where missing, and
sometimes a number as a string.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from sandbox.population.columns import changed_at, flag, number_or_text, padded
from sandbox.population.families import Family
from sandbox.population.household_shapes import Adult
from sandbox.population.source import Record
from sandbox.population.student_records import Numbers, district_fields_record, student_record

MAIL_FLAGS = ("mailAtt", "mailDisc", "mailFees", "mailIpr", "mailMed", "mailRc", "mailSsp", "mailSchd")
TITLES = {"M": ("Mr.", "Mr.", "Mr.", "Dr."), "F": ("Ms.", "Ms.", "Mrs.", "Dr.")}
EMPLOYERS = ("", "", "", "", "Three Rivers Hospital", "Northfield Foods", "Self-employed", "School district")
EDUCATION = ("", "HS", "SC", "BA", "MA")


@dataclass(frozen=True)
class Contact:
    """A contact id, and what it is for: an adult, the home of the `nth` child, or the PO box."""

    number: int
    nth: int
    adult: Adult | None = None
    is_po_box: bool = False


class FamilyRecords:
    """The records of one family."""

    def __init__(self, family: Family, numbers: Numbers) -> None:
        """Give the family's people their ids."""
        self._family = family
        self._shape = family.shape
        self._numbers = numbers
        ids = iter(numbers.contacts)
        self._homes = [Contact(next(ids), nth) for nth in range(self._shape.home_contacts)]
        self._po_box = Contact(next(ids), 0, is_po_box=True) if self._shape.mailing == "po_box" else None
        self._adults = [Contact(next(ids), nth, adult) for nth, adult in enumerate(self._shape.adults)]

    def of(self, endpoint: str) -> list[Record]:
        """All records of the family at an endpoint other than School, in order."""
        family, numbers = self._family, self._numbers
        rng, children = family.rng(endpoint), range(len(self._shape.children))
        contacts = [*self._homes, *([self._po_box] if self._po_box else []), *self._adults]
        match endpoint:
            case "Student":
                return [student_record(rng, family, numbers, nth) for nth in children]
            case "UDRegUser":
                return [district_fields_record(rng, family, numbers, nth) for nth in children]
            case "StudentContact":
                return [link for nth in children for link in self._links(rng, nth)]
            case "Contact":
                return [self._contact(rng, contact) for contact in contacts]
            case "ContactAddress":
                known = (c for c in contacts if c.adult is None or c.adult.has_address)
                return [self._address(rng, contact) for contact in known]
            case "ContactPhone":
                return [phone for contact in contacts for phone in self._phones(rng, contact)]
        raise KeyError(endpoint)

    def _links(self, rng: Random, nth: int) -> list[Record]:
        physical = self._homes[nth % len(self._homes)] if self._homes else self._adults[0]
        mailing = self._adults[0] if self._shape.mailing == "guardian" else self._po_box or physical
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
            "studentId": padded(self._numbers.students[nth], 10),
            "contactId": contact.number,
            "contactType": contact_type,
            "contactPriority": number_or_text(rng, priority),
            "relationCode": padded(relation, 5),
            "livingWith": flag(lives_here),
            "webAccess": flag(is_guardian and rng.random() < 0.8),
        }
        gets_mail = is_guardian and (lives_here or rng.random() < 0.5)
        link |= {label: flag(gets_mail or contact_type == "M") for label in MAIL_FLAGS}
        return link | {
            # Every guardian has some right: a stepparent lives with the student or is a legal guardian.
            "legalGuard": flag(is_guardian and not (is_step and lives_here)),
            "custGuard": flag(is_guardian and lives_here and not is_step),
            "transportTo": flag(is_guardian and rng.random() < 0.6),
            "transportFrom": flag(contact_type in "GC" and rng.random() < 0.6),
            "comments": "May pick up after 3 pm" if contact_type == "C" and rng.random() < 0.05 else "",
            "changeDateTime": self._changed_at(rng),
        }

    def _contact(self, rng: Random, contact: Contact) -> Record:
        people, adult = self._family.people, contact.adult
        people_with_name = people.adults if adult or contact.is_po_box else people.children
        person = people_with_name[contact.nth]
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
            "language": padded(people.language, 5),
            "homeLanguage": padded(people.language, 5),
            "useForMailing": flag(adult is None or adult.contact_type == "G"),
            "employer": rng.choice(EMPLOYERS) if adult else "",
            "email": self._family.email(person, contact.number) if has_email else "",
            "emailPreference": "H" if has_email else "",
            "educationLevel": rng.choice(EDUCATION) if adult else "",
            "changeDateTime": self._changed_at(rng),
        }

    def _address(self, rng: Random, contact: Contact) -> Record:
        homes = self._family.homes
        address = homes.adults[contact.nth] if contact.adult else homes.children
        if contact.is_po_box:
            address = homes.po_box
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
            "zip": padded(address.postal_code, 9),
            "deliveryPoint": address.delivery_point,
            "changeDateTime": self._changed_at(rng),
        }

    def _phones(self, rng: Random, contact: Contact) -> list[Record]:
        if contact.adult:
            phones = [(kind, self._family.phone(contact.nth, kind)) for kind in contact.adult.phones]
        else:
            has_phone = self._shape.has_home_phone and not contact.is_po_box
            phones = [("H", self._family.home_phone(0))] if has_phone else []
        return [
            {
                "district": self._family.district.number,
                "contactId": contact.number,
                "phoneType": padded(kind, 5),
                "phoneListing": "N" if rng.random() < 0.05 else "Y",
                "phone": digits,
                "phoneExtension": str(rng.randint(10, 999)) if kind == "W" and rng.random() < 0.3 else "",
                "phonePriority": number_or_text(rng, priority),
                "changeDateTime": self._changed_at(rng),
            }
            for priority, (kind, digits) in enumerate(phones, 1)
        ]

    def _changed_at(self, rng: Random) -> str:
        return changed_at(rng, self._numbers.school_year)
