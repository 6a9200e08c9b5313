"""What can be wrong in a generated district's data, by the id of the check that finds it.

To add a defect, add a line here; what it needs beyond changing, doubling or straying a record goes to
`sandbox.defects.mutations`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.defects import mutations as spoilers
from sandbox.defects.mutations import Defect, change, double, stray, without_links
from sandbox.population.source import Record

DEFECTS: Mapping[str, Defect] = {
    "pull__labels__mapped": Defect("Student", spoilers.new_label),
    "students__student_id__required": Defect("Student", spoilers.blank_student_id),
    "students__student_id__unique": double("Student"),
    "students__student_id__valid": Defect("Student", spoilers.odd_student_id),
    "students__last_name__required": change("Student", "lastName", "", "   "),
    "students__first_name__required": change("Student", "firstName", "", "   "),
    "students__birth_date__required": change("Student", "birthdate", ""),
    "students__birth_date__plausible": change(
        "Student", "birthdate", "1931-05-04T00:00:00", "2099-01-01T00:00:00"
    ),
    "students__gender__accepted": change("Student", "gender", "X", "U", "N"),
    "students__enrollment_status__accepted": change("Student", "currentStatus", "Z", "?"),
    "students__school_id__exists": change("Student", "building", "99999"),
    "students__grade__accepted": change("Student", "grade", "ZZ", "77"),
    "students__state_student_id__required": change("Student", "stateReportId", ""),
    "students__state_student_id__unique": Defect("Student", spoilers.one_state_id),
    "students__physical_address__required": without_links("P"),
    "students__guardian__required": without_links("G"),
    "students__guardian_phone__required": Defect("Student", spoilers.guardians_without_phone),
    "students__twins__suspected": Defect("Student", spoilers.entered_twice),
    "contacts__contact_id__unique": double("Contact"),
    "contacts__last_name__required": change("Contact", "lastName", "", "  ", among="guardians"),
    "contacts__first_name__required": change("Contact", "firstName", "", "  ", among="guardians"),
    "contacts__email__valid": change(
        "Contact", "email", "not an address", "parent@", "@example.com", "n/a", among="with email"
    ),
    "contacts__person__duplicated": Defect("Contact", spoilers.guardian_doubled),
    "student_contacts__link__unique": double("StudentContact", among="physical links"),
    "student_contacts__student_id__exists": stray("StudentContact", studentId="spare", contactType="C"),
    "student_contacts__contact_id__exists": stray("StudentContact", contactId="spare", contactType="C"),
    "student_contacts__contact_type__accepted": stray("StudentContact", contactType="X"),
    "student_contacts__relation__required": change(
        "StudentContact", "relationCode", "", "     ", among="guardian links"
    ),
    "student_contacts__priority__plausible": Defect("StudentContact", spoilers.odd_priority),
    "contact_addresses__contact_id__exists": stray("ContactAddress", contactId="spare"),
    "contact_addresses__street__required": change("ContactAddress", "streetName", "", among="only guardians"),
    "contact_addresses__city__required": change("ContactAddress", "city", "", among="only guardians"),
    "contact_addresses__state__accepted": change(
        "ContactAddress", "state", "ZZ", "XX", among="only guardians"
    ),
    "contact_addresses__postal_code__valid": change(
        "ContactAddress", "zip", "5361", "ABCDE", "536101", among="only guardians"
    ),
    "contact_phones__contact_id__exists": stray("ContactPhone", contactId="spare"),
    "contact_phones__phone_number__required": change("ContactPhone", "phone", "", " ", among="no guardians"),
    "contact_phones__phone_number__valid": change(
        "ContactPhone", "phone", "5550142", "0905550142", "5901550142", among="no guardians"
    ),
    "contact_phones__phone_type__unique": double("ContactPhone"),
    "ud_fields__student_id__exists": stray("UDRegUser", studentId="spare"),
    # Records that did not come, with all that follows; no check is named so.
    "lost_contact": Defect("Contact", spoilers.lost_contact),
    "lost_student": Defect("Student", spoilers.lost_student),
}

# Each spoils one school of its own, given the School records and which of them.
SCHOOL_DEFECTS: Mapping[str, Callable[[list[Record], int], None]] = {
    "schools__school_id__unique": spoilers.double_school,
    "schools__name__required": spoilers.blank_school("name"),
    "schools__state_school_id__required": spoilers.blank_school("stateCodeEquiv"),
}
