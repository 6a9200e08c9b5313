"""Every check counted a second time, in plain Python: how many records fail it, and out of how many.

Shares no code with the dbt project, so the two can be compared. It also counts what fails in records that the
sandbox serves, with the defects planted there. The checks of the pull itself (`pull__...`) are not here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from district.endpoints import ENDPOINTS
from tests.guardians_by_hand import entered_twice
from tests.names_by_hand import has_odd_name, is_marked_as_duplicate, no_name, shared_with_another_child
from tests.records_by_hand import (
    Fails,
    Record,
    birthday_of,
    blank,
    key_of,
    latest_district_fields,
    latest_of_each,
    not_in,
    not_like,
    shared,
    text,
)

# {check_id: (failed, total)}
Counts = dict[str, tuple[int, int]]

GRADES = {"PK", "KF", *(f"{grade:02d}" for grade in range(1, 13))}
STUDENT_ID = re.compile(r"[A-Za-z0-9]{1,20}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE_NUMBER = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
# Codes that no seed has, of relations and phone types.
UNKNOWN = {"ZZZZ", "ZZ", "QQ"}
FAX_AND_PAGER = {"F", "P"}
POSTAL_CODE = re.compile(r"\d{5}(\d{4})?")


class CountedChecks:
    """The counts of all checks over the records of the seven endpoints."""

    def __init__(self, records: Mapping[str, Iterable[Record]], today: date) -> None:
        self.counts: Counts = {}
        self.all = {name: list(of_endpoint) for name, of_endpoint in records.items()}
        self.today = today
        latest = {
            endpoint.name: latest_of_each(self.all[endpoint.name], endpoint.keys) for endpoint in ENDPOINTS
        }
        self.schools, self.contacts = latest["School"], latest["Contact"]
        self.addresses, self.phones = latest["ContactAddress"], latest["ContactPhone"]
        self.links, self.students = latest["StudentContact"], latest["Student"]
        self.fields = latest_district_fields(self.all["UDRegUser"])
        self.contact_ids = {text(contact, "contactId") for contact in self.contacts}
        self.without_student = not_in("studentId", {text(student, "studentId") for student in self.students})
        self.guardian_links = [link for link in self.links if text(link, "contactType") == "G"]
        self.check_schools()
        self.check_students()
        self.check_links_of_students()
        self.check_contacts()
        self.check_student_contacts()
        self.check_addresses()
        self.check_phones()
        self.check("ud_fields__student_id__exists", self.fields, self.without_student)
        # A dictionary has no label twice.
        for mart, records in (
            ("schools", self.all["School"]),
            ("contacts", self.all["Contact"]),
            ("students", self.all["Student"]),
            ("student_contacts", self.links),
            ("contact_addresses", self.addresses),
            ("contact_phones", self.all["ContactPhone"]),
            ("ud_fields", self.all["UDRegUser"]),
        ):
            self.check(f"{mart}__labels__unique", records, lambda record: False)
        received = len(self.all["UDRegUser"])
        self.counts["ud_fields__record__kept"] = (received - len(self.fields), received)

    def check(self, name: str, records: Iterable[Record], fails: Fails) -> None:
        failures = [fails(record) for record in records]
        self.counts[name] = (sum(failures), len(failures))

    def check_key(self, name: str, endpoint: str) -> None:
        """Of the records with one key, all but one fail."""
        (labels,) = (known.keys for known in ENDPOINTS if known.name == endpoint)
        keys = [key for record in self.all[endpoint] if all(key := key_of(record, labels))]
        self.counts[name] = (len(keys) - len(set(keys)), len(self.all[endpoint]))

    def linked_as(self, *contact_types: str) -> set[str]:
        return {text(link, "contactId") for link in self.links if text(link, "contactType") in contact_types}

    def check_schools(self) -> None:
        self.check_key("schools__school_id__unique", "School")
        self.check("schools__name__required", self.schools, blank("name"))
        self.check("schools__state_school_id__required", self.schools, blank("stateCodeEquiv"))

    def check_students(self) -> None:
        students = self.students
        self.check("students__student_id__required", students, blank("studentId"))
        self.check_key("students__student_id__unique", "Student")
        self.check("students__student_id__valid", students, not_like("studentId", STUDENT_ID))
        self.check("students__last_name__required", students, no_name("lastName"))
        self.check("students__first_name__required", students, no_name("firstName"))
        self.check("students__birth_date__required", students, lambda s: birthday_of(s) is None)
        self.check("students__birth_date__plausible", students, self.has_odd_age)
        self.check("students__gender__accepted", students, not_in("gender", "MF"))
        self.check("students__enrollment_status__accepted", students, not_in("currentStatus", "AIGP"))
        buildings = {text(school, "building") for school in self.schools}
        self.check("students__school_id__exists", students, not_in("building", buildings))
        self.check("students__grade__accepted", students, not_in("grade", GRADES))
        self.check("students__state_student_id__required", students, blank("stateReportId"))
        shares_state_id = shared(students, "stateReportId")
        of_another = shared_with_another_child(students)
        self.check("students__state_student_id__shared", students, of_another)
        self.check(
            "students__state_student_id__unique", students, lambda s: shares_state_id(s) and not of_another(s)
        )
        ids = Counter(text(student, "studentId").lower().lstrip("0") for student in students)
        self.check(
            "students__student_id__case_unique",
            students,
            lambda s: bool(text(s, "studentId")) and ids[text(s, "studentId").lower().lstrip("0")] > 1,
        )
        self.check("students__name__characters", students, has_odd_name)
        enrolled = [student for student in students if text(student, "currentStatus") in ("A", "P")]
        self.check("students__name__marked_duplicate", enrolled, is_marked_as_duplicate)
        twins = shared(students, "firstName", "lastName", "birthdate")
        self.check("students__twins__suspected", students, twins)

    def has_odd_age(self, student: Record) -> bool:
        """Younger than 2, or 27 and older."""
        if (birthday := birthday_of(student)) is None:
            return False
        today = self.today
        age = today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
        return not 2 <= age < 27

    def check_links_of_students(self) -> None:
        has_address = {text(address, "contactId") for address in self.addresses}
        with_address = {
            text(link, "studentId")
            for link in self.links
            if text(link, "contactType") == "P" and text(link, "contactId") in has_address
        }
        # What is in the file: any voice phone, also one that can't be dialed.
        can_be_called = {
            text(phone, "contactId")
            for phone in self.phones
            if text(phone, "phone") and text(phone, "phoneType") not in FAX_AND_PAGER
        }
        with_guardian = {text(link, "studentId") for link in self.guardian_links}
        with_phone = {
            text(link, "studentId")
            for link in self.guardian_links
            if text(link, "contactId") in can_be_called
        }
        for check, students in (
            ("students__physical_address__required", with_address),
            ("students__guardian__required", with_guardian),
        ):
            self.check(check, self.students, not_in("studentId", students | {""}))
        have_guardian = [s for s in self.students if text(s, "studentId") in with_guardian]
        self.check("students__guardian_phone__required", have_guardian, not_in("studentId", with_phone))

    def check_contacts(self) -> None:
        guardian_ids = self.linked_as("G")
        guardians = [contact for contact in self.contacts if text(contact, "contactId") in guardian_ids]
        self.check_key("contacts__contact_id__unique", "Contact")
        self.check("contacts__last_name__required", guardians, no_name("lastName"))
        self.check("contacts__first_name__required", guardians, no_name("firstName"))
        self.check("contacts__name__characters", self.contacts, has_odd_name)
        self.check("contacts__email__valid", self.contacts, not_like("email", EMAIL))
        twice = entered_twice(guardians, self.guardian_links, self.phones, self.addresses)
        self.check("contacts__person__duplicated", guardians, lambda c: text(c, "contactId") in twice)

    def check_student_contacts(self) -> None:
        self.check_key("student_contacts__link__unique", "StudentContact")
        self.check("student_contacts__student_id__exists", self.links, self.without_student)
        self.check("student_contacts__contact_id__exists", self.links, not_in("contactId", self.contact_ids))
        self.check("student_contacts__contact_type__accepted", self.links, not_in("contactType", "PMGCO"))
        guardian_links = self.guardian_links
        self.check("student_contacts__relation__required", guardian_links, blank("relationCode"))
        self.check(
            "student_contacts__relation__accepted",
            self.links,
            lambda link: text(link, "relationCode") in UNKNOWN,
        )
        # Neither sandbox nor sample leaves all three labels out: then the check would not be evaluated.
        self.check(
            "student_contacts__guardian__has_rights",
            guardian_links,
            lambda link: "Y" not in key_of(link, ("legalGuard", "custGuard", "livingWith")),
        )
        same_priority = shared(guardian_links, "studentId", "contactPriority")
        self.check(
            "student_contacts__priority__plausible",
            guardian_links,
            lambda link: text(link, "contactPriority") == "99" or same_priority(link),
        )

    def check_addresses(self) -> None:
        used = self.linked_as("P", "M", "G")
        of_students = [address for address in self.addresses if text(address, "contactId") in used]
        addresses = self.addresses
        self.check("contact_addresses__contact_id__exists", addresses, not_in("contactId", self.contact_ids))
        self.check("contact_addresses__street__required", of_students, blank("streetName"))
        self.check("contact_addresses__city__required", addresses, blank("city"))
        self.check(
            "contact_addresses__state__accepted", addresses, lambda a: text(a, "state") in ("", "ZZ", "XX")
        )
        self.check(
            "contact_addresses__postal_code__valid",
            addresses,
            lambda a: not POSTAL_CODE.fullmatch(text(a, "zip")),
        )

    def check_phones(self) -> None:
        self.check("contact_phones__contact_id__exists", self.phones, not_in("contactId", self.contact_ids))
        self.check(
            "contact_phones__phone_type__accepted", self.phones, lambda p: text(p, "phoneType") in UNKNOWN
        )
        self.check("contact_phones__phone_number__required", self.phones, blank("phone"))
        self.check("contact_phones__phone_number__valid", self.phones, not_like("phone", PHONE_NUMBER))
        self.check_key("contact_phones__phone_type__unique", "ContactPhone")


def count_by_hand(records: Mapping[str, Iterable[Record]], today: date) -> Counts:
    """`{check_id: (failed, total)}` over the records of the seven endpoints."""
    return CountedChecks(records, today).counts


def failed_by_hand(records: Mapping[str, Iterable[Record]], today: date) -> dict[str, int]:
    """`{check_id: failed}`, without the checks that nothing fails."""
    counts = count_by_hand(records, today)
    return {check: failed for check, (failed, _total) in counts.items() if failed}
