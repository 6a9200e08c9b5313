"""The checks counted once more, record by record, from what a district serves; knows of no defect."""

import re
from collections import Counter, defaultdict
from datetime import date

NO_STATES = {"", "ZZ", "XX"}
GRADES = {"PK", "KF", *(f"{grade:02d}" for grade in range(1, 13))}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")


def text(record, label):
    value = record.get(label)
    return "" if value is None else str(value).strip()


def first_of_each(records, *labels):
    """Records without the later ones of a doubled key, and without those of a blank key."""
    kept = {}
    for record in records:
        key = tuple(text(record, label) for label in labels)
        if all(key):
            kept.setdefault(key, record)
    return list(kept.values())


def doubled(records, *labels):
    keys = [tuple(text(record, label) for label in labels) for record in records]
    keys = [key for key in keys if all(key)]
    return len(keys) - len(set(keys))


def sharing(records, *labels):
    """Records that share a value, none of it blank, with another one."""
    seen = Counter(tuple(text(record, label) for label in labels) for record in records)
    return sum(number for key, number in seen.items() if number > 1 and all(key))


def count_failures(rows, today):
    """`{check_id: failed}` over the seven endpoints' records, zeros left out."""
    failed = Counter()

    def count(check, records, fails):
        failed[check] += sum(bool(fails(record)) for record in records)

    schools = first_of_each(rows["School"], "building")
    failed["schools__school_id__unique"] = doubled(rows["School"], "building")
    count("schools__name__required", schools, lambda r: not text(r, "name"))
    count("schools__state_school_id__required", schools, lambda r: not text(r, "stateCodeEquiv"))

    students = first_of_each(rows["Student"], "studentId")
    count("students__student_id__required", rows["Student"], lambda r: not text(r, "studentId"))
    failed["students__student_id__unique"] = doubled(rows["Student"], "studentId")
    count(
        "students__student_id__valid",
        students,
        lambda r: not re.fullmatch(r"[A-Za-z0-9]{1,20}", text(r, "studentId")),
    )
    for check, label in (
        ("students__last_name__required", "lastName"),
        ("students__first_name__required", "firstName"),
        ("students__birth_date__required", "birthdate"),
        ("students__state_student_id__required", "stateReportId"),
    ):
        count(check, students, lambda r, label=label: not text(r, label))
    ages = [
        (today - date.fromisoformat(text(r, "birthdate")[:10])).days / 365.25
        for r in students
        if text(r, "birthdate")
    ]
    failed["students__birth_date__plausible"] = sum(not 2 <= age <= 27 for age in ages)
    count("students__gender__accepted", students, lambda r: text(r, "gender") not in ("M", "F"))
    count(
        "students__enrollment_status__accepted",
        students,
        lambda r: text(r, "currentStatus") not in ("A", "I", "G", "P"),
    )
    buildings = {text(r, "building") for r in schools}
    count("students__school_id__exists", students, lambda r: text(r, "building") not in buildings)
    count("students__grade__accepted", students, lambda r: text(r, "grade") not in GRADES)
    failed["students__state_student_id__unique"] = sharing(students, "stateReportId")
    failed["students__twins__suspected"] = sharing(students, "firstName", "lastName", "birthdate")

    contacts = {text(r, "contactId"): r for r in first_of_each(rows["Contact"], "contactId")}
    links = first_of_each(rows["StudentContact"], "studentId", "contactId", "contactType")
    addresses = {text(r, "contactId"): r for r in first_of_each(rows["ContactAddress"], "contactId")}
    phones = first_of_each(rows["ContactPhone"], "contactId", "phoneType")
    of_student = defaultdict(lambda: defaultdict(list))
    of_type = defaultdict(set)
    for link in links:
        of_student[text(link, "studentId")][text(link, "contactType")].append(link)
        of_type[text(link, "contactType")].add(text(link, "contactId"))
    reachable = {text(r, "contactId") for r in phones if PHONE.fullmatch(text(r, "phone"))}

    def contacts_of(student, contact_type):
        return [text(link, "contactId") for link in of_student[text(student, "studentId")][contact_type]]

    count(
        "students__physical_address__required",
        students,
        lambda r: not any(contact in addresses for contact in contacts_of(r, "P")),
    )
    count("students__guardian__required", students, lambda r: not contacts_of(r, "G"))
    count(
        "students__guardian_phone__required",
        students,
        lambda r: contacts_of(r, "G") and not reachable & set(contacts_of(r, "G")),
    )

    guardians = [contacts[number] for number in of_type["G"] if number in contacts]
    failed["contacts__contact_id__unique"] = doubled(rows["Contact"], "contactId")
    count("contacts__last_name__required", guardians, lambda r: not text(r, "lastName"))
    count("contacts__first_name__required", guardians, lambda r: not text(r, "firstName"))
    count(
        "contacts__email__valid",
        contacts.values(),
        lambda r: text(r, "email") and not EMAIL.fullmatch(text(r, "email")),
    )
    failed["contacts__person__duplicated"] = sharing(guardians, "firstName", "lastName", "email")

    ids = {text(r, "studentId") for r in students}
    failed["student_contacts__link__unique"] = doubled(
        rows["StudentContact"], "studentId", "contactId", "contactType"
    )
    count("student_contacts__student_id__exists", links, lambda r: text(r, "studentId") not in ids)
    count("student_contacts__contact_id__exists", links, lambda r: text(r, "contactId") not in contacts)
    count(
        "student_contacts__contact_type__accepted",
        links,
        lambda r: text(r, "contactType") not in ("P", "M", "G", "C", "O"),
    )
    guardian_links = [r for r in links if text(r, "contactType") == "G"]
    count("student_contacts__relation__required", guardian_links, lambda r: not text(r, "relationCode"))
    failed["student_contacts__priority__plausible"] = sharing(
        guardian_links, "studentId", "contactPriority"
    ) + sum(text(r, "contactPriority") == "99" for r in guardian_links)

    count(
        "contact_addresses__contact_id__exists",
        rows["ContactAddress"],
        lambda r: text(r, "contactId") not in contacts,
    )
    lived_at = of_type["P"] | of_type["M"] | of_type["G"]
    count(
        "contact_addresses__street__required",
        addresses.values(),
        lambda r: text(r, "contactId") in lived_at and not text(r, "streetName"),
    )
    count("contact_addresses__city__required", addresses.values(), lambda r: not text(r, "city"))
    count("contact_addresses__state__accepted", addresses.values(), lambda r: text(r, "state") in NO_STATES)
    count(
        "contact_addresses__postal_code__valid",
        addresses.values(),
        lambda r: not re.fullmatch(r"\d{5}(\d{4})?", text(r, "zip")),
    )
    count("contact_phones__contact_id__exists", phones, lambda r: text(r, "contactId") not in contacts)
    count("contact_phones__phone_number__required", phones, lambda r: not text(r, "phone"))
    count(
        "contact_phones__phone_number__valid",
        phones,
        lambda r: text(r, "phone") and not PHONE.fullmatch(text(r, "phone")),
    )
    failed["contact_phones__phone_type__unique"] = doubled(rows["ContactPhone"], "contactId", "phoneType")
    count("ud_fields__student_id__exists", rows["UDRegUser"], lambda r: text(r, "studentId") not in ids)
    return {check: number for check, number in failed.items() if number}
