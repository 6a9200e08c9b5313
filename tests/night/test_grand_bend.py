"""The main job on real input: a night over the public sample district."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.night.conftest import Operator
from tests.night.kept_nights import after_a_night_of_the_sample
from tests.shared_between_workers import SharedFolders

ROWS = {
    "School": 3,
    "Student": 962,
    "Contact": 2834,
    "ContactAddress": 2834,
    "ContactPhone": 3526,
    "StudentContact": 4256,
    "UDRegUser": 962,
}
MARTS = {
    "schools": 3,
    "students": 962,
    "contacts": 2834,
    "contact_addresses": 2834,
    "contact_phones": 3526,
    "student_contacts": 4256,
    "ud_fields": 962,
}


@pytest.fixture(scope="module")
def night(
    grand_bend_records: Path, shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory
) -> Operator:
    place = tmp_path_factory.mktemp("operator")
    return after_a_night_of_the_sample(shared, place, grand_bend_records, "grand-bend")


@pytest.mark.parametrize("endpoint", ROWS)
def test_every_record_arrives_once_and_as_it_came(
    night: Operator, grand_bend_records: Path, endpoint: str
) -> None:
    with duckdb.connect(str(night.data / "grand-bend" / "raw.duckdb"), read_only=True) as store:
        # The catalog is called raw, after the file, and so is the schema: raw.plus360.
        payloads = store.execute(f'select payload from raw.plus360."{endpoint}"').fetchall()
    landed = Counter(payload for (payload,) in payloads)
    served = Counter((grand_bend_records / f"{endpoint}.ndjson").read_text(encoding="utf-8").splitlines())
    assert landed == served
    assert landed.total() == ROWS[endpoint]


def test_marts_hold_them(night: Operator) -> None:
    with duckdb.connect(str(night.data / "grand-bend" / "warehouse.duckdb"), read_only=True) as warehouse:
        counted = {mart: len(warehouse.execute(f"select 1 from marts.{mart}").fetchall()) for mart in MARTS}
    assert counted == MARTS
    assert {mart: night.qa("grand-bend")["counts"][mart] for mart in MARTS} == MARTS
    assert night.record("grand-bend")["rows"]["StudentContact"] == {
        "raw": 4256,
        "mart": 4256,
        "quarantined": 0,
    }


def test_the_import_has_every_student(night: Operator) -> None:
    with (night.data / "grand-bend" / "export" / "students.csv").open(encoding="utf-8", newline="") as file:
        students = list(csv.DictReader(file))
    assert len(students) == 962
    assert len({student["Student Id"] for student in students}) == 962
    for column in ("Last Name", "First Name", "Date of Birth", "Gender", "District Enrollment", "Building"):
        assert all(student[column] for student in students), column
    with (night.data / "grand-bend" / "export" / "guardians.csv").open(encoding="utf-8", newline="") as file:
        guardians = list(csv.DictReader(file))
    assert {guardian["Student Id"] for guardian in guardians} <= {
        student["Student Id"] for student in students
    }
    assert len(guardians) > 900


def test_report_and_index_are_there(night: Operator) -> None:
    qa = night.qa("grand-bend")
    assert qa["verdict"] == "published"
    assert (night.nights("grand-bend")[-1] / "report.html").stat().st_size > 5_000
    assert night.index()["grand-bend"]["state"] == "published"
    assert (night.data / "index.html").exists()
