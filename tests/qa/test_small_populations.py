"""Fewer than ten people are never counted, and no step over the threshold tells who came or went."""

from __future__ import annotations

import itertools
import re

import pytest

from district.checkout import DBT_PROJECT
from district.endpoints import ENDPOINTS
from extract.outcomes import ORDER_UNSTABLE
from qa.check_results import CheckResult
from qa.contract import Pull
from qa.redaction.pseudonyms import PERSONAL_KINDS
from qa.redaction.suppression import EVERYTHING_SHOWN, NOT_PEOPLE, SmallPopulations, small_populations

OF_CONTACTS = {"contacts", "contact_addresses", "contact_phones", "student_contacts"}


def pull(endpoint: str, rows: int, state: str = "complete", total: int | None = None) -> Pull:
    return Pull.model_validate(
        {
            "endpoint": endpoint, "subscription": f"Get eSchoolPLUS/{endpoint} (v1)", "state": state,
            "rows": rows, "pages": 1, "reported_total": rows if total is None else total, "http_status": 200,
            "seconds": 0.1, "retries": 0, "passes": 1, "stripped_labels": [], "outcome": ORDER_UNSTABLE.code,
            "answer": "An answer.", "answer_detail": f"{rows} records received", "last_complete": None,
        }
    )  # fmt: skip


def pulls(**rows: int) -> list[Pull]:
    return [pull(endpoint.name, rows.get(endpoint.name, 300)) for endpoint in ENDPOINTS]


def small(before: dict[str, int] | None = None, counts: dict[str, int] | None = None, **rows: int):
    return small_populations(pulls(**rows), before or {}, counts or {}, None, has_baseline=True)


def check(check_id: str, population: str, total: int) -> CheckResult:
    return CheckResult(
        check_id, "warn", "", "", [], "district SIS admin", population, [], "failed", 1, total, None
    )


def test_few_students_hide_everything_that_belongs_to_them():
    few = small(Student=7)
    assert few.marts == {*PERSONAL_KINDS, "import_students", "import_guardians"}
    shown = [few.pull_shown(one) for one in pulls(Student=7)]
    assert {one.endpoint for one in shown if one.rows is not None} == {"School"}
    assert {one.answer_detail for one in shown if one.rows is None} == {None}
    counts = {"students": 7, "contacts": 12, "schools": 2, "import_students": 7, "import_carried": 1}
    assert few.counts_shown({**counts, "quarantined_records": 1}) == {"schools": 2}
    assert few.hides(check("students__birth_date__required", "students", 7))
    assert few.hides(check("contacts__email__valid", "contacts", 12))
    assert few.hides(check("load__guardians__deleted", "guardians of the last load", 12))


def test_few_contacts_hide_what_belongs_to_them_and_no_student():
    few = small(Contact=4)
    assert few.marts == OF_CONTACTS | {"import_guardians"}
    assert not few.hides(check("students__birth_date__required", "students", 300))


def test_few_records_of_one_kind_hide_these_alone():
    few = small(UDRegUser=3)
    assert few.marts == {"ud_fields"}
    assert few.counts_shown({"students": 300, "ud_fields": 3}) == {"students": 300}


@pytest.mark.parametrize(("before", "now"), [*itertools.product(range(12), repeat=2)])
def test_a_step_over_the_threshold_is_hidden_on_both_sides(before, now):
    """9 and then 10: the 10 would tell that one student came, so it is hidden once more."""
    is_hidden = "students" in small({"Student": before}, Student=now).marts
    assert is_hidden == (0 < before < 10 or 0 < now < 10)


def test_a_refused_endpoint_hides_as_it_did_when_it_was_complete():
    refused = [one for one in pulls() if one.endpoint != "Student"] + [pull("Student", 0, "refused", 0)]
    assert "students" in small_populations(refused, {"Student": 7}, {}, None, has_baseline=True).marts
    assert not small_populations(refused, {"Student": 700}, {}, None, has_baseline=True).marts


def test_a_check_of_few_people_is_hidden_in_a_large_district():
    large = small()
    assert large.marts == frozenset()
    assert large.hides(check("contacts__email__valid", "contacts", 7))
    assert not large.hides(check("contacts__email__valid", "contacts", 0)), "no one is in it"
    assert not large.hides(check("schools__state_school_id__required", "schools", 3))
    assert large.hides_numbers_of(7)
    assert not EVERYTHING_SHOWN.hides(check("contacts__email__valid", "contacts", 7))
    assert SmallPopulations(frozenset()).pull_shown(pull("ContactPhone", 7, "broken")).rows is None


def test_what_is_not_people_is_named_as_dbt_names_it():
    texts = [path.read_text() for path in (DBT_PROJECT / "models" / "checks").glob("checks_*.yml")]
    known = set(re.findall(r"population: (.+)", "\n".join(texts)))
    assert known >= NOT_PEOPLE
