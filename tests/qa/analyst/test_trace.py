"""What a trace says of a student: in one sentence, stage by stage, night by night."""

from __future__ import annotations

import csv
import json
from contextlib import closing

import duckdb
import pandas as pd
import pytest

from extract.store.raw_store import open_store
from qa.analyst.errors import DataError
from qa.analyst.trace import Trace
from qa.analyst.trace.fields import column_of
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.traced_district import FIRST, SECOND, THIRD, TracedDistrict

FIX = "fix it in Registration > Entry & Reports > Student Demographic > Registration."
BLANK = "the Date of Birth can't be loaded (blank; students__birth_date__required)"

FIELDS_TWICE = (
    "the Fields can't be loaded (the same field twice; students__labels__unique), since Nov 22; next step: "
    "open a case with PowerSchool support: records of 'Get eSchoolPLUS/Student (v1)' have one JSON label "
    "twice, or in two spellings. The rule's details (API_RULE_DET) name two columns alike."
)
TWICE = "the same as in the one before; the id was received 2 times, and one of the records is used."
KEPT = "is in the import of Nov 22 as last published, because "
LEFT_OUT = "is not in the import of Nov 22 and was never published, because "
INACTIVE = "is in the import of Nov 22 as inactive, because the student is no longer sent, since Nov 22."
GENDER = (
    "the Gender can't be loaded (a code that is not in the list; students__gender__accepted), since Nov 22; "
    "next step for the plus360 operator: do not change the student's record: the code may be correct."
)
SCHOOL = (
    "the school's Building Reporting Id can't be loaded (blank; schools__state_school_id__required), since "
    "Nov 22: fix it in Administration > Registration Setup > Building > Building Definition."
)
NOTHING = "Nothing from the run of Nov 23 was loaded, because it "
WAITING = "The run of Nov 23 is waiting for a decision; with its load, "
LAST = "in the last published import, of Nov 22"
NOT_RECEIVED = "in the import of Nov 23, because the student was not received; last received"


@pytest.fixture
def second(traced_district: TracedDistrict) -> of.Analyst:
    """The second run, as published."""
    return traced_district.at(SECOND)


@pytest.mark.parametrize(
    ("student", "says"),
    [
        (of.SAME, "is in the import of Nov 22, the same as in the one before."),
        (of.CHANGED, "is in the import of Nov 22, changed: Grade."),
        (of.NEW, "is new in the import of Nov 22."),
        (of.SENT_TWICE, f"is in the import of Nov 22, {TWICE}"),
        (of.AT_ONCE, f"is in the import of Nov 22, {TWICE}"),
        (of.QUARANTINED, KEPT + FIELDS_TWICE),
        (of.NEW_QUARANTINED, LEFT_OUT + FIELDS_TWICE),
        (
            of.NO_GUARDIAN,
            "is in the import of Nov 22, the same as in the one before; guardian 900205 (Wyfirst5 O'Vulast5) "
            "is removed by this load (the contact type was changed).",
        ),
        (
            of.RELATION,
            "is in the import of Nov 22, the same as in the one before; 1 guardian is changed by this load.",
        ),
        (of.NO_BIRTH_DATE, f"{KEPT}{BLANK}, since Nov 22: {FIX}"),
        (of.NEW_WITHOUT_BIRTH_DATE, f"{LEFT_OUT}{BLANK}, since Nov 22: {FIX}"),
        (of.GENDER_X, KEPT + GENDER),
        (of.AT_FAULTY_SCHOOL, KEPT + SCHOOL),
        (of.GONE, INACTIVE),
    ],
)
def test_the_answer_is_one_sentence(second, student, says):
    traced = second.trace(student)
    assert traced.headline == f"{traced.who} {says}"


@pytest.mark.parametrize(
    ("verdict", "decision", "student", "says"),
    [
        ("published", "", of.GONE, f"{{Who}} is no longer {NOT_RECEIVED} on Nov 21."),
        (
            "published",
            "released",
            of.SAME,
            "{Who} is in the import of Nov 23, the same as in the one before.",
        ),
        ("held", "", of.GONE, f"{WAITING}{{who}} would no longer be {NOT_RECEIVED} on Nov 21."),
        ("held", "discarded", of.SAME, f"{NOTHING}was held and a person discarded it; {{who}} is {LAST}."),
        ("stopped", "", of.SENT_TWICE, f"{NOTHING}was stopped; {{who}} is {LAST}."),
        (
            *("stopped", "", of.NEW_WITHOUT_BIRTH_DATE),
            f"{NOTHING}was stopped; {{who}} is not {LAST}; in this run, {BLANK}: {FIX}",
        ),
        (
            *("failed", "", of.PHONE),
            f"{NOTHING}failed; {{who}} is {LAST}; in this run, the student was not received; "
            "last received on Nov 22.",
        ),
        (
            *("stopped", "", of.GONE),
            f"{NOTHING}was stopped; {{who}} is {LAST}, as inactive; in this run, the student was not "
            "received; last received on Nov 21.",
        ),
        ("", "", of.SAME, f"{NOTHING}has no result yet; {{who}} is {LAST}."),
    ],
)
def test_it_says_what_became_of_the_run(traced_district, verdict, decision, student, says):
    traced = traced_district.at(THIRD, verdict, decision).trace(student)
    who = "student" + traced.who.removeprefix("Student")
    assert traced.headline == says.format(Who=traced.who, who=who)


