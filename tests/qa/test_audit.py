"""The audit: 14 runs of districts of several sizes say nothing exact of a school, and it finds what would."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from district import folder
from extract.store.raw_store import open_store
from qa.audit.school_sentences import too_much_in_page
from qa.audit.shared_files import audit, main, of_document
from qa.contract import QaDocument
from qa.contract_types import NIGHTS_SHOWN
from qa.failing.contract import SchoolBand
from qa.load.contract import Effects, Hold, MostAt, SchoolEffect
from qa.load.words import sentence
from qa.profile.contract import Completeness, SchoolCompleteness
from qa.report.sections import Sections
from tests.qa import rich_document
from tests.qa.conftest import BIRTH_DATE, EMAIL, TONIGHT, run_id_of
from tests.qa.simulated_schools import CONCENTRATED, SimulatedDistrict


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, new_district) -> QaDocument:
    """A real run's document; what depends on schools is replaced."""
    return new_district(tmp_path_factory.mktemp("base")).night()


@pytest.mark.parametrize("schools", [1, 2, 3, 8, 30])
def test_14_runs_say_nothing_exact_of_a_school(tmp_path: Path, base, schools, capsys):
    for seed in range(4):
        place = folder.DistrictFolder.of(tmp_path / f"{seed}", "canary").make()
        with closing(open_store(place.raw)) as store:
            district = SimulatedDistrict(schools, seed, store)
            for day in range(NIGHTS_SHOWN):
                night = place.night(run_id_of(TONIGHT + timedelta(days=day))).make()
                night.qa_json.write_text(district.document(base, night.run_id).to_json())
        results = audit(place)
        assert [words for result in results for words in result.found] == []
    assert main([f"{tmp_path / f'{seed}'}", "canary"]) == 0
    assert "0 worked out" in capsys.readouterr().out
    if schools >= 8:
        assert any(result.numbers > schools for result in results), "something was shown by school"


def test_a_real_run_and_its_report_say_nothing_exact_of_a_school(tmp_path, new_district):
    district = new_district(tmp_path)
    district.night(failing={EMAIL: 29, BIRTH_DATE: 29})
    assert [words for result in audit(district.folder().district) for words in result.found] == []


def eight(base: QaDocument) -> QaDocument:
    return SimulatedDistrict(8, 1).document(base, base.run_id)


def deletes(document: QaDocument, total: int, schools: dict[str, int], *holds: Hold) -> QaDocument:
    """A document with these deleted guardians; the bands by school are not checked by anyone."""
    numbers = dict.fromkeys(Effects.model_fields, 0) | {"before": 2000, "now": 2000 - total, "delete": total}
    load = document.load.model_copy(update={"guardians": Effects(**numbers), "holds": [*holds]})
    bands = [
        SchoolEffect(file="guardians.csv", school=school, effect="delete", records_from=band)
        for school, band in schools.items()
    ]
    return document.model_copy(update={"load": load, "load_schools": bands, "findings": []})


def most_at(document: QaDocument) -> QaDocument:
    """The same, and school 1 has most of the deleted guardians."""
    most = [MostAt(file="guardians.csv", effect="delete", school="1")]
    return document.model_copy(update={"load": document.load.model_copy(update={"most_at": most})})


def hold(**changes) -> Hold:
    known = {
        "file": "guardians.csv" if changes.get("scope", "school:1").startswith("school") else None,
        "rule": CONCENTRATED, "scope": "school:1", "n": None, "of": None, "n_from": None, "share": None,
        "limit": 0.3, "floor": 10, "level": "hold",
    }  # fmt: skip
    return Hold.model_validate(known | changes)


def told(document: QaDocument, headline: str) -> QaDocument:
    return document.model_copy(update={"headline": headline})


def failing(document: QaDocument, total: int, schools: list[SchoolBand]) -> QaDocument:
    changed = document.findings[0].model_copy(update={"id": EMAIL, "failed": total, "schools": schools})
    return document.model_copy(update={"findings": [changed]})


def at(document: QaDocument, step: int, blank: int) -> QaDocument:
    """One large school in which a field is filled in this step, and a small one."""
    schools = [
        SchoolCompleteness(school="1", group="students", filled={"gender": step}),
        SchoolCompleteness(school="2", group="students", filled=None),
    ]
    whole = Completeness(group="students", field="gender", filled=300 - blank, total=300)
    return document.model_copy(update={"school_completeness": schools, "completeness": [whole]})


