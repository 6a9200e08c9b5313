"""Why records fail, over all of them, in words."""

from __future__ import annotations

import re

from district.checkout import DBT_PROJECT
from qa.report.words import FIELDS, REASONS
from tests.qa.conftest import BIRTH_DATE, DistrictFolder

# Where the SQL of a check gives its reason: `then 'code'`, `else 'code'`, or the last argument of `failing`.
GIVES = re.compile(r"""(?:then|else) '([a-z]\w*)'|,\s+'([a-z]\w*)'\) \}\}|'([a-z]\w*)' as reason""")


def reasons_in_sql() -> set[str]:
    macros = DBT_PROJECT / "macros"
    files = [
        *sorted((DBT_PROJECT / "models" / "checks").glob("checks_*.sql")),
        macros / "checks" / "facts.sql",
        macros / "text" / "normalize.sql",
    ]
    return {max(codes) for file in files for codes in GIVES.findall(file.read_text(encoding="utf-8"))}


def test_every_reason_has_words() -> None:
    reasons = reasons_in_sql()
    assert {"blank", "not_a_date", "set_to_99", "means_blank", "dropped", "label_never_sent"} <= reasons
    assert reasons - {*REASONS} == set()


def test_every_field_that_a_check_names_has_words() -> None:
    """As the import's headings or eSchoolPLUS call it: no reader sees a code."""
    names = re.compile(r"failing\(\s*'\w+',\s*'[^']+',\s*'(\w+)'")
    files = sorted((DBT_PROJECT / "models" / "checks").glob("checks_*.sql"))
    fields = {field for file in files for field in names.findall(file.read_text(encoding="utf-8"))}
    assert {"birth_date", "postal_code", "guardian_phone"} <= fields
    assert fields - {*FIELDS} == set()


def test_a_finding_counts_its_reasons_over_all_records(district: DistrictFolder) -> None:
    for student in district.records["Student"][20:26]:
        student["birthdate"] = "soon"
    document = district.night(failing={BIRTH_DATE: 12})
    told = next(finding for finding in document.findings if finding.id == BIRTH_DATE)
    assert [(one.reason, one.records) for one in told.reasons] == [("blank", 12), ("not_a_date", 6)]
    assert sum(one.records for one in told.reasons) == told.failed
