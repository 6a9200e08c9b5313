"""Which runs are compared: by id, by date, and where several started on one day."""

from __future__ import annotations

from datetime import date

import pytest

from qa.analyst import District
from qa.analyst.errors import DataError
from tests.qa.analyst.test_compare import FIRST, KEY, SECOND, THIRD, changed, landed
from tests.qa.conftest import sound_records


def test_runs_by_id_and_by_date(tmp_path):
    first = sound_records()
    later = "20261123T090005000Z"
    district = landed(tmp_path, {FIRST: first, SECOND: changed(first), THIRD: first, later: first})
    assert (district.compare().before, district.compare().after) == (THIRD, later)
    compared = district.compare("2026-11-21", date(2026, 11, 23))
    assert (compared.before, compared.after) == (FIRST, later)
    assert district.compare(FIRST, SECOND).rows["added"].sum() == 1
    assert district.compare(SECOND).before == SECOND
    with pytest.raises(DataError, match=f"There is no run '2026-11-20'; there are {FIRST}"):
        district.compare("2026-11-20")
    with pytest.raises(DataError, match="no run before"):
        District(KEY, tmp_path, FIRST).compare()
    # There and back again: the newest run first.
    grades = district.changes("Student", since="2026-11-21", limit=None)
    of_zero = grades[(grades["student_id"] == "700100") & (grades["field"] == "grade")]
    assert of_zero[["run_id", "before", "after"]].to_numpy().tolist() == [
        [THIRD, "06", "05"], [SECOND, "05", "06"],
    ]  # fmt: skip


def test_a_date_with_several_runs_never_means_the_run_itself(tmp_path):
    first, noon, evening = sound_records(), "20261122T120005000Z", "20261122T180005000Z"
    nights = {FIRST: first, SECOND: changed(first), noon: first, evening: changed(first)}
    district = landed(tmp_path, nights)
    assert district.compare("2026-11-22").before == SECOND, "what changed that day"
    assert district.compare("2026-11-22", "2026-11-22").after == evening
    assert district.compare("2026-11-21", "2026-11-22").after == evening
    assert District(KEY, tmp_path, evening).compare("2026-11-21").before == FIRST
    assert set(district.changes("Student", "2026-11-22", limit=None)["run_id"]) == {noon, evening}
    itself = rf"^Run {evening} can't be compared with itself; there are {FIRST}, "
    with pytest.raises(DataError, match=itself):
        district.compare(evening)
    with pytest.raises(DataError, match="can't be compared with itself"):
        District(KEY, tmp_path, FIRST).compare("2026-11-21")
    with pytest.raises(DataError, match=f"no two runs from {noon} to {SECOND} that received Student"):
        District(KEY, tmp_path, SECOND).changes("Student", noon)