PLANTED = {
    "nothing is left over": lambda one: deletes(one, 410, {"1": 410}),
    "too little is left over": lambda one: deletes(one, 418, {"1": 410}),
    "too much is left over": lambda one: deletes(one, 410 + 64, {"1": 410}),
    "more is left over than fits": lambda one: deletes(one, 600, {"1": 410}),
    "a limit narrows a band": lambda one: deletes(one, 40, {"1": 10}, hold(n_from=10)),
    "an unnamed limit narrows a band": lambda one: deletes(
        one, 40, {"1": 10}, hold(scope="guardians.csv.contact_id")
    ),
    "a limit leaves two values": lambda one: deletes(one, 11, {}, hold(scope="guardians.csv.contact_id")),
    "a limit with its number": lambda one: deletes(one, 440, {"1": 410}, hold(n=412, of=900)),
    "a limit with its share": lambda one: deletes(one, 440, {"1": 410}, hold(n_from=410, share=0.41)),
    "the school with most has too few": lambda one: most_at(deletes(one, 17, {})),
    "the school with most is over a limit": lambda one: most_at(
        deletes(one, 19, {}, hold(scope="school:1", file="guardians.csv"))
    ),
    "a sentence: all": lambda one: told(one, "Would delete 412 of 1,874 guardians, all at school 1."),
    "a sentence: a number": lambda one: told(one, "Would delete 412 guardians, 405 of them at school 1."),
    "a sentence: a share": lambda one: told(one, "At school 1, it would delete 41.2 % of the guardians."),
    "a finding without rest": lambda one: failing(one, 43, [SchoolBand(school="1", records_from=40)]),
    "a step that the rest explains": lambda one: at(one, 95, 60),
    "a step of few records": lambda one: at(one, 90, 5),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_the_audit_finds_what_says_too_much(base, planted):
    document = eight(base)
    before = [words for result in of_document(document) for words in result.found]
    after = [words for result in of_document(PLANTED[planted](document)) for words in result.found]
    assert (before, len(after) > 0) == ([], True)


@pytest.mark.parametrize(
    ("total", "schools"), [(419, {"1": 410}), (410 + 63, {"1": 410}), (9, {}), (63, {}), (0, {})]
)
def test_the_audit_finds_nothing_at_the_bounds(base, total, schools):
    assert [words for one in of_document(deletes(eight(base), total, schools)) for words in one.found] == []


def test_what_our_own_sentences_say_of_a_school_is_little(base):
    document = eight(base)
    named = deletes(document, 440, {"1": 410}, hold(n_from=410))
    words = [sentence(one, named.load, named.load_schools) for one in named.load.holds]
    assert words == ["At school 1, this load would delete 410 to 419 guardians"]
    assert [found for one in of_document(told(named, words[0])) for found in one.found] == []


@pytest.mark.parametrize(
    "make",
    [rich_document.ordinary, rich_document.everything_fails, rich_document.held, rich_document.discarded],
)
def test_a_full_report_says_little_of_a_school_and_a_number_in_it_is_found(make):
    document = make()
    schools = {one.school for one in document.school_completeness}
    page = Sections(document, "").page("District QA report", [])
    assert [*too_much_in_page(page, schools)] == []
    assert "95+" in page
    assert [*too_much_in_page(page.replace("95+", "47", 1), schools)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("40\u201349", 0),
        ("95+", 0),
        ("&lt;5", 0),
        ("complete", 0),
        ("not shown", 0),
        ("fewer than 40", 1),
        ("412", 1),
        ("40\u201344", 1),
        ("41.2 %", 1),
    ],
)
def test_a_row_of_a_school_has_bands_and_steps_only(cell, found):
    rows = f"<tr><th>School</th><th>Deleted</th></tr><tr><th>107</th><td>{cell}</td></tr>"
    assert len([*too_much_in_page(f"<table>{rows}</table>", {"107"})]) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "<span>606 guardians, most of them at school 101 <b>NEW</b></span><span>606 of 1,302</span>",
            0,
        ),
        ("<span>most of them at school 101 <span>606</span></span>", 1),
        ("most of them at school 101 <b>606</b>", 1),
    ],
)
def test_a_finding_in_one_line_is_read_span_by_span(line, found):
    page = f"<details><summary>{line}</summary><p>School <span>101</span> has 40\u201349.</p></details>"
    assert len([*too_much_in_page(page, {"101"})]) == found
