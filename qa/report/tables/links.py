"""The lines of the section Links: who is linked to whom, and what is duplicated, shared or missing."""

from __future__ import annotations

from dataclasses import dataclass

from qa.contract import Check, QaDocument

# The checks of each part of the list, in its order.
PARTS: dict[str, tuple[str, ...]] = {
    "missing": (
        "students__guardian__required",
        "students__guardian_phone__required",
        "students__physical_address__required",
    ),
    "duplicates": (
        "contacts__person__duplicated",
        "students__twins__suspected",
        "student_contacts__link__unique",
    ),
    "shared": ("students__state_student_id__shared", "students__state_student_id__unique"),
    "orphans": (
        "student_contacts__student_id__exists",
        "student_contacts__contact_id__exists",
        "contact_addresses__contact_id__exists",
        "contact_phones__contact_id__exists",
        "students__school_id__exists",
        "ud_fields__student_id__exists",
    ),
}
# From which endpoint to which a link leads, by its check.
ENDS: dict[str, tuple[str, str]] = {
    "student_contacts__student_id__exists": ("StudentContact", "Student"),
    "student_contacts__contact_id__exists": ("StudentContact", "Contact"),
    "contact_addresses__contact_id__exists": ("ContactAddress", "Contact"),
    "contact_phones__contact_id__exists": ("ContactPhone", "Contact"),
    "students__school_id__exists": ("Student", "School"),
    "ud_fields__student_id__exists": ("UDRegUser", "Student"),
}


@dataclass(frozen=True)
class GuardianBar:
    """How many students have so many guardians; width in percent of the largest number."""

    guardians: int
    students: int
    width: int


def link_parts(qa: QaDocument) -> dict[str, list[Check]]:
    """The checks of each part, those that this run has."""
    checks = {check.id: check for check in qa.checks}
    parts = {part: [checks[one] for one in ids if one in checks] for part, ids in PARTS.items()}
    return {part: found for part, found in parts.items() if found}


def guardian_bars(qa: QaDocument) -> list[GuardianBar]:
    """The bars of guardians per student; none where the numbers are not shown."""
    counts = {one.guardians: one.students for one in qa.guardians_per_student if one.students is not None}
    largest = max(counts.values(), default=0)
    if not largest:
        return []
    return [
        GuardianBar(guardians, students, round(100 * students / largest))
        for guardians, students in sorted(counts.items())
    ]
