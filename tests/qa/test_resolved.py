"""What could not be looked at is not resolved: it stays open, its trend has a gap, and its age goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.qa.conftest import TONIGHT, DistrictFolder

PLAUSIBLE = "students__birth_date__plausible"
SHARED = "students__state_student_id__shared"


def nights_ago(nights: int) -> datetime:
    return TONIGHT - timedelta(days=nights)


@pytest.mark.parametrize("received", [None, "soon"])
def test_without_any_birth_date_no_implausible_one_is_resolved(
    district: DistrictFolder, received: str | None
) -> None:
    dates = [student["birthdate"] for student in district.records["Student"]]
    for student in district.records["Student"][:12]:
        student["birthdate"] = "1900-01-01"
    first = district.night(nights_ago(2))
    assert PLAUSIBLE in {finding.id for finding in first.findings}
    for student in district.records["Student"]:
        student["birthdate"] = received
    second = district.night(nights_ago(1))
    assert PLAUSIBLE not in second.resolved
    told = next(check for check in second.checks if check.id == PLAUSIBLE)
    assert (told.state, told.trend[-2:]) == ("not_evaluated", [12, None])
    for student, birth_date in zip(district.records["Student"], dates, strict=True):
        student["birthdate"] = birth_date
    for student in district.records["Student"][:12]:
        student["birthdate"] = "1900-01-01"
    third = next(finding for finding in district.night().findings if finding.id == PLAUSIBLE)
    assert (third.since, third.new, third.trend[-3:]) == (nights_ago(2), False, [12, None, 12])


def test_a_field_that_is_no_longer_sent_stops_no_load(district: DistrictFolder) -> None:
    students = district.records["Student"]
    students[0]["stateReportId"] = students[1]["stateReportId"]
    district.night(nights_ago(1))
    for student in students:
        student["stateReportId"] = None
    document = district.night()
    assert document.verdict == "published"
    assert not {SHARED, "students__state_student_id__unique"} & {*document.resolved}
    states = {check.id: check.state for check in document.checks}
    assert states[SHARED] == "not_evaluated"
