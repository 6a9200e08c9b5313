"""The words of the report that stand for a code: levels, states, owners."""

from __future__ import annotations

from datetime import date, datetime

from district.network.hours import clock_time
from extract.outcomes import Owner, PullState
from qa.contract_types import CheckState, Choice, Level, Verdict
from qa.profile.contract import Group, LabelState
from qa.report import reasons

OWNERS: dict[Owner, str] = {
    "district secretary": "The district's school secretary, in eSchoolPLUS",
    "district SIS admin": "The district's SIS admin, in eSchoolPLUS",
    "PowerSchool support": "PowerSchool support (open a case)",
    "plus360 operator": "The plus360 operator",
}
# The same in a heading, where there is little room.
SHORT_OWNERS: dict[Owner, str] = {
    "district secretary": "School secretary",
    "district SIS admin": "District SIS admin",
    "PowerSchool support": "PowerSchool support",
    "plus360 operator": "plus360 operator",
}
LEVELS: dict[Level, str] = {
    "stop": "Blocks the load",
    "hold": "Waiting for a decision",
    "error": "Can't be loaded",
    "warn": "Please fix",
}
CONSEQUENCES: dict[Level, str] = {
    "stop": "nothing from this run was published",
    "hold": "nothing from this run is published until a person decides",
    "error": "these records are sent as last loaded, or left out if they are new",
    "warn": "does not block the load",
}
# What stands for a hold and its consequence once a person has decided.
DECIDED: dict[Choice, str] = {"released": "Released", "discarded": "Discarded"}
SINCE_DECIDED: dict[Choice, str] = {
    "released": "a person looked at this and released the load",
    "discarded": "a person looked at this and discarded the load, so nothing from this run was published",
}
# What the table of a load's effects shows, by the run's verdict.
DOES: dict[Verdict, str] = {
    "published": "What this load did in the special-programs system",
    "held": "What this load would do in the special-programs system",
    "stopped": "What this load would have done in the special-programs system",
    "failed": "What this load would have done in the special-programs system",
}
DOES_WHEN_DELIVERED = "What this load will do in the special-programs system when it is delivered"
VERDICTS: dict[Verdict, str] = {
    "published": "Published",
    "held": "Held",
    "stopped": "Stopped",
    "failed": "Failed",
}
# Since when runs end so: not the date of the data.
VERDICT_SINCE: dict[Verdict, str] = {
    "published": "Every run published since",
    "held": "Held since",
    "stopped": "Every run stopped since",
    "failed": "Every run failed since",
}
# The sections by their ids, in the report's order; the last three are its appendix.
SECTIONS: dict[str, str] = {
    "verdict": "Verdict",
    "fix-first": "Fix first",
    "endpoints": "Endpoints",
    "changes": "Changes",
    "completeness": "Completeness",
    "links": "Links",
    "labels": "Labels",
    "checks": "All checks",
    "run": "Run",
    "reading": "How to read this",
}
GROUPS: dict[Group, str] = {"students": "Enrolled students", "guardians": "Guardians"}
LABEL_STATES: dict[LabelState, str] = {
    "mapped": "Mapped",
    "unmapped": "Not recognized",
    "never_sent": "Never sent",
}
# The fields of the section Completeness, by their codes.
COMPLETENESS_FIELDS: dict[str, str] = {
    "birth_date": "Birth date",
    "gender": "Gender",
    "grade": "Grade",
    "school_id": "School",
    "state_student_id": "State id",
    "physical_address": "Address",
    "address": "Address",
    "home_phone": "Home phone",
    "guardian": "Guardian",
    "guardian_phone": "Guardian phone",
    "phone": "Any phone",
    "cell_phone": "Cell phone",
    "email": "Email",
    "relation": "Relation",
    "race": "Race",
    "home_language": "Home language",
    "iep": "IEP yes or no",
}
# The fields that a check names, by their codes: as the headings of the import call them where they are in it,
# and else as eSchoolPLUS does.
FIELDS: dict[str, str] = {
    "birth_date": "Date of Birth",
    "city": "City",
    "contact_id": "Guardian Id",
    "contact_priority": "Priority",
    "contact_type": "Contact Type",
    "email": "Email",
    "enrollment_status": "Status",
    "first_name": "First Name",
    "gender": "Gender",
    "grade": "Grade",
    "guardian": "Guardian",
    "guardian_phone": "Guardian's phone",
    "labels": "Fields",
    "last_name": "Last Name",
    "name": "Name",
    "phone_number": "Phone",
    "phone_type": "Phone Type",
    "physical_address": "Address",
    "postal_code": "Zip",
    "relation": "Relationship",
    "school_id": "Building",
    "state": "State",
    "state_school_id": "Building Reporting Id",
    "state_student_id": "Student Reporting Id",
    "street_name": "Street",
    "student_id": "Student Id",
}
CHECK_STATES: dict[CheckState, str] = {
    "passed": "Passed",
    "failed": "Failed",
    "not_evaluated": "Not evaluated",
    "crashed": "Crashed",
}
PULL_STATES: dict[PullState, str] = {
    "complete": "Complete",
    "unreconciled": "Records don't match",
    "refused": "Refused",
    "broken": "Broken off",
    "missing": "Not requested",
}
# Why a record fails a check, or a load would delete it.
REASONS = reasons.REASONS

REPORT_TITLE = "District QA report {district} {run_id}"
# How long a run took. In the scan's list, because a person may be called Min.
DURATION = "{minutes} min {seconds} s"
# What a document without its texts says in their place.
WITHHELD = "Withheld."
WITHHELD_POPULATION = "records"
WITHHELD_HEADLINE = "{id}: {failed:,} of {total:,} records"

# The numbers beside a chart's scale. They are round and count nothing, but a house may have the same number.
SCALE_NUMBERS = tuple(f"{first * 10**zeros:,}" for zeros in range(3, 8) for first in (1, 2, 4, 5))

ALL_WORDS = (
    DOES_WHEN_DELIVERED,
    *SCALE_NUMBERS,
    REPORT_TITLE,
    DURATION,
    WITHHELD,
    WITHHELD_POPULATION,
    WITHHELD_HEADLINE,
    *(
        word
        for words in (
            OWNERS,
            SHORT_OWNERS,
            VERDICTS,
            VERDICT_SINCE,
            SECTIONS,
            GROUPS,
            LABEL_STATES,
            COMPLETENESS_FIELDS,
            FIELDS,
            LEVELS,
            CONSEQUENCES,
            DECIDED,
            SINCE_DECIDED,
            DOES,
            CHECK_STATES,
            PULL_STATES,
            REASONS,
        )
        for word in words.values()
    ),
)


def times_of(moment: datetime) -> tuple[str, ...]:
    """A moment as qa.json, a date cell, a time cell and a chart write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}", day_of(moment), time_of(moment), short_day_of(moment)


def short_day_of(day: date) -> str:
    """A day as in "Nov 23"."""
    return f"{day:%b} {day.day}"


def day_of(moment: datetime) -> str:
    """A day as in "Mon Nov 23, 2026"."""
    return f"{moment:%a %b} {moment.day}, {moment:%Y}"


def time_of(moment: datetime) -> str:
    """A moment as in "Mon Nov 23, 2026, 2:00 a.m. UTC"."""
    return f"{day_of(moment)}, {clock_of(moment)} UTC"


def clock_of(moment: datetime) -> str:
    """A time of day as in "2:00 a.m."."""
    return clock_time(moment.time())
