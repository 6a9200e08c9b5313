"""What a school's fault costs: it comes first, and says which share of the students it refuses."""

from __future__ import annotations

from qa.failing.refused import Refused
from qa.redaction.scan import Scanner
from qa.redaction.suppression import EVERYTHING_SHOWN, SmallPopulations
from tests.qa.conftest import BIRTH_DATE, SCHOOL_STATE_ID, TONIGHT, DistrictFolder

ALL_COUNTED = SmallPopulations(frozenset())
WHY = "The import requires it."


def test_a_school_that_refuses_its_students_comes_before_a_few_records(district: DistrictFolder) -> None:
    district.night(TONIGHT.replace(day=22), failing={SCHOOL_STATE_ID: 1})
    document = district.night(failing={SCHOOL_STATE_ID: 1, BIRTH_DATE: 5})
    errors = [finding for finding in document.findings if finding.level == "error"]
    assert [(one.id, one.failed, one.new) for one in errors] == [
        (SCHOOL_STATE_ID, 1, False),
        (BIRTH_DATE, 5, True),
    ]
    assert "30 of" not in errors[0].why, "the school has 30 students"
    assert not document.run.detail_withheld


def test_its_students_are_a_share_in_steps_that_leaves_ten_numbers(district: DistrictFolder) -> None:
    refused = Refused({SCHOOL_STATE_ID: 389}, 798)
    told = f"45 to 50 percent of the students can't be loaded because of it. {WHY}"
    assert refused.why(SCHOOL_STATE_ID, WHY, ALL_COUNTED) == told
    assert refused.why(BIRTH_DATE, WHY, ALL_COUNTED) == WHY
    assert refused.why(SCHOOL_STATE_ID, WHY, EVERYTHING_SHOWN).startswith("389 of 798 students can't")
    assert Refused({SCHOOL_STATE_ID: 95}, 199).why(SCHOOL_STATE_ID, WHY, ALL_COUNTED) == WHY
    assert refused.why(SCHOOL_STATE_ID, WHY, SmallPopulations(frozenset({"students"}))) == WHY
    document = district.night(failing={SCHOOL_STATE_ID: 1})
    why = next(one.why for one in document.findings if one.id == SCHOOL_STATE_ID)
    with Scanner(district.folder()) as scanner:
        assert scanner.allowed_text(document).allows(told.replace(WHY, why)), "the words are ours"


def test_the_only_school_that_fails_is_not_named(district: DistrictFolder) -> None:
    """Its missing id refuses all of its students, and the load's numbers say how many those are."""
    document = district.night(failing={SCHOOL_STATE_ID: 1})
    finding = next(one for one in document.findings if one.id == SCHOOL_STATE_ID)
    assert (finding.failed, finding.examples) == (1, [])
