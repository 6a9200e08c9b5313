import contextlib
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.analyst import District
from qa.analyst.errors import DataError
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.people.conftest import INES, MARIA, SCHOOL_PHONE, SHARING, ZEROS


def first(d: District, text: str, **born: object) -> str:
    """The name that is found first."""
    return d.find(text, **born)["name"].iloc[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("garcia mar luc", "Maria Lucia Garcia"),
        ("Lucia GARCIA, Maria", "Maria Lucia Garcia"),
        ("Marai Gracia", "Maria Lucia Garcia"),
        ("obrien", "Sean O'Brien"),
        ("o brien sean", "Sean O'Brien"),
        ("sean o\u2019brien", "Sean O'Brien"),
        ("bucky", "Sean O'Brien"),
        ("nguyen", "Thu Nguyễn"),
        ("Nguyễn", "Thu Nguyễn"),
        ("smith jones", "Ana Smith-Jones"),
        ("smithjones", "Ana Smith-Jones"),
        ("jones ana", "Ana Smith-Jones"),
        ("wren none", "Wren None"),
        ("o ng", "O Ng"),
        ("jon cruz", "John De La Cruz"),
        ("delacruz", "John De La Cruz"),
        ("soren ostby", "Søren Østby"),
        ("Maria del Carmen Garcia", "Maria Lucia Garcia"),
    ],
)
def test_a_name_is_found_however_it_is_written(d, text, name):
    assert first(d, text) == name


@pytest.mark.parametrize(
    ("text", "person", "matched"),
    [
        (MARIA, MARIA, f"student id {MARIA}"),
        ("88001000", MARIA, "state id 88001000"),
        (ZEROS, ZEROS, f"student id {ZEROS}"),
        (ZEROS.lstrip("0"), ZEROS, f"student id {ZEROS}"),
        (INES, INES, f"contact id {INES}"),
        (f"00{INES}", INES, f"contact id {INES}"),
        ("+1 950.325.7777", INES, "phone (950) 325-7777 x12"),
        ("(950) 325-7777 ext. 4", INES, "phone (950) 325-7777 x12"),
        ("325-7777", INES, "phone (950) 325-7777 x12"),
        ("ines.garcia@", INES, "email ines.garcia@mail.example"),
        ("INES.GARCIA@mail.example", INES, "email ines.garcia@mail.example"),
        ("ines.garc", INES, "first name Ines, last name Garcia"),
        ("123 maple", INES, "address 123 Maple St, Xanebend, 55057"),
        ("123 Maple Street", INES, "address 123 Maple St, Xanebend, 55057"),
    ],
)
def test_a_person_is_found_by_id_phone_email_and_address(d, text, person, matched):
    found = d.find(text)
    assert found.loc[0, ["id", "matched"]].tolist() == [person, matched]


@pytest.mark.parametrize(
    "born", ["2014", 2014, "2014-05", "5/2014", "5/3/2014", "2014-05-03", date(2014, 5, 3)]
)
def test_a_birth_date_leaves_only_students_who_were_born_then(d, born):
    assert d.find("garcia", born=born)["id"].tolist() == [MARIA]


def test_a_birth_date_that_cannot_be_read_may_hold_the_year(d):
    assert first(d, "ostby", born="2014") == "Søren Østby"
    assert d.find("ostby", born="2013").empty


def test_a_birth_date_of_no_known_shape_is_refused_in_one_line(d):
    with pytest.raises(DataError, match="born is a year, a month or a day"):
        d.find("garcia", born="spring")


@pytest.mark.parametrize("born", ["2014-13", "2014-02-30", "13/1/2014", "0000"])
def test_a_birth_date_that_does_not_exist_is_refused_in_one_line(d, born):
    with pytest.raises(DataError, match=f"^born='{born}' is no date. born is a year, a month or a day"):
        d.find("garcia", born=born)


@pytest.mark.parametrize("text", ["", "  "])
def test_blank_text_is_refused(d, text):
    with pytest.raises(DataError, match="Whom to find"):
        d.find(text)


def test_an_id_may_be_a_number(d):
    assert d.find(int(MARIA))["id"].iloc[0] == MARIA


def test_a_guardian_is_shown_with_the_students(d):
    guardian = d.find("ines garcia").set_index("id").loc[INES]
    assert guardian["kind"] == "guardian"
    assert guardian["students"] == "Maria Garcia (700100), Sean O'Brien (700102)"


def test_a_student_is_shown_with_birth_date_grade_and_school(d):
    row = d.find(MARIA).iloc[0]
    assert row[["kind", "birth_date", "grade", "school", "status"]].tolist() == [
        "student",
        date(2014, 5, 3),
        "05",
        "School 1",
        "ENROLLED",
    ]


def test_a_record_that_is_quarantined_is_found_and_says_so(d):
    found = d.find("double")
    assert found["status"].str.startswith("quarantined: ").tolist() in ([True], [False])
    assert d.find("700120")["status"].str.startswith("quarantined: ").sum() == 1


@pytest.mark.parametrize("text", [of.GONE, f"0{of.GONE}", "88001002", "zyfirst2 qulast2"])
def test_a_student_who_is_only_in_the_import_is_found_and_says_so(traced_district, text):
    found = traced_district.at(of.SECOND).find(text)
    row = found[found["id"] == of.GONE].iloc[0]
    assert row[["kind", "name", "birth_date", "school"]].tolist() == [
        "student", "Zyfirst2 Qulast2", date(2011, 3, 6), "School 1",
    ]  # fmt: skip
    assert row["status"] == traced_district.at(of.SECOND).student(of.GONE).status
    assert row["status"] == "Sent as inactive: no longer received since 2026-11-22."


def test_a_student_who_was_received_is_found_once(traced_district):
    d = traced_district.at(of.SECOND)
    assert d.find(of.NO_BIRTH_DATE)["status"].tolist() == ["ENROLLED"]


def test_who_is_not_shown_is_counted(d, capsys):
    assert len(d.find("qulast")) == 50
    assert "The first 50 of " in capsys.readouterr().out
    assert len(d.find(SCHOOL_PHONE)) == len(SHARING)


def test_no_one_is_an_empty_frame_with_the_same_columns_and_a_hint(d, capsys):
    found = d.find("zzyzx quux")
    assert found.empty
    assert list(found.columns) == list(d.find("garcia").columns)
    assert "No one found" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["%", "'; drop table x; --", '"', "🙂", "\x00", "\ud800", "(((", "\\", "_"])
def test_odd_text_finds_no_one_and_raises_nothing(d, text):
    assert d.find(text).empty


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_no_text_makes_it_fail(d, text):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(DataError):  # of blank text
        d.find(text)
