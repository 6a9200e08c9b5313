"""Every check counted once more, in SQL written by hand on the raw JSON: what fails, and out of how many.

Shares nothing with the dbt project but the raw records.
"""

from __future__ import annotations

import duckdb

RECORDS = {
    "school": ("School", "building name stateCodeEquiv", ["building"]),
    "student": (
        "Student",
        "studentId firstName lastName birthdate gender currentStatus building grade stateReportId",
        ["studentId"],
    ),
    "contact": ("Contact", "contactId firstName lastName email", ["contactId"]),
    "address": ("ContactAddress", "contactId streetName city state zip", ["contactId"]),
    "phone": ("ContactPhone", "contactId phoneType phone", ["contactId", "phoneType"]),
    "link": (
        "StudentContact",
        "studentId contactId contactType relationCode contactPriority",
        ["studentId", "contactId", "contactType"],
    ),
    "ud": ("UDRegUser", "studentId", ["studentId"]),
}
GUARDIAN = "contactId in (select contactId from link where contactType = 'G')"
GRADES = "('PK', 'KF', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12')"
DIALLED = "regexp_full_match(phone, '[2-9][0-9]{2}[2-9][0-9]{6}')"
OF_PEOPLE = "contactId in (select contactId from link where contactType in ('P', 'M', 'G'))"
AGE = "date_diff('month', cast(left(birthdate, 10) as date), today) / 12"

# check: (records that it is asked of, those that fail)
CHECKS = {
    "schools__school_id__unique": ("all_school", "count(*) - count(distinct building)"),
    "schools__name__required": ("school", "name is null"),
    "schools__state_school_id__required": ("school", "stateCodeEquiv is null"),
    "students__student_id__required": ("student", "studentId is null"),
    "students__student_id__unique": ("all_student", "count(studentId) - count(distinct studentId)"),
    "students__student_id__valid": ("student", "not regexp_full_match(studentId, '[A-Za-z0-9]{1,20}')"),
    "students__last_name__required": ("student", "lastName is null"),
    "students__first_name__required": ("student", "firstName is null"),
    "students__birth_date__required": ("student", "birthdate is null"),
    "students__birth_date__plausible": ("student", f"{AGE} < 2 or {AGE} >= 27"),
    "students__gender__accepted": ("student", "coalesce(gender, '') not in ('M', 'F')"),
    "students__enrollment_status__accepted": (
        "student",
        "coalesce(currentStatus, '') not in ('A', 'I', 'G', 'P')",
    ),
    "students__school_id__exists": (
        "student",
        "not exists (select 1 from school where school.building = student.building)",
    ),
    "students__grade__accepted": ("student", f"coalesce(grade, '') not in {GRADES}"),
    "students__state_student_id__required": ("student", "stateReportId is null"),
    "students__state_student_id__unique": (
        "student",
        "stateReportId in (select stateReportId from student group by 1 having count(*) > 1)",
    ),
    "students__physical_address__required": (
        "student",
        "studentId is not null and studentId not in "
        "(select studentId from link join address using (contactId) where contactType = 'P')",
    ),
    "students__guardian__required": (
        "student",
        "studentId is not null and studentId not in (select studentId from link where contactType = 'G')",
    ),
    "students__guardian_phone__required": (
        "student where studentId in (select studentId from link where contactType = 'G')",
        "studentId not in (select studentId from link join phone using (contactId) "
        f"where contactType = 'G' and {DIALLED})",
    ),
    "students__twins__suspected": (
        "student",
        "(firstName, lastName, birthdate) in (select (firstName, lastName, birthdate) from student "
        "where birthdate is not null and firstName is not null and lastName is not null "
        "group by all having count(*) > 1)",
    ),
    "contacts__contact_id__unique": ("all_contact", "count(contactId) - count(distinct contactId)"),
    "contacts__last_name__required": (f"contact where {GUARDIAN}", "lastName is null"),
    "contacts__first_name__required": (f"contact where {GUARDIAN}", "firstName is null"),
    "contacts__email__valid": (
        "contact",
        r"email is not null and not regexp_full_match(email, '[^@ ]+@[^@ ]+\.[a-z]+')",
    ),
    "contacts__person__duplicated": (
        f"contact where {GUARDIAN}",
        f"(firstName, lastName, email) in (select (firstName, lastName, email) from contact where {GUARDIAN} "
        "and firstName is not null and lastName is not null and email is not null "
        "group by all having count(*) > 1)",
    ),
    "student_contacts__link__unique": (
        "all_link",
        "count(*) - count(distinct concat_ws('/', studentId, contactId, contactType))",
    ),
    "student_contacts__student_id__exists": (
        "link",
        "not exists (select 1 from student where student.studentId = link.studentId)",
    ),
    "student_contacts__contact_id__exists": (
        "link",
        "not exists (select 1 from contact where contact.contactId = link.contactId)",
    ),
    "student_contacts__contact_type__accepted": (
        "link",
        "coalesce(contactType, '') not in ('P', 'M', 'G', 'C', 'O')",
    ),
    "student_contacts__relation__required": ("link where contactType = 'G'", "relationCode is null"),
    "student_contacts__priority__plausible": (
        "link where contactType = 'G'",
        "contactPriority = '99' or (studentId, contactPriority) in (select (studentId, contactPriority) "
        "from link where contactType = 'G' group by all having count(*) > 1)",
    ),
    "contact_addresses__contact_id__exists": (
        "address",
        "not exists (select 1 from contact where contact.contactId = address.contactId)",
    ),
    "contact_addresses__street__required": (f"address where {OF_PEOPLE}", "streetName is null"),
    "contact_addresses__city__required": ("address", "city is null"),
    "contact_addresses__state__accepted": ("address", "state is null or state in ('ZZ', 'XX')"),
    "contact_addresses__postal_code__valid": (
        "address",
        "not regexp_full_match(coalesce(zip, ''), '[0-9]{5}([0-9]{4})?')",
    ),
    "contact_phones__contact_id__exists": (
        "phone",
        "not exists (select 1 from contact where contact.contactId = phone.contactId)",
    ),
    "contact_phones__phone_number__required": ("phone", "phone is null"),
    "contact_phones__phone_number__valid": ("phone", f"not {DIALLED}"),
    "contact_phones__phone_type__unique": (
        "all_phone",
        "count(*) - count(distinct concat_ws('/', contactId, phoneType))",
    ),
    "ud_fields__student_id__exists": (
        "ud",
        "not exists (select 1 from student where student.studentId = ud.studentId)",
    ),
}


