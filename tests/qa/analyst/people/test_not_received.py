"""A run that did not receive ContactPhone: nobody knows whose phone is missing, and every answer says so."""

import pytest

from tests.qa.analyst.people.conftest import CODES, GENDER, INES, SCHOOL_PHONE

ACCEPTED, NO_PHONE = "students__gender__accepted", "students__guardian_phone__required"
GENDER_CODE, SOUND_CODE, PHONE_CODE = CODES
NOT_RECEIVED = "ContactPhone was not received in this run"


@pytest.fixture
def d(without_phones):
    """Its lines have not been told yet."""
    return without_phones.open()


def test_what_fails_a_check_that_was_not_evaluated_is_not_known(d, capsys):
    assert d.sql("from check_results").set_index("check_id").loc[NO_PHONE, "state"] == "not_evaluated"
    assert d.failing(NO_PHONE).empty
    assert f"{NO_PHONE} was not evaluated in this run, so it is not known" in capsys.readouterr().out
    assert d.failing(ACCEPTED)["student_id"].tolist() == [GENDER]


def test_no_one_is_told_to_fix_what_was_not_evaluated(d):
    assert d.student(GENDER).findings["check_id"].tolist() == [ACCEPTED]
    assert d.trace(GENDER).checks["check_id"].tolist() == [ACCEPTED]
    assert d.who(GENDER_CODE)["check_id"].tolist() == [ACCEPTED]


def test_a_record_is_not_called_sound_or_gone_where_that_is_not_known(d, people):
    sound, phone = d.who([SOUND_CODE, PHONE_CODE])["status"]
    assert sound == "received; no check fails, but not all checks were evaluated"
    assert phone == "not known: ContactPhone was not received"
    in_all = people.open().who(people.open().failing(ACCEPTED)["pseudonym"])["status"]
    assert in_all.tolist() == ["fails in this run"]


def test_a_search_says_each_time_what_it_could_not_search(d, capsys):
    for _ in range(2):
        assert d.find(SCHOOL_PHONE).empty
        last = capsys.readouterr().out.splitlines()[-1]
        assert last == f"No one found in what was received. {NOT_RECEIVED}, so it was not searched."
    assert d.find(INES)["id"].tolist() == [INES]
    assert d.find("zzyzx quux").empty
    assert NOT_RECEIVED not in capsys.readouterr().out, "neither needs a phone"


@pytest.mark.parametrize(
    ("by", "unknown"),
    [
        ("phones", "which people share phones is not known"),
        ("guardians", "more guardians may be one person"),
    ],
)
def test_duplicates_say_each_time_what_they_could_not_compare(d, capsys, by, unknown):
    for _ in range(2):
        d.duplicates(by)
        assert capsys.readouterr().out.splitlines()[-1] == f"{NOT_RECEIVED}, so {unknown}."
    d.duplicates("emails")
    assert not capsys.readouterr().out
