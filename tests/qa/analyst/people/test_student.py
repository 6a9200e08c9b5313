import pytest

from qa.analyst.errors import DataError
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.people.conftest import GENDER, GONE, INES, MARIA, ZEROS


def test_everything_that_is_linked_to_a_student(d):
    maria = d.student(MARIA)
    assert maria.name == "Maria Lucia Garcia"
    assert maria.status == "In the import, as received."
    record = maria.record.set_index("field")
    assert record.loc["birth_date", ["value", "as_received", "label"]].tolist() == [
        "2014-05-03",
        "2014-05-03",
        "birthdate",
    ]
    guardian = maria.contacts.iloc[0]
    assert guardian[["kind", "relation", "name", "in_import", "contact_id"]].tolist() == [
        "guardian", "MOTHER", "Ines Garcia", "yes", INES,
    ]  # fmt: skip
    assert guardian["phones"] == "home 9503257777"
    assert guardian["address"] == "123 Maple St, Xanebend, MN, 55057"
    assert maria.phones.loc[0, ["dialed", "as_received", "extension"]].tolist() == [
        "9503257777",
        "(950) 325-7777 x12",
        "12",
    ]
    assert maria.addresses["street_line"].tolist() == ["123 Maple St"]
    assert maria.school.set_index("field").loc["name", "value"] == "School 1"
    assert maria.siblings[["name", "guardians"]].values.tolist() == [
        ["Sean O'Brien", f"Ines Garcia ({INES})"]
    ]
    assert maria.own_fields[["label", "value"]].values.tolist() == [["meals", "Zworeduced0"]]
    assert maria.in_import.set_index("field").loc["last_name", "value"] == "Garcia"


def test_what_fails_for_a_contact_is_shown_at_the_student(d):
    fails = d.student(MARIA).findings
    assert "contacts__person__duplicated" in fails["check_id"].tolist()
    assert fails["fix"].notna().all()


def test_why_a_student_is_not_in_the_import(d):
    student = d.student(GENDER)
    assert student.status == "Not in the import: Gender code that the import does not accept."
    assert student.in_import.empty
    assert student.contacts.loc[0, "in_import"] == "no: The student can't be loaded"
    assert student.findings.loc[0, ["field", "value", "reason"]].tolist() == [
        "Gender",
        "X",
        "A code that is not in the list",
    ]


def test_an_id_that_was_received_twice_is_said(d):
    assert "The id was received 2 times" in d.student("700120").status


def test_a_guardian_whom_the_load_removes_is_named_at_once(traced_district):
    status = traced_district.at(of.SECOND).student(of.NO_GUARDIAN).status
    assert status.startswith("In the import, as received. The load of this run removes guardian 900205 (")
    assert status.endswith("): the contact type was changed.")


@pytest.mark.parametrize("written", [ZEROS, ZEROS.lstrip("0"), f"00{ZEROS}", f" {ZEROS} "])
def test_zeros_before_an_id_do_not_matter(d, written):
    assert d.student(written).student_id == ZEROS


def test_an_unknown_id_says_which_are_near(d):
    with pytest.raises(DataError, match=r"no student '70010'.*did you mean .*700100.*d\.find"):
        d.student("70010")


def test_a_student_who_is_gone_is_not_in_the_run(d):
    with pytest.raises(DataError, match="There is no student"):
        d.student(GONE)


def test_it_is_shown_as_text_and_as_html_without_a_script(d):
    student = d.student("700113")
    assert "<b>Bold</b> Script (700113)" in repr(student)
    html = student._repr_html_()
    assert "&lt;b&gt;Bold&lt;/b&gt; Script" in html
    assert "<b>Bold" not in html
    assert "<script" not in html
    assert "&lt;NA&gt;" not in html


def test_the_page_of_a_student_is_readable(d, browser):
    page = browser.new_page()
    page.set_content(d.student(MARIA)._repr_html_())
    assert page.get_by_role("heading", name=f"Maria Lucia Garcia ({MARIA})").is_visible()
    assert page.get_by_role("cell", name="ines.garcia@mail.example").first.is_visible()
    page.get_by_text("Record: as it is used, and as received").click()
    assert page.get_by_role("cell", name="birth_date", exact=True).is_visible()
    page.close()
