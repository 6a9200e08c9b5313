"""A new district's labels: which fields they may fill, why, and the block of settings that says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from district.settings.file import load_fleet
from extract.preflight.field_labels import matching_name
from qa.analyst import District
from qa.analyst.errors import DataError
from qa.analyst.labels.evidence import Values
from qa.analyst.labels.guesses import Field, Known, guesses
from qa.analyst.labels.similarity import similarity
from qa.analyst.labels.synonyms import block
from tests.dbt_project.districts import RUN
from tests.dbt_project.districts import District as Built
from tests.qa.conftest import STUDENTS, Records, sound_records

TODAY = date(2026, 11, 23)
# As a district might call them, and what each is.
NEW_LABELS = {
    "birthdate": "dob2", "grade": "gradeLevelCd", "stateReportId": "SASID", "building": "sch_nbr",
    "lastName": "surname",
}  # fmt: skip


def renamed(records: Records) -> Records:
    """The records of a district that has its own labels for some fields, and fields that no one knows."""

    def student(number: int, record: dict[str, Any]) -> dict[str, Any]:
        filled = {NEW_LABELS.get(label, label): value for label, value in record.items()}
        return filled | {"busStop": f"B {number % 9}", "lockerNo": None, "aideHours": number % 7}

    students = [student(number, record) for number, record in enumerate(records["Student"])]
    contacts = [{"mailbox" if label == "email" else label: value for label, value in record.items()}
                for record in records["Contact"]]  # fmt: skip
    return records | {"Student": students, "Contact": contacts}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A district of its own labels after its first pull and build."""
    district = Built(tmp_path_factory.mktemp("data") / "own-labels")
    return keep(district.land(renamed(sound_records())).build())


def keep(district: Built) -> Built:
    """The same, with the warehouse in its run's folder, as a nightly run leaves it."""
    night = district.folder.night(RUN).make()
    night.warehouse.unlink(missing_ok=True)
    district.folder.new_warehouse.rename(night.warehouse)
    return district


def opened(built: Built) -> District:
    return District(built.directory.name, built.directory.parent)


@pytest.fixture(scope="module")
def found(built: Built) -> pd.DataFrame:
    return opened(built).unmapped()


def test_each_new_label_is_recognized_by_its_name_or_its_values(found):
    likely = found[found["is_likely"]].set_index("label")["field"].to_dict()
    assert likely == {
        "dob2": "birth_date", "gradeLevelCd": "grade", "SASID": "state_student_id", "sch_nbr": "school_id",
        "surname": "last_name", "mailbox": "email",
    }  # fmt: skip
    reasons = found.set_index("label")["reason"]
    assert reasons["dob2"] == (
        "The name means the same as birthdate; all of the values are dates on which a student can be born."
    )
    assert reasons["mailbox"] == "All of the values are email addresses."


def test_what_no_one_knows_stays_open(found):
    others = found[~found["is_likely"]].set_index("label")
    assert set(others.index.dropna()) == {"busStop", "lockerNo", "aideHours"}
    assert others["field"].dropna().empty
    assert (found["records"].dropna() == STUDENTS).all()


def test_without_a_warehouse_the_names_alone_are_enough_for_most(built, tmp_path):
    copy = tmp_path / "own-labels"
    copy.mkdir()
    (copy / "raw.duckdb").write_bytes(built.folder.raw.read_bytes())
    alone = District("own-labels", tmp_path).unmapped()
    assert set(alone[alone["is_likely"]]["field"]) >= {"birth_date", "grade", "last_name", "email"}


def test_the_block_can_be_pasted_and_the_next_build_maps_the_fields(built, tmp_path):
    block = opened(built).synonyms()
    assert block.splitlines()[0] == "[districts.own-labels.label_synonyms]"
    again = Built(tmp_path / "own-labels").land(renamed(sound_records()))
    keep(again.build(label_synonyms=pasted(tmp_path, "own-labels", block)))
    district = opened(again)
    assert not district.unmapped()["is_likely"].any()
    assert str(district.synonyms()).startswith("# No guess is likely.")
    births = district.sql("select count(birth_date) as known, count(grade) as grades from students")
    assert births.to_numpy().tolist() == [[STUDENTS, STUDENTS]]
    labels = district.labels("Student").set_index("label")
    assert labels.loc["dob2", "field"] == "birth_date"
    assert labels.loc["busStop", "field"] is pd.NA