def count_by_hand(raw_store: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, tuple[int, int]]:
    """`{check_id: (failed, total)}` of a run in an attached raw_store, without the pull__ checks."""
    raw_store.execute(f"set variable run = '{run_id}'")
    for view, (endpoint, labels, key) in RECORDS.items():
        columns = ", ".join(f"nullif(trim(payload ->> '{label}'), '') as {label}" for label in labels.split())
        blank = " or ".join(f"{label} is null" for label in key)
        raw_store.execute(
            f"""
            create or replace temp view all_{view} as
            select {columns}, payload ->> 'changeDateTime' as changed, position
            from raw_store.plus360."{endpoint}" where run_id = getvariable('run');
            create or replace temp view {view} as
            select * from all_{view}
            qualify {blank} or row_number() over (
                partition by {", ".join(key)} order by changed desc nulls last, position desc
            ) = 1
            """
        )
    raw_store.execute(
        "create or replace temp macro today() as "
        "(select cast(min(started_at) as date) from raw_store.plus360.pulls "
        "where run_id = getvariable('run'))"
    )
    counts = {}
    for check, (population, fails) in CHECKS.items():
        failed = fails if fails.startswith("count(") else f"count(*) filter (where {fails})"
        failed = failed.replace("today", "today()")
        row = raw_store.execute(f"select {failed}, count(*) from {population}").fetchone()
        assert row is not None
        counts[check] = (row[0], row[1])
    return counts
