"""What can be wrong in a generated district's data, by the id of the check that finds it.

To add a defect, add a line here. If it does more than change, duplicate or add one record, write a function
for it in `sandbox.defects.mutations` or `sandbox.defects.students`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.defects import mutations, students
from sandbox.defects.mutations import Defect, add_copy, change, duplicate, without_links
from sandbox.population.source import Record

DEFECTS: Mapping[str, Defect] = {
    "pull__labels__mapped": Defect("Student", mutations.new_label),
    "students__student_id__required": Defect("Student", students.blank_student_id),
    "students__student_id__unique": duplicate("Student"),
    "students__student_id__valid": Defect("Student", students.odd_student_id),
    "students__last_name__required": change("Student", "lastName", "", "   "),
    "students__first_name__required": change("Student", "firstName", "", "   "),
    "students__birth_date__required": change("Student", "birthdate", "", "02/30/2014", "spring 2014"),
    "students__birth_date__plausible": change(
        "Student", "birthdate", "1931-05-04T00:00:00", "2099-01-01T00:00:00"
    ),
    "students__gender__accepted": change("Student", "gender", "X", "U", "N"),
    "students__enrollment_status__accepted": change("Student", "currentStatus", "Z", "?"),
    "students__school_id__exists": change("Student", "building", "99999"),
    "students__grade__accepted": change("Student", "grade", "ZZ", "77"),
    "students__state_student_id__required": change("Student", "stateReportId", ""),
    "students__state_student_id__shared": Defect("Student", students.shared_state_id),
    "students__state_student_id__unique": Defect("Student", students.twins_with_one_state_id),
    "students__student_id__case_unique": Defect("Student", students.id_without_its_zeros),
    "students__name__characters": change(
        "Student", "middleName", "NULL", "None", ".", '{"a": 1}', "=Lee", "@home", "An\u0007n"
    ),
    "students__name__marked_duplicate": change(
        "Student", "middleName", "DUPE", "(duplicate)", "do not use", "Test", "dupe2"
    ),
    "students__physical_address__required": without_links("P"),
    "students__guardian__required": without_links("G"),
    "students__guardian_phone__required": Defect("Student", mutations.guardians_without_phone),
    "students__twins__suspected": Defect("Student", students.student_entered_twice),
    "contacts__contact_id__unique": duplicate("Contact"),
    "contacts__last_name__required": change("Contact", "lastName", "", "  ", among="guardians"),
    "contacts__first_name__required": change("Contact", "firstName", "", "  ", among="guardians"),
    "contacts__name__characters": change(
        "Contact", "middleName", "NULL", "None", ".", '{"a": 1}', "=Lee", "@home", "An\u0007n"
    ),
    "contacts__email__valid": change(
        "Contact", "email", "not an address", "parent@", "@example.com", "n/a", among="with email"
    ),
    "contacts__person__duplicated": Defect("Contact", mutations.guardian_entered_twice),
    "student_contacts__link__unique": duplicate("StudentContact", among="physical links"),
    "student_contacts__student_id__exists": add_copy("StudentContact", studentId="unused", contactType="C"),
    "student_contacts__contact_id__exists": add_copy("StudentContact", contactId="unused", contactType="C"),
    "student_contacts__contact_type__accepted": add_copy("StudentContact", contactType="X"),
    "student_contacts__relation__required": change(
        "StudentContact", "relationCode", "", "     ", among="guardian links"
    ),
    "student_contacts__relation__accepted": change(
        "StudentContact", "relationCode", "ZZZZ", "QQ", among="guardian links"
    ),
    "student_contacts__guardian__has_rights": Defect("StudentContact", mutations.guardian_without_rights),
    "student_contacts__priority__plausible": Defect("StudentContact", mutations.odd_priority),
    "contact_addresses__contact_id__exists": add_copy("ContactAddress", contactId="unused"),
    "contact_addresses__street__required": change("ContactAddress", "streetName", "", among="only guardians"),
    "contact_addresses__city__required": change("ContactAddress", "city", "", among="only guardians"),
    "contact_addresses__state__accepted": change(
        "ContactAddress", "state", "ZZ", "XX", among="only guardians"
    ),
    "contact_addresses__postal_code__valid": change(
        "ContactAddress", "zip", "5361", "ABCDE", "536101", among="only guardians"
    ),
    "contact_phones__contact_id__exists": add_copy("ContactPhone", contactId="unused"),
    "contact_phones__phone_type__accepted": change(
        "ContactPhone", "phoneType", "ZZ", "QQ", among="no guardians"
    ),
    "contact_phones__phone_number__required": change("ContactPhone", "phone", "", " ", among="no guardians"),
    "contact_phones__phone_number__valid": change(
        "ContactPhone", "phone", "5550142", "0905550142", "5901550142", among="no guardians"
    ),
    "contact_phones__phone_type__unique": duplicate("ContactPhone"),
    "ud_fields__record__kept": add_copy("UDRegUser"),
    "ud_fields__student_id__exists": add_copy("UDRegUser", studentId="unused"),
    # Missing records. No check has this name: it shows in the checks of the records that referred to them.
    "lost_contact": Defect("Contact", mutations.lost_contact),
    "lost_student": Defect("Student", students.lost_student),
}

# Each changes one school, given the School records and an index.
SCHOOL_DEFECTS: Mapping[str, Callable[[list[Record], int], None]] = {
    "schools__school_id__unique": mutations.duplicate_school,
    "schools__name__required": mutations.blank_school("name"),
    "schools__state_school_id__required": mutations.blank_school("stateCodeEquiv"),
}
