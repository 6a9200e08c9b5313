"""The words for what a load does: right in number, right in place, and all of them known to the scan."""

from __future__ import annotations

import csv

import pytest
import yaml

from district.folder import DBT_PROJECT
from qa.contract_types import Scope
from qa.load.causes import CAUSES, causes_of
from qa.load.contract import Effects, Hold, Load, SchoolEffect
from qa.load.effects import CarriedRow, HoldRow, LoadRows, SchoolRow
from qa.load.findings import DECIDE
from qa.load.redact import load_parts
from qa.load.refusals import refused_for_long
from qa.load.words import changes, reason, sentence
from qa.redaction.suppression import EVERYTHING_SHOWN, small_populations

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


def at_a_school(rule: str, scope: Scope, n_from: int | None = None) -> Hold:
    return Hold(
        rule=rule, scope=scope, n=None, of=None, n_from=n_from, share=None, limit=0.3, floor=10, level="hold"
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
        (at_a_school("load__schools__concentrated", "school:107", 400),
         "At school 107, this load would delete 400 to 409 guardians"),
        (at_a_school("load__schools__concentrated", "guardians.csv.contact_id"),
         "At one school, this load would delete more than 30 % of the guardians"),
        (at_a_school("load__schools__concentrated", "school:44"),
         "At school 44, this load would end the enrollment of more than 30 % of the students"),
        (at_a_school("load__schools__concentrated", "students.csv.student_id"),
         "At one school, this load would end the enrollment of more than 30 % of the students"),
        (at_a_school("load__schools__known", "school:44"),
         "School 44 is missing or has another school's state id"),
        (at_a_school("load__schools__known", "district"),
         "A school is missing or has another school's state id"),
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


class NoPseudonyms:
    """Stands for a crosswalk in which every school has the same pseudonym."""

    def of(self, records):
        return dict.fromkeys(records, "B-2222-2222")


def rows(before: int, now: int, schools: list[SchoolRow], holds: list[HoldRow]) -> LoadRows:
    files = ("students.csv", "guardians.csv")
    totals = {file: NONE | {"before": before, "now": now} for file in files}
    for row in schools:
        totals[row.file][row.effect] += row.records
    lasting = dict.fromkeys(files, 5)
    return LoadRows(totals, schools, lasting, [("students.csv", "grade", 3, 0)], holds, [])


def parts(loaded: LoadRows):
    small = small_populations([], {}, {}, loaded, has_baseline=True)
    return load_parts(loaded, RUN, NoPseudonyms(), small)  # type: ignore[arg-type]


def deleted(school: str, records: int) -> SchoolRow:
    return SchoolRow("guardians.csv", school, "delete", records)


@pytest.mark.parametrize(("before", "now"), [(8, 8), (7, 8), (8, 10), (9, 10), (10, 9), (0, 7)])
def test_a_load_of_few_students_shows_no_number(before, now):
    limit = HoldRow("load__guardians__deleted", None, "district", 5, 8, 0.625, 0.5, 4, "hold")
    shown, schools, _ = parts(rows(before, now, [deleted("1", 12)], [limit]))
    assert {*shown.students.model_dump().values(), *shown.guardians.model_dump().values()} == {None}
    assert (shown.fields[0].overwritten, shown.holds[0].n, shown.holds[0].share, schools) == (
        None,
        None,
        None,
        [],
    )
    assert changes(shown) == (
        "There are fewer than ten students in this load or the last one, so the numbers are not shown."
    )


def test_few_guardians_of_many_students_are_not_counted_and_the_students_are():
    loaded = rows(40, 41, [deleted("1", 12)], [])
    loaded.totals["guardians.csv"].update(before=4, now=3, delete=1)
    shown, schools, _ = parts(loaded)
    assert ({*shown.guardians.model_dump().values()}, schools) == ({None}, [])
    assert shown.students.now == 41
    assert changes(shown).endswith("Guardians: these are few people, so the numbers are not shown.")


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


def over_the_limit(school: str, n: int, variant: str = "deleted") -> HoldRow:
    floor = 10 if variant == "deleted" else 5
    return HoldRow(
        "load__schools__concentrated", variant, f"school:{school}", n, 2 * n, 0.5, 0.3, floor, "hold"
    )


def test_a_school_is_shown_in_bands_where_the_rest_leaves_all_of_them_possible():
    _, shown, _ = parts(rows(900, 900, [deleted("1", 305), deleted("2", 55), deleted("3", 4)], []))
    assert [(one.school, one.records_from) for one in shown] == [("1", 300), ("2", 50)]
    _, shown, _ = parts(rows(900, 900, [deleted("1", 300), deleted("2", 50), deleted("3", 4)], []))
    assert shown == []


def test_a_limit_names_its_school_where_its_number_is_shown():
    deletions = [deleted("107", 45), deleted("2", 9), deleted("3", 8)]
    shown, *_ = parts(rows(900, 900, deletions, [over_the_limit("107", 45)]))
    assert [(one.scope, one.n, one.n_from, one.share) for one in shown.holds] == [
        ("school:107", None, 40, None)
    ]


@pytest.mark.parametrize("others", [[("2", 9), ("3", 8)], [("2", 1)]])
def test_a_limit_names_no_school_of_10_to_19_and_shows_none(others):
    """Over the limit means 11 or more: nine values of the band."""
    deletions = [deleted("107", 15), *(deleted(*one) for one in others)]
    loaded = rows(900, 900, deletions, [over_the_limit("107", 15)])
    shown, schools, _ = parts(loaded)
    assert [(one.scope, one.n_from) for one in shown.holds] == [("guardians.csv.contact_id", None)]
    assert schools == []


def test_so_few_deletions_that_a_limit_tells_their_number_are_not_counted():
    shown, *_ = parts(rows(900, 900, [deleted("107", 12)], [over_the_limit("107", 12)]))
    assert shown.guardians.delete is None
    assert shown.students.now == 900


def test_several_schools_over_the_limit_are_one_limit_where_none_is_named():
    limits = [over_the_limit("Hillview", 6, "departed"), over_the_limit("107", 12, "departed")]
    shown, *_ = parts(rows(900, 900, [], limits))
    assert [one.scope for one in shown.holds] == ["students.csv.student_id"]


def test_the_districts_own_edition_names_every_school_by_its_pseudonym():
    loaded = rows(900, 900, [deleted("Hillview", 15)], [over_the_limit("Hillview", 15)])
    shown, schools, _ = load_parts(loaded, RUN, NoPseudonyms(), EVERYTHING_SHOWN)  # type: ignore[arg-type]
    assert [(one.scope, one.n_from) for one in shown.holds] == [("school:B-2222-2222", 10)]
    assert [(one.school, one.records_from) for one in schools] == [("B-2222-2222", 10)]


@pytest.mark.parametrize(("runs", "again"), [([14], False), ([15], True), ([3, 15], True), ([16], False)])
def test_a_record_that_is_kept_for_long_is_new_once(runs, again):
    kept = CarriedRow("students.csv", "carried", "students__last_name__required", 5, RUN, 0, runs)
    assert bool(refused_for_long([kept], 14)) == again