def test_a_run_whose_warehouse_is_gone_is_told_from_its_files(traced_district):
    old = traced_district.at(FIRST)
    assert old.trace(of.SAME).headline == "Student 700100 (Zyfirst0 Qulast0) is in the import of Nov 21."
    assert old.trace(of.NEW).headline.endswith(
        "is not in the import of Nov 21, because the student was not received."
    )
    traced = old.trace(of.SAME)
    assert not traced.is_built
    assert traced.raw["endpoint"].tolist() == ["Student"]
    assert traced.fields.set_index("label").loc["lastName", "received"] == "Qulast0"
    assert "nothing is known of this" in traced.html()


@pytest.mark.parametrize("given", ["42", "0042", " 00042 ", 42])
def test_zeros_before_an_id_do_not_matter(second, given):
    assert second.trace(given).student_id == of.WITH_ZEROS
    assert second.trace(f"00{of.SAME}").student_id == of.SAME


def test_an_unknown_id_is_one_line_with_ids_like_it(second):
    with pytest.raises(DataError) as error:
        second.trace("7001O0")
    assert str(error.value).startswith(
        "There is no student '7001O0' in the runs that are kept; did you mean 700100 or"
    )
    with pytest.raises(DataError, match=r"d\.find\('nobody'\) searches names"):
        second.trace("nobody")


def test_every_record_of_the_family_is_shown_as_received(traced_district, second):
    traced = second.trace(of.CHANGED)
    assert traced.raw["endpoint"].tolist() == [
        "Student", "School", "UDRegUser", "StudentContact", "StudentContact", "Contact", "ContactAddress",
        "ContactPhone",
    ]  # fmt: skip
    with closing(duckdb.connect(str(traced_district.folder.raw), read_only=True)) as con:
        sent = con.execute(
            'select cast(payload as varchar) from plus360."Student" where run_id = ? and position = ?',
            [SECOND, int(traced.raw.loc[0, "position"])],
        ).fetchone()
    assert sent == (traced.raw.loc[0, "payload"],)
    assert json.loads(sent[0])["studentId"] == of.CHANGED


def test_each_field_shows_what_became_of_it(second):
    fields = second.trace(of.CHANGED).fields
    student = fields[fields["endpoint"] == "Student"].set_index("label")
    assert student.loc["grade", ["received", "staging", "mart"]].tolist() == [" 06", "06", "06"]
    assert student.loc["birthdate", "mart"] == "2011-03-07"
    assert pd.isna(student.loc["birthdate", "difference"]), "a date that is only written in another way"
    unreadable = second.trace(of.GENDER_X).fields
    gender = unreadable[unreadable["field"] == "gender"].iloc[0]
    assert gender[["received", "staging", "difference"]].tolist() == ["X", "X", "Became blank"]


def test_every_field_of_ours_has_its_column(traced_district):
    with closing(duckdb.connect(str(traced_district.folder.night(SECOND).warehouse), read_only=True)) as con:
        columns = set(
            con.execute(
                "select table_name, column_name from duckdb_columns() where schema_name = 'staging'"
            ).fetchall()
        )
        fields = con.execute("select distinct endpoint, field from seeds.field_labels").fetchall()
    marts = {"School": "schools", "Contact": "contacts", "ContactAddress": "contact_addresses",
             "ContactPhone": "contact_phones", "StudentContact": "student_contacts", "Student": "students",
             "UDRegUser": "ud_fields"}  # fmt: skip
    missing = {
        (endpoint, field)
        for endpoint, field in fields
        if (f"stg_plus360__{marts[endpoint]}", column_of(field)) not in columns
    }
    assert missing == set()


def test_checks_and_decisions_say_why_and_since_when(second):
    traced = second.trace(of.NO_BIRTH_DATE)
    check = traced.checks.set_index("check_id").loc["students__birth_date__required"]
    assert check[["level", "record", "field", "reason"]].tolist() == [
        "Can't be loaded", of.NO_BIRTH_DATE, "Date of Birth", "Blank",
    ]  # fmt: skip
    assert check["fix"].startswith("Open Registration > ")
    assert traced.decisions["decision"].tolist() == [
        "Refused: not loaded as received",
        "Sent as last published",
    ]
    carried = traced.decisions.iloc[1]
    assert (str(carried["since"]), carried["runs"]) == ("2026-11-22", 1)


def test_the_rows_are_those_of_the_files(traced_district, second):
    traced = second.trace(of.CHANGED)
    for file in ("students.csv", "guardians.csv"):
        with (traced_district.folder.night(SECOND).export / file).open(encoding="utf-8", newline="") as lines:
            written = next(row for row in csv.DictReader(lines) if row["Student Id"] == of.CHANGED)
        shown = traced.file[traced.file["file"] == file].fillna("")
        assert dict(zip(shown["heading"], shown["in_this_run"], strict=True)) == written
    changed = traced.file[traced.file["changed"].fillna(value=False)]
    assert changed[["heading", "last_published", "in_this_run"]].values.tolist() == [["Grade", "05", "06"]]


def test_guardians_who_are_removed_or_changed_are_told_with_the_cause(second):
    removed = second.trace(of.NO_GUARDIAN)
    assert removed.guardians == (
        "Guardian 900205 (Wyfirst5 O'Vulast5) is removed by this load (the contact type was changed).",
    )
    assert removed.load["effect"].tolist() == ["Same as before", "Removed"]
    assert second.trace(of.RELATION).guardians == (
        "Guardian 900208 (Wyfirst8 O'Vulast8) is changed by this load: Relationship: MOTHER to FATHER.",
    )
    assert second.trace(of.SAME).guardians == ()


def test_no_file_stays_open(traced_district, second):
    traced = second.trace(of.SAME)
    with closing(open_store(traced_district.folder.raw)) as store:
        store.execute("update history.nights set verdict = verdict")
    assert isinstance(traced, Trace)
    assert repr(traced) == traced.headline
