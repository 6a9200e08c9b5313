"""Why a load is held, in numbers by cause, and what fails only because of it."""

from __future__ import annotations

import pytest

from qa.contract import RunDecision
from qa.failing.values import count_failing, failing_records
from qa.redaction.scan import Scanner
from qa.verdict.decided import decided
from qa.verdict.same_cause import without_consequences
from qa.warehouse import open_warehouse
from tests.qa.two_loads import DONE, LOST, SECOND, WITHOUT_GUARDIAN, Nights, two_loads
from tests.shared_between_workers import SharedFolders


@pytest.fixture(scope="module")
def nights(shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return two_loads(shared, tmp_path_factory.mktemp("data"))


def test_a_held_load_says_why_and_what_to_do_about_that_first(nights):
    (held,) = (finding for finding in nights.held.findings if finding.level == "hold")
    assert [(one.reason, one.records) for one in held.reasons] == [("contact_type_changed", LOST)]
    assert "who changed the contact type" in held.remedy[0]
    assert all("plus360 operator" in step for step in held.remedy if "plus360 " in step)


def test_what_the_held_load_explains_is_not_to_be_entered_again(nights):
    assert WITHOUT_GUARDIAN in {check.id for check in nights.held.checks if check.state == "failed"}
    assert WITHOUT_GUARDIAN not in {finding.id for finding in nights.held.findings}
    with open_warehouse(nights.night(SECOND)) as con:
        assert count_failing(con, [WITHOUT_GUARDIAN]) == {WITHOUT_GUARDIAN: LOST}
        assert count_failing(con, [WITHOUT_GUARDIAN], is_held=True) == {}
        assert list(failing_records(con, [WITHOUT_GUARDIAN], is_held=True)) == []


def test_another_fault_among_them_stays_a_finding(nights):
    (held,) = (finding for finding in nights.held.findings if finding.level == "hold")
    other = held.model_copy(update={"id": WITHOUT_GUARDIAN, "level": "warn", "failed": 50, "also": []})
    told = without_consequences([held, other], {WITHOUT_GUARDIAN: LOST})
    assert [finding.id for finding in told] == [held.id, WITHOUT_GUARDIAN]
    told = without_consequences([other], {WITHOUT_GUARDIAN: 50})
    assert told == [other], "of a load that is not held, nothing is left out"


def test_a_discarded_load_would_have_done_it(nights):
    document = decided(nights.held, RunDecision(decision="discarded", decided_at=DONE))
    assert document.headline.startswith("Discarded: this load would have deleted 39 of 140 guardians")
    assert (document.next_step, document.next_owner) == ("fix", "district SIS admin")
    with Scanner(nights.night(SECOND)) as scanner:
        assert scanner.allowed_text(document).allows(document.headline), "the words are ours"
