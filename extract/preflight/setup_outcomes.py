"""What only the preflight sees of a district's setup; the outcomes of pulls are in `extract.outcomes`."""

from extract.outcomes import ADMIN, API_PROFILE, OPERATOR, SAVE, SUPPORT, Outcome

_ADVANCED_SETTINGS = (
    "Click View detail at Advanced Settings to open the API Profile Endpoint Advanced Settings."
)

# fmt: off
NO_BIRTH_DATES = Outcome(
    "no_birth_dates", "no student has a birth date", None, ADMIN,
    (API_PROFILE, _ADVANCED_SETTINGS, "Check Date of Birth for Get eSchoolPLUS/Student (v1).", SAVE),
)
PROFILE_MAY_BE_INACTIVE = Outcome(
    "profile_may_be_inactive", "the API Profile may not be active", None, ADMIN,
    (API_PROFILE, "Check Active.", SAVE),
)
NO_PRE_REGISTERED = Outcome(
    "no_pre_registered", "no pre-registered students", None, ADMIN,
    (API_PROFILE, "If the district has such students, check Include Pre-Registered Students.", SAVE),
)
NO_OUT_OF_DISTRICT = Outcome(
    "no_out_of_district", "no out-of-district buildings", None, ADMIN,
    (API_PROFILE, "If the district has such buildings, check Include Out of District.", SAVE),
)
LABELS_NOT_MAPPED = Outcome(
    "labels_not_mapped", "fields that we don't recognize, or that were never sent", None, OPERATOR,
    (
        "Add the label to its field in dbt_project/seeds/field_labels.csv, or to this district's "
        "label_synonyms.",
        "If the field is not sent under any name, open a case with PowerSchool support.",
    ),
)
NO_RECORDS = Outcome(
    "no_records", "no records", None, SUPPORT,
    ("Open a case with PowerSchool support: {subscriptions} answers, but without a record.",),
)
RUN_TOO_LONG = Outcome(
    "run_too_long", "a nightly run takes longer than the time budget", None, OPERATOR,
    ("Raise time_budget_seconds for this district.",),
)
# fmt: on
