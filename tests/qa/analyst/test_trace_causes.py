"""A trace names the true cause, the record that is used, and the import that a load is compared with."""

from __future__ import annotations

import json

import pytest

from qa.analyst.trace.words import Days
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.traced_district import FIRST, SECOND, THIRD, TracedDistrict


@pytest.fixture
def second(traced_district: TracedDistrict) -> of.Analyst:
    """The second run, as published."""
    return traced_district.at(SECOND)


@pytest.mark.parametrize("student", [of.SENT_TWICE, of.AT_ONCE])
def test_of_an_id_received_twice_it_says_which_record_is_used_and_refuses_none(second, student):
    traced = second.trace(student)
    assert traced.decisions[["file", "record", "decision", "check_id"]].values.tolist() == [
        ["Student", student, "Quarantined: not used", "students__student_id__unique"]
    ]
    assert traced.decisions.loc[0, "why"] == (
        "The same id again: the record that was changed last is used, and of the same time the one received "
        "last"
    )
    assert traced.nights.loc[0, ["received", "in_file"]].tolist() == ["Yes, 2 times", "As received"]
    shown = traced.fields[traced.fields["endpoint"] == "Student"].drop_duplicates("position")
    assert shown["quarantined"].isna().tolist() == [True, False], "the one that is used comes first"
    assert traced.html().count("Quarantined: the same id again") == 2


def test_of_two_records_the_one_that_is_used_is_compared_with_the_night_before(second):
    changed = [
        second.trace(student).nights.set_index("run_id").loc[SECOND, "record_changed"]
        for student in (of.AT_ONCE, of.SENT_TWICE)
    ]
    assert "nickname: blank to Last" in changed[0]
    assert changed[1] == "changeDateTime: blank to 2026-11-21T10:00:00"


@pytest.mark.parametrize("student", [of.QUARANTINED, of.NEW_QUARANTINED])
def test_what_quarantines_a_student_comes_before_what_follows_from_it(second, student):
    traced = second.trace(student)
    errors = traced.checks[traced.checks["level"] == "Can't be loaded"]
    assert errors.iloc[0]["check_id"] == "students__labels__unique"
    links = errors[errors["check_id"] == "student_contacts__student_id__exists"]
    assert set(links["reason"]) == {"The student was received, but the record is quarantined"}
    assert all(fix.startswith("Fix students__labels__unique first: Open a case with") for fix in links["fix"])
    assert set(links["who"]) == {"PowerSchool support (open a case)"}
    refused = traced.decisions[traced.decisions["decision"] == "Refused: not loaded as received"]
    assert refused[["file", "check_id"]].values.tolist() == [
        ["students.csv", "students__labels__unique"],
        ["guardians.csv", "students__labels__unique"],
    ]
    assert "Not received, or received but not usable" not in traced.html()


def test_a_guardian_whose_contact_is_quarantined_is_kept_for_that_reason(second):
    traced = second.trace(of.GUARDIAN_QUARANTINED)
    assert traced.guardians == (
        "Guardian 900212 (Wyfirst12 O'Vulast12) is kept by this load as last published "
        "(refused by contacts__labels__unique).",
    )
    refused = traced.decisions[traced.decisions["decision"] == "Refused: not loaded as received"].iloc[0]
    assert refused["why"] == "The contact was received, but the record is quarantined"


def test_sentences_show_themselves_as_text(second):
    hostile = second.trace(of.HOSTILE)
    assert repr(hostile.headline).startswith(f"Student {of.HOSTILE} (")
    assert of.RIGHT_TO_LEFT not in hostile.headline._repr_html_()
    assert second.trace(of.NO_GUARDIAN).guardians._repr_html_().startswith("<p>Guardian 900205 (")
    assert repr(second.trace(of.SAME).guardians) == "No guardian is added, changed, kept or removed."


def test_runs_of_one_day_are_told_apart_by_the_time():
    days = Days([FIRST, "20261122T020005000Z", "20261122T154105000Z"])
    assert days.of(FIRST) == "Nov 21"
    assert days.of("20261122T154105000Z") == "Nov 22 at 3:41 p.m. UTC"
    assert days.of("20261122T091005000Z") == "Nov 22 at 9:10 a.m. UTC", "a run that is no longer kept"


def test_a_load_is_compared_with_the_import_that_the_run_was_judged_by(traced_district):
    """Where the import is delivered, that is the last one delivered: its id is in qa.json."""
    document = traced_district.folder.night(THIRD).qa_json
    document.write_text(json.dumps({"load": {"baseline_run_id": FIRST}}), encoding="utf-8")
    try:
        third = traced_district.at(THIRD)
        traced = third.trace(of.CHANGED)
        assert traced.headline.endswith("is in the import of Nov 23, changed: Grade.")
        assert "Compared with the import of Nov 21, the last one that was delivered" in traced.html()
        assert third.trace(of.SAME).headline.endswith(
            "is in the import of Nov 23, the same as in the one of Nov 21, which was delivered last."
        )
        stopped = traced_district.at(THIRD, "stopped").trace(of.CHANGED)
        assert stopped.headline.endswith("is in the last published import, of Nov 22.")
    finally:
        document.unlink()
    traced = traced_district.at(THIRD).trace(of.CHANGED)
    assert traced.headline.endswith("is in the import of Nov 23, the same as in the one before.")
    assert "Compared with" not in traced.html()
