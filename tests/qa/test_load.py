"""What a load would do: in numbers that name no one, and in the words that people read first."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from district.folder import MANIFEST
from extract.store.raw_store import open_store
from night.decisions.history import holds_of
from qa.contract import SCHEMA_FILE, RunDecision
from qa.redaction.scan import Scanner
from qa.report.render import render_report
from qa.report.sections import SECTIONS, Sections
from qa.verdict.decided import decided
from tests.qa.conftest import STUDENTS
from tests.qa.two_loads import (
    ASKS,
    DELETED,
    DONE,
    FIRST,
    GONE,
    LOST,
    NEWLY_BLANK,
    SCHOOL,
    SECOND,
    SETTINGS,
    THIRD,
    WITHOUT_GUARDIAN,
    Nights,
    two_loads,
)
from tests.shared_between_workers import SharedFolders


@pytest.fixture(scope="module")
def nights(shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return two_loads(shared, tmp_path_factory.mktemp("data"))


def decide(nights: Nights, decision: str, holds: list[dict[str, Any]]) -> None:
    with closing(open_store(nights.district.folder.raw)) as store:
        store.execute("delete from history.decisions")
        store.execute(
            "insert into history.decisions values (?, ?, now(), 'someone', 'a reason', null, ?)",
            [SECOND, decision, json.dumps(holds)],
        )


def test_a_first_load_says_so(nights):
    assert nights.first.verdict == "published"
    assert nights.first.verdict_reason == f"First import: {STUDENTS} students and {STUDENTS} guardians."
    assert nights.first.load.baseline_run_id is None
    assert (nights.first.load.students.before, nights.first.load.students.add) == (0, STUDENTS)


def test_a_held_load_says_what_it_would_do_and_where(nights):
    document = nights.held
    code = next(one.school for one in document.load_schools if one.effect == "delete")
    assert document.verdict == "held"
    assert code.startswith("B-"), "a school code that is a word is a pseudonym"
    cause = f"This load would delete 39 of 140 guardians, most of them at school {code}."
    assert document.verdict_reason == cause
    assert document.load.baseline_run_id == FIRST
    assert document.load.students.model_dump() == {
        "before": 140, "add": 0, "update": 0, "same": 133, "carried": NEWLY_BLANK, "departed": GONE,
        "delete": 0, "moved_in": 0, "moved_out": 0, "now": 140,
    }  # fmt: skip
    guardians = document.load.guardians
    assert (guardians.before, guardians.delete, guardians.update, guardians.departed) == (140, LOST, 3, GONE)
    emails = next(one for one in document.load.fields if (one.file, one.field) == ("guardians.csv", "email"))
    assert (emails.overwritten, emails.emptied) == (3, 0)


def test_one_cause_is_one_finding_and_every_limit_is_listed(nights):
    document = nights.held
    held = [finding for finding in document.findings if finding.level == "hold"]
    assert [finding.id for finding in held] == [DELETED]
    assert document.fix_first == DELETED
    others = {"load__students__without_guardian", "load__schools__concentrated"}
    assert {*held[0].also} == {*others, WITHOUT_GUARDIAN}
    assert {hold.rule for hold in document.load.holds} == {DELETED, *others}
    assert held[0].headline + "." == document.verdict_reason
    assert any("plus360 release canary" in step for step in held[0].remedy)


def test_what_is_kept_says_how_many_why_and_since_when(nights):
    kept = {(one.file, one.effect, one.check): one for one in nights.held.carried}
    refused = kept["students.csv", "carried", "students__last_name__required"]
    assert (refused.records, refused.since) == (NEWLY_BLANK, nights.held.started_at)
    assert kept["students.csv", "departed", None].records == GONE
    assert kept["guardians.csv", "departed", None].records == GONE


def test_a_school_is_counted_from_ten_records_on(nights):
    assert [(one.effect, one.records_from) for one in nights.held.load_schools] == [("delete", 30)]


def test_the_file_fits_the_schema_and_names_no_one(nights):
    written = nights.night(SECOND).qa_json.read_text()
    Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(json.loads(written))
    assert SCHOOL.lower() not in written.lower()
    assert "qulast" not in written.lower()


def test_the_report_begins_with_the_effect_and_the_two_commands(nights):
    page = render_report(nights.night(SECOND)).read_text()
    assert not nights.held.run.detail_withheld
    assert "Some detail is withheld" not in page
    top, _, rest = page.partition('id="fix-first"')
    assert nights.held.headline in top
    assert re.search(r"Kept as last loaded</th><td class=.number.>5</td>", top)
    assert all(f"plus360 {choice} canary --reason" in top for choice in ("release", "discard"))
    changes = rest.partition('id="changes"')[2]
    assert all(text in changes for text in (f"{LOST} of 140", "Student without a last name"))
    assert "no longer in eSchoolPLUS: sent as inactive" in changes
    assert f"the last guardian of {LOST} of" in rest
    assert SCHOOL not in page
    assert SCHOOL in render_report(nights.night(SECOND), "unredacted").read_text()


def test_a_decision_is_told_by_what_and_when_only(nights):
    document = decided(
        nights.held, RunDecision(decision="released", decided_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    )
    assert document.verdict == "published"
    assert document.verdict_reason.startswith("Students: +0, 0 changed, 0 removed, 5 kept as they were")
    assert [night.verdict for night in document.nights if night.run_id == SECOND] == ["published"]
    place = nights.night(SECOND).qa_json
    before = place.read_text()
    place.write_text(document.to_json())
    page = render_report(nights.night(SECOND)).read_text()
    place.write_text(before)
    assert "released it on Mon Nov 23, 2026, 9:30 a.m. UTC" in page
    assert [text for text in ASKS if text in page + document.to_json()] == []
    assert document.fix_first == "students__last_name__required"
    assert "Some detail is withheld" not in page


@pytest.mark.parametrize(
    ("decision", "factor", "new"),
    [
        ("discarded", 1.0, False),
        ("discarded", 0.92, False),
        ("discarded", 0.5, True),
        ("released", 1.0, True),
    ],
)
def test_what_a_person_discarded_is_not_new_until_it_grows(nights, decision, factor, new):
    holds = [hold | {"n": round(hold["n"] * factor)} for hold in holds_of(nights.night(SECOND))]
    decide(nights, decision, holds)
    document = nights.check(THIRD)
    found = next(finding for finding in document.findings if finding.id == DELETED)
    assert (document.verdict, found.new) == ("held", new)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, None),
        ({"plus360_version": "0.0.1"}, "plus360 has another version"),
        ({"settings_sha256": "0" * 64}, "This district's settings changed"),
    ],
)
def test_a_change_on_our_side_is_named_as_a_cause(nights, changed, told):
    place: Path = nights.night(FIRST).export / MANIFEST
    before = place.read_text()
    place.write_text(json.dumps(json.loads(before) | {"settings_sha256": SETTINGS.sha256} | changed))
    document = nights.check(THIRD)
    place.write_text(before)
    found = next(finding for finding in document.findings if finding.id == DELETED)
    step = f"plus360 release --all --rule {DELETED}"
    assert any(step in line for line in found.remedy) == (told is not None)
    assert told is None or found.remedy[0].startswith(told)


def test_every_sentence_of_a_held_load_is_ours(nights):
    with Scanner(nights.night(SECOND)) as scanner:
        allowed = scanner.allowed_text(nights.held)
    assert allowed.allows(nights.held.verdict_reason)
    assert all(allowed.allows(step) for finding in nights.held.findings for step in finding.remedy)


def test_a_discarded_run_stays_held(nights):
    document = decided(nights.held, RunDecision(decision="discarded", decided_at=DONE))
    assert (document.verdict, document.decision.decision) == ("held", "discarded")
    assert "discarded it" in document.verdict_reason
    page = "".join(Sections(document, "0" * 64).html(name) for name in SECTIONS)
    assert [text for text in ASKS if text in page + document.to_json()] == []
    assert "Discarded" in page