def pasted(folder: Path, key: str, block: str) -> dict[str, list[str]]:
    """What the settings say after an operator pasted a block."""
    file = folder / "districts.toml"
    table = f'[districts.{key}]\nname = "A"\nbase_url = "https://a.example/"\nconsumer_key = "a"\n\n'
    file.write_text(table + block, encoding="utf-8")
    return load_fleet(file).districts[key].label_synonyms


# A file of settings is UTF-8: what JSON can hold besides is no text.
LABELS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(chosen=st.lists(LABELS, unique=True, min_size=1, max_size=4))
@settings(max_examples=200)
def test_any_label_survives_the_settings_file(tmp_path_factory, chosen):
    text = block("own-labels", [("Student", "birth_date", label) for label in chosen])
    read = pasted(tmp_path_factory.getbasetemp(), "own-labels", text)
    assert list(read) == ["Student.birth_date"]
    assert [*map(matching_name, read["Student.birth_date"])] == [*map(matching_name, chosen)]


def test_a_label_that_no_one_sends_is_said(built, capsys):
    district = opened(built)
    assert '"Student.birth_date" = ["nope", "DOB_2"]' in district.synonyms(
        {"Student": {"nope": "birth_date", "DOB_2": "birth_date"}}
    )
    assert capsys.readouterr().out == (
        "Student did not send a label 'nope' in this run: check the spelling.\n"
    )


def test_a_label_that_looks_like_a_secret_is_accepted_too(built, tmp_path):
    label = "studentPrimaryHomeLanguageCode2024"
    block = opened(built).synonyms({"Student": {label: "language"}})
    assert pasted(tmp_path, "own-labels", block) == {"Student.language": [f"_{label}"]}


def test_a_field_that_does_not_exist_is_said_plainly(built):
    with pytest.raises(DataError, match=r"no field of Student 'birthdate'; did you mean birth_date\?"):
        opened(built).synonyms({"Student": {"dob2": "birthdate"}})
    with pytest.raises(DataError, match=r"did you mean Student\?"):
        opened(built).synonyms({"Studens": {"dob2": "birth_date"}})


EMAIL = Field("email", ["email"], is_sent=False)
BIRTH_DATE = Field("birth_date", ["birthdate", "dob"], is_sent=False)
NOTHING = Known({}, TODAY)


def some(*texts: str) -> Values:
    return Values(texts, len(set(texts)), len(texts))


def test_values_of_another_kind_speak_against_the_name():
    assert not guesses({"birthDate2": some("yes", "no")}, [BIRTH_DATE], NOTHING)
    assert not guesses({"birthDate2": some("1961-01-02", "1970-05-06")}, [BIRTH_DATE], NOTHING)


def test_of_one_field_one_label_is_likely():
    labels = {name: some("a@b.example", "c@d.example") for name in ("eMail", "emailAddress", "other")}
    found = guesses(labels, [EMAIL], NOTHING)
    assert [name for name, guess in found.items() if guess.is_likely] == ["eMail"]


def test_a_field_that_is_hardly_filled_is_only_meant_by_its_own_name():
    sent = Field("email", ["email"], is_sent=True)
    labels = {"mailbox": some("a@b.example"), "email_address": some("a@b.example")}
    assert guesses({"mailbox": labels["mailbox"]}, [sent], NOTHING) == {}
    assert not guesses(labels, [sent], NOTHING).get("mailbox")


@given(st.dictionaries(LABELS, st.lists(st.text(max_size=12), max_size=5), max_size=6))
@settings(max_examples=300)
def test_any_label_and_value_can_be_guessed_about(sent):
    labels = {label: Values(texts, len(set(texts)), len(texts)) for label, texts in sent.items()}
    found = guesses(labels, [EMAIL, BIRTH_DATE], NOTHING)
    likely = [guess.field for guess in found.values() if guess.is_likely]
    assert len(likely) == len(set(likely))
    assert all(0 <= guess.confidence <= 1 and guess.reason for guess in found.values())


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [("dob2", "birthdate", True), ("DATE_OF_BIRTH", "birthdate", True), ("stuGrdLvl", "grade", False),
     ("birhtdate", "birthdate", True), ("language", "homeLanguage", False), ("😀", "birthdate", False),
     ("", "", False), ("zipCd", "zip", True)],
)  # fmt: skip
def test_names_are_alike(one, other, is_alike):
    assert (similarity(one, other) >= 0.8) == is_alike
