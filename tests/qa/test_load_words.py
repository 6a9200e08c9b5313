"""The words for what a load does: right in number, right in place, and all of them known to the scan."""

from __future__ import annotations

import csv

import pytest
import yaml

from district.checkout import DBT_PROJECT
from qa.contract_types import ImportFile, Scope
from qa.load.causes import CAUSES, causes_of
from qa.load.contract import Effects, Hold, Load, SchoolEffect
from qa.load.effects import CarriedRow
from qa.load.findings import DECIDE
from qa.load.refusals import refused_for_long
from qa.load.words import changes, reason, sentence

RUN = "20261121T020005123Z"
NONE = dict.fromkeys(Effects.model_fields, 0)
ALL = [
    SchoolEffect(file="guardians.csv", school="107", effect="delete", records_from=410),
]


def load(
    *holds: Hold,
    students: dict[str, int] | None = None,
    guardians: dict[str, int] | None = None,
    first: bool = False,
    layout_omits_guardians: bool = False,
) -> Load:
    return Load(
        baseline_run_id=None if first else RUN,
        students=Effects(**NONE | (students or {})),
        guardians=None if layout_omits_guardians else Effects(**NONE | (guardians or {})),
        fields=[],
        holds=[*holds],
    )


def hold(rule: str, scope: Scope = "district", n: int | None = 412, of: int | None = 1874) -> Hold:
    return Hold(rule=rule, scope=scope, n=n, of=of, share=None, limit=0.1, floor=10, level="hold")


def at_a_school(rule: str, scope: Scope, n_from: int | None = None, file: ImportFile | None = None) -> Hold:
    return Hold(
        rule=rule,
        scope=scope,
        n=None,
        of=None,
        n_from=n_from,
        share=None,
        limit=0.3,
        floor=10,
        level="hold",
        file=file,
    )


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (hold("load__guardians__deleted"),
         "This load would delete 412 of 1,874 guardians, most of them at school 107"),
        (hold("load__guardians__deleted", n=819),
         "This load would delete 819 of 1,874 guardians, most of them at school 107"),
        (hold("load__guardians__deleted", n=820),
         "This load would delete 820 of 1,874 guardians"),
        (hold("load__guardians__deleted", n=900),
         "This load would delete 900 of 1,874 guardians"),
        (hold("load__guardians__deleted", n=1874),
         "This load would delete all 1,874 guardians"),
        (hold("load__guardians__deleted", n=None, of=None),
         "This load would delete some guardians"),
        (hold("load__students__without_guardian", n=1, of=1),
         "This load would delete the last guardian of 1 of 1 student"),
        (at_a_school("load__schools__concentrated", "school:107", 400, "guardians.csv"),
         "At school 107, this load would delete 400 to 409 guardians"),
        (at_a_school("load__schools__concentrated", "school:107", file="guardians.csv"),
         "At school 107, this load would delete more than 30% of the guardians"),
        (at_a_school("load__schools__concentrated", "guardians.csv.contact_id"),
         "At one school, this load would delete more than 30% of the guardians"),
        (at_a_school("load__schools__concentrated", "school:44"),
         "At school 44, this load would end the enrollment of more than 30% of the students"),
        (at_a_school("load__schools__concentrated", "students.csv.student_id"),
         "At one school, this load would end the enrollment of more than 30% of the students"),
        (at_a_school("load__schools__known", "school:44"),
         "School 44 is missing or has another school's Building Reporting Id"),
        (at_a_school("load__schools__known", "district"),
         "A school is missing or has another school's Building Reporting Id"),
        (hold("load__field__emptied", "guardians.csv.home_phone", 900, 1200),
         "This load would empty “Home Phone” for 900 of 1,200 guardians"),
        (hold("load__records__carried", "students.csv.student_id", 60, 962),
         "Checks newly refuse 60 of 962 students, so this load would keep them as last loaded"),
        (hold("load__files__grew", "guardians.csv.contact_id", 900, 1200),
         "This load would add 900 guardians to the file"),
        (hold("load__first__plausible", "students.csv.gender", 30, 40),
         "In this first load, “Gender” would be blank for 30 of 40 students"),
        (hold("load__first__plausible", "district", 30, 40),
         "In this first load, there would be no guardian for 30 of 40 students"),
    ],
)  # fmt: skip
def test_a_limit_says_how_many_of_how_many_and_where(held, words):
    assert sentence(held, load(held, guardians={"delete": held.n or 0}), ALL) == words


def test_every_rule_of_the_seed_has_words_and_a_place_among_the_causes():
    with (DBT_PROJECT / "seeds" / "load_limits.csv").open(newline="") as lines:
        rules = {line["rule"] for line in csv.DictReader(lines)}
    assert rules == {rule for rule, _ in CAUSES}
    for rule in rules:
        scope = "guardians.csv.home_phone" if "__field__" in rule else "district"
        assert rule not in sentence(hold(rule, scope), load(), []), rule


def test_a_load_says_what_it_did_by_file():
    done = load(students={"add": 12, "update": 1040, "departed": 3}, guardians={"delete": 3, "carried": 2})
    assert changes(done) == (
        "Students: +12, 1,040 changed, 0 removed, 0 kept as they were, 3 sent as inactive. "
        "Guardians: +0, 0 changed, 3 removed, 2 kept as they were."
    )
    assert changes(load(students={"now": 1}, guardians={"now": 2}, first=True)) == (
        "First import: 1 student and 2 guardians."
    )
    assert (
        changes(load(students={"now": 962}, layout_omits_guardians=True, first=True))
        == "First import: 962 students."
    )


def test_the_reason_of_a_held_run_leads_with_the_cause_and_counts_the_others():
    limits = [
        hold("load__field__emptied", "guardians.csv.home_phone", 900, 1200),
        hold("load__students__without_guardian"),
        hold("load__guardians__deleted"),
        hold("load__files__grew", "students.csv.student_id"),
    ]
    words = reason("held", load(*limits, guardians={"delete": 412}), ALL)
    assert words == (
        "This load would delete 412 of 1,874 guardians, most of them at school 107. "
        "2 other limits are exceeded."
    )


def test_new_ids_explain_the_deletions():
    causes = causes_of([
        hold("load__guardians__deleted"),
        hold("load__ids__renumbered", "guardians.csv.contact_id"),
        hold("load__schools__concentrated", "school:107"),
        hold("load__files__grew", "guardians.csv.contact_id"),
    ])  # fmt: skip
    assert [cause.rule for cause in causes] == ["load__ids__renumbered"]
    assert {*causes[0].also} == {
        "load__guardians__deleted", "load__schools__concentrated", "load__files__grew",
    }  # fmt: skip


def test_every_step_that_asks_for_a_decision_is_known_to_go_with_it():
    text = (DBT_PROJECT / "models" / "checks" / "checks_load.yml").read_text()
    steps = [step for model in yaml.safe_load(text)["models"] for step in steps_in(model)]
    assert {step for step in steps if "release" in step or "discard" in step} == {*DECIDE}


def steps_in(part) -> list[str]:
    """The fix steps of the checks in a part of dbt's yml."""
    if isinstance(part, list):
        return [step for one in part for step in steps_in(one)]
    if not isinstance(part, dict):
        return []
    return [*part.get("remedy", []), *steps_in([*part.values()])]


@pytest.mark.parametrize(("runs", "again"), [([14], False), ([15], True), ([3, 15], True), ([16], False)])
def test_a_record_that_is_kept_for_long_is_new_once(runs, again):
    kept = CarriedRow("students.csv", "carried", "students__last_name__required", 5, RUN, 0, runs)
    assert bool(refused_for_long([kept], 14)) == again
