"""Lists of records to fix: one for each owner and screen, ready for a spreadsheet, shorter every night."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused
from tests.rewritten import Record, rewritten

DISTRICT = "oak-hill"
SIS_URL = "https://sis.example/eSchoolPLUS/"
# Students by what is wrong with them on the first night, and the guardians' fields.
NO_BIRTH_DATE = ("200003", "200051")
NO_GRADE = "200007"
HOSTILE = '=HYPERLINK("https://evil.example")\n"Ann", Mary'
WRONG_EMAIL = "+1-not an address"
COLUMNS = [
    "school", "school code", "student id", "student", "contact id", "contact", "field", "value", "reason",
    "level", "what to fix", "how to fix it", "where", "link", "code in the shared report",
]  # fmt: skip


def night(operator: Operator, name: str, *, fixed: bool = False, birth_dates: bool = True) -> None:
    """A nightly run; on a fixed night, one birth date and one email are left to fix."""
    seen: set[str] = set()

    def change(endpoint: str, record: Record) -> Record:
        student = str(record.get("studentId", "")).strip()
        if endpoint == "Student":
            if student == NO_BIRTH_DATE[1]:
                record = record | {"firstName": HOSTILE}
            if not birth_dates or student == NO_BIRTH_DATE[1] or (student == NO_BIRTH_DATE[0] and not fixed):
                record = record | {"birthdate": None}
            if student == NO_GRADE and not fixed:
                record = record | {"grade": "??"}
        if endpoint == "Contact" and record["email"] and len(seen) < (1 if fixed else 3):
            seen.add(str(record["contactId"]))
            record = record | {"email": WRONG_EMAIL, "firstName": "Zoë"}
        return record

    folder = operator.folder / name
    folder.mkdir()
    with Sandbox(rewritten(generated(students=150, seed=3), folder, change)) as box:
        operator.knows(DISTRICT, box, sis_url=SIS_URL)
        operator.plus360("night", DISTRICT)


def lists(operator: Operator) -> dict[str, list[dict[str, str]]]:
    """The lists that the command names and counts, by the files' names."""
    done = operator.plus360("worklist", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {}
    for line in done.stdout.splitlines():
        path = Path(line.partition(".csv: ")[0] + ".csv")
        if path.name.startswith("worklist-"):
            assert path.parent == operator.nights(DISTRICT)[-1] / "private"
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            with path.open(encoding="utf-8-sig", newline="") as file:
                found[path.name] = list(csv.DictReader(file))
            count = len(found[path.name])
            assert line.endswith(f": {count} {'row' if count == 1 else 'rows'}")
    assert {*found} == {path.name for path in operator.data.rglob("worklist-*.csv")}
    return found


def rows(found: dict[str, list[dict[str, str]]], title: str) -> list[dict[str, str]]:
    return [row for its in found.values() for row in its if row["what to fix"].startswith(title)]


@pytest.fixture(scope="module")
def first(module_operator: Operator) -> dict[str, list[dict[str, str]]]:
    night(module_operator, "first")
    return lists(module_operator)


def test_each_record_to_fix_is_a_row_with_all_that_a_secretary_needs(first) -> None:
    without = rows(first, "Student without a birth date")
    assert {row["student id"] for row in without} == {*NO_BIRTH_DATE}
    (grade,) = rows(first, "Grade")
    assert list(grade) == COLUMNS
    assert (grade["student id"], grade["field"], grade["value"]) == (NO_GRADE, "Grade", "??")
    assert grade["school"].endswith("School")
    assert grade["school code"].isdigit()
    assert grade["student"]
    assert grade["reason"]
    assert "_" not in grade["reason"]
    assert grade["where"].startswith("Registration > ")
    assert grade["link"] == ""
    assert grade["level"] == "Please fix"
    assert grade["how to fix it"].endswith(".")


def test_a_guardian_is_found_by_student_and_by_link(first) -> None:
    emails = rows(first, "Invalid email")
    assert len(emails) == 3
    for row in emails:
        assert row["value"] == f"'{WRONG_EMAIL}"
        assert row["contact"].startswith("Zoë ")
        assert row["student id"]
        assert row["link"].startswith(
            f"{SIS_URL}Student/Registration/ContactDetail?contactId={row['contact id']}&"
        )
        assert row["link"].endswith(f"StudentId={row['student id']}")


def test_a_list_is_of_one_owner_and_one_screen_and_sorted_by_school(first) -> None:
    for name, its in first.items():
        assert len({row["where"] for row in its}) == 1, name
        assert [(row["school"], row["student"]) for row in its if row["school"]] == sorted(
            (row["school"], row["student"]) for row in its if row["school"]
        )
    (file,) = [name for name, its in first.items() if rows({name: its}, "Student without a birth date")]
    assert file == "worklist-secretary-registration.csv"


def test_a_spreadsheet_runs_nothing_and_shows_names_as_they_are(first, module_operator: Operator) -> None:
    hostile = [row for its in first.values() for row in its if row["student id"] == NO_BIRTH_DATE[1]]
    assert hostile
    assert all(row["student"].startswith("'=HYPERLINK(") for row in hostile)
    for path in module_operator.data.rglob("worklist-*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbfschool,"), "Excel reads it as UTF-8"
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert all(not cell.startswith(("=", "+", "-", "@")) for its in csv.reader(file) for cell in its)


def test_what_is_fixed_is_gone_and_an_empty_list_disappears(first, module_operator: Operator) -> None:
    night(module_operator, "second", fixed=True)
    second = lists(module_operator)
    assert len(rows(second, "Student without a birth date")) == 1
    assert len(rows(second, "Invalid email")) == 1
    assert not rows(second, "Grade")
    assert sum(map(len, second.values())) == sum(map(len, first.values())) - 4
    (grades,) = [name for name, its in first.items() if rows({name: its}, "Grade")]
    assert grades not in second


def test_a_stopped_run_has_lists_but_not_of_what_one_setting_fixes(first, module_operator: Operator) -> None:
    night(module_operator, "third", birth_dates=False)
    assert module_operator.qa(DISTRICT)["verdict"] == "stopped"
    third = lists(module_operator)
    assert not rows(third, "Student without a birth date")
    assert not rows(third, "No student was received with a birth date")
    assert len(rows(third, "Invalid email")) == 3


def test_after_a_failed_pull_the_last_lists_stay(first, module_operator: Operator) -> None:
    before = {path: path.read_bytes() for path in module_operator.data.rglob("worklist-*.csv")}
    module_operator.plus360("night", DISTRICT)  # no server answers any more
    done = module_operator.plus360("worklist", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        f"the last run did not receive all records. {module_operator.qa(DISTRICT)['headline']}" in done.stdout
    )
    assert "no record to fix" not in done.stdout
    assert {path: path.read_bytes() for path in module_operator.data.rglob("worklist-*.csv")} == before
    assert all(f"{path.name}: " in done.stdout for path in before)


def test_a_district_that_was_never_run_has_no_list(operator: Operator) -> None:
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows(DISTRICT, box)
    assert "it was never run" in refused(operator.plus360("worklist", DISTRICT))
