import pytest

from qa.analyst.errors import DataError
from tests.qa.analyst.people.conftest import INES, SCHOOL_PHONE, SHARING


def test_guardians_who_may_be_one_person_say_what_they_share(d):
    groups = d.duplicates()
    assert groups["contact_id"].tolist() == [INES, "900201"]
    assert groups["group"].tolist() == [1, 1]
    assert set(groups["shared"]) == {"name, phone"}
    assert groups.loc[0, "students"] == "Maria Garcia (700100), Sean O'Brien (700102)"


def test_students_who_may_be_one_person(d):
    groups = d.duplicates("students")
    alike = groups[groups["shared"] == "name and birth date"]
    assert alike["student_id"].tolist() == ["700109", "700110"]
    twice = groups[groups["shared"] == "student id"]
    assert twice["student_id"].tolist() == ["700120", "700120"]
    assert twice["status"].str.startswith("quarantined: The same").sum() == 1


@pytest.mark.parametrize("by", ["phones", "phone", "Phones"])
def test_which_guardians_share_a_phone_the_largest_group_first(d, by):
    phones = d.duplicates(by)
    assert phones.loc[0, ["group", "people", "shared"]].tolist() == [1, len(SHARING), SCHOOL_PHONE]
    assert (phones["group"] == 1).sum() == len(SHARING)
    assert phones["people"].is_monotonic_decreasing


def test_shared_emails_and_addresses(d):
    assert d.duplicates("emails").empty
    assert d.duplicates("address").empty


def test_another_kind_is_refused_with_those_there_are(d):
    with pytest.raises(DataError, match="no kind of duplicates 'x'; there are guardians, students, phones"):
        d.duplicates("x")
