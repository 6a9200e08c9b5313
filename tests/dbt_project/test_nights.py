"""What a build makes of runs: spellings, endpoints not received, drops, empty imports, a sample district."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import generated
from tests.dbt_project.districts import IMPORT, RUN, District, invoke, records_of
from tests.shared_between_workers import copy_of

EARLIER = "20261122T020005123Z"
# The checks of the pulls or of the load, and what they read: for tests that ask nothing else of a build.
PULLS = ("run", "--select", "+checks_pulls")
LOADS = ("run", "--select", "+checks_load")
Rows = dict[str, list[dict[str, Any]]]


def rows_of(students: int, seed: int = 6) -> Rows:
    lines = records_of(generated(students, seed=seed))
    return {endpoint: [json.loads(line) for line in records] for endpoint, records in lines.items()}


def respelled(rows: Rows) -> Rows:
    """The same records from a server that writes its labels in capitals with underscores."""

    def label(name: str) -> str:
        return {"birthdate": "DOB"}.get(name, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper())

    def respell(endpoint: str, record: dict[str, Any]) -> dict[str, Any]:
        ours = ("district", "studentId") if endpoint == "UDRegUser" else record
        return {label(name) if name in ours else name: value for name, value in record.items()}

    return {endpoint: [respell(endpoint, record) for record in records] for endpoint, records in rows.items()}


def marts_of(district: District) -> dict[str, list[tuple[Any, ...]]]:
    tables = district.query("select table_name from duckdb_tables() where schema_name = 'marts'")
    return {name: district.query(f"from marts.{name} order by all") for (name,) in tables}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> District:
    return District(tmp_path_factory.mktemp("plain")).land(rows_of(80)).build()


def test_labels_of_any_spelling_give_the_same_marts(plain: District, tmp_path: Path) -> None:
    other = District(tmp_path).land(respelled(rows_of(80))).build()
    assert marts_of(other) == marts_of(plain)
    assert other.failed() == {}


def test_a_districts_own_labels_and_codes_are_vars(plain: District, tmp_path: Path) -> None:
    rows = rows_of(80)
    for student in rows["Student"]:
        student["pupil's birthday"] = student.pop("birthdate")
        student["currentStatus"] = {"A": "1"}.get(student["currentStatus"], student["currentStatus"])
    own = District(tmp_path).land(rows)
    own.build(
        label_synonyms={"Student.birth_date": ["pupil's birthday"]},
        codes={"enrollment_status": {"1": "ENROLLED"}},
    )
    assert own.failed() == {}
    assert marts_of(own)["import_students"] == marts_of(plain)["import_students"]


def test_what_depends_on_a_refused_endpoint_is_not_evaluated(tmp_path: Path) -> None:
    district = District(tmp_path).land(
        rows_of(40), states={"ContactPhone": "refused", "Contact": "unreconciled"}
    )
    district.build()
    states = district.states()
    assert states["pull__endpoints__complete"] == "failed"
    assert states["pull__rows__reconciled"] == "failed"
    assert states["students__guardian_phone__required"] == "not_evaluated"
    assert states["contact_phones__phone_number__valid"] == "not_evaluated"
    assert states["students__guardian__required"] == "passed"
    assert states["contacts__email__valid"] == "passed"


LOAD = """
    select field, reason, n, of from checks.checks_load
    where check_id = ? order by field desc
"""
Damage = Callable[[Rows], None]


def no_birth_dates(rows: Rows) -> None:
    for student in rows["Student"]:
        del student["birthdate"]


def no_schools(rows: Rows) -> None:
    rows["School"].clear()


def new_status_codes(rows: Rows) -> None:
    for student in rows["Student"]:
        student["currentStatus"] = "Q"


def no_contacts(rows: Rows) -> None:
    rows["Contact"].clear()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (no_birth_dates, "students__birth_date__required"),
        (no_schools, "students__school_id__exists"),
        (new_status_codes, "students__enrollment_status__accepted"),
    ],
)
def test_one_cause_that_empties_the_import_stops_the_first_nightly_run(
    damage: Damage, check: str, tmp_path: Path
) -> None:
    rows = rows_of(40)
    damage(rows)
    district = District(tmp_path).land(rows).build()
    links = sum(link["contactType"] == "G" for link in rows["StudentContact"])
    assert district.query(LOAD, "load__refused__plausible") == [
        ("students.csv.student_id", check, 40, 40),
        ("guardians.csv.contact_id", check, links, links),
    ]
    assert district.states()["load__refused__plausible"] == "failed"
    assert district.states()["load__files__not_empty"] == "failed"
    failed, total, when_all = district.query(
        "select failed, total, when_all from checks.check_results where check_id = ?", check
    )[0]
    assert failed == total == 40
    assert json.loads(when_all)["remedy"]


def test_guardians_without_contacts_stop_the_nightly_run(tmp_path: Path) -> None:
    rows = rows_of(40)
    no_contacts(rows)
    district = District(tmp_path).land(rows).build(*LOADS)
    links = sum(link["contactType"] == "G" for link in rows["StudentContact"])
    assert district.query(LOAD, "load__refused__plausible") == [
        ("guardians.csv.contact_id", "student_contacts__contact_id__exists", links, links)
    ]


def test_endpoints_without_a_record_stop_the_first_nightly_run(tmp_path: Path) -> None:
    district = District(tmp_path).land({}).build(*LOADS)
    assert district.query(LOAD, "load__files__not_empty") == [
        ("students.csv.student_id", "no_records", 2, 2),
        ("guardians.csv.contact_id", "no_records", 2, 2),
    ]
    assert district.states()["load__files__not_empty"] == "failed"


def test_a_small_district_is_not_stopped_for_some_refused_records(tmp_path: Path) -> None:
    rows = rows_of(8)
    for student in rows["Student"][:5]:
        del student["birthdate"]
    states = District(tmp_path).land(rows).build(*LOADS).states()
    assert (states["load__refused__plausible"], states["load__files__not_empty"]) == ("passed", "passed")
    no_schools(rows)
    states = District(tmp_path).land(rows, "20261124T020005123Z").build(*LOADS).states()
    assert (states["load__refused__plausible"], states["load__files__not_empty"]) == ("passed", "failed")


def test_records_that_are_sent_twice_do_not_stop_the_nightly_run(tmp_path: Path) -> None:
    rows = {
        endpoint: [*records, *records] for endpoint, records in rows_of(40).items() if endpoint != "School"
    }
    states = District(tmp_path).land(rows | {"School": rows_of(40)["School"]}).build(*LOADS).states()
    assert states["load__refused__plausible"] == "passed"


def test_a_drop_since_the_last_published_run_stops(tmp_path: Path) -> None:
    rows = rows_of(60)
    district = District(tmp_path).land(rows, EARLIER).published(EARLIER)
    rows["Student"] = rows["Student"][:45]
    district.land(rows).build()
    assert district.states()["pull__rows__stable"] == "failed"
    assert district.query(
        "select field from checks.check_failures where check_id = 'pull__rows__stable'"
    ) == [("Student",)]
    assert district.build(*PULLS, fall_threshold=0.5).states()["pull__rows__stable"] == "passed"
    assert district.build(*PULLS, run_id=EARLIER).states()["pull__rows__stable"] == "passed"
    assert RUN != EARLIER


def test_the_sample_district_arrives_whole(grand_bend: District) -> None:
    arrived = dict(
        grand_bend.query(
            """
            select 'schools', count(*) from marts.schools union all
            select 'students', count(*) from marts.students union all
            select 'contacts', count(*) from marts.contacts union all
            select 'contact_addresses', count(*) from marts.contact_addresses union all
            select 'contact_phones', count(*) from marts.contact_phones union all
            select 'student_contacts', count(*) from marts.student_contacts union all
            select 'ud_fields', count(*) from marts.ud_fields union all
            select 'quarantined_records', count(*) from marts.quarantined_records union all
            select 'import_students', count(*) from marts.import_students union all
            select 'import_guardians', count(*) from marts.import_guardians
            """
        )
    )
    assert arrived == {
        "schools": 3,
        "students": 962,
        "contacts": 2834,
        "contact_addresses": 2834,
        "contact_phones": 3526,
        "student_contacts": 4256,
        "ud_fields": 962,
        "quarantined_records": 0,
        "import_students": 962,
        "import_guardians": 1874,
    }


def test_records_of_any_shape_are_followed_and_crash_nothing(tmp_path: Path) -> None:
    rows: dict[str, list[Any]] = dict(rows_of(20))
    odd = [
        b"[]",
        b'"text"',
        b"null",
        b"1e999",
        b"{}",
        b'{"studentId": {"a": [1]}}',
        b'{"contactId": null, "": 1}',
    ]
    district = District(tmp_path).land({endpoint: [*records, *odd] for endpoint, records in rows.items()})
    district.build()
    lost = district.query(
        """
        select (select count(*) from raw_store.plus360."Student") - (select count(*) from marts.students)
            - (select count(*) from marts.quarantined_records where endpoint = 'Student'),
            (select count(*) from raw_store.plus360."UDRegUser") - (select count(*) from marts.ud_fields)
            - (select count(*) from marts.quarantined_records where endpoint = 'UDRegUser')
        """
    )
    assert lost == [(0, 0)]


def test_the_import_is_ordered_by_key(tmp_path: Path) -> None:
    rows = rows_of(60)
    for records in rows.values():
        records.reverse()
    district = District(tmp_path).land(rows).build(*IMPORT)
    students = district.query("select student_id from marts.import_students")
    guardians = district.query("select student_id, contact_id from marts.import_guardians")
    assert students == sorted(students)
    assert guardians == sorted(guardians)


def test_dbt_run_right_after_extract_works(tmp_path: Path) -> None:
    district = District(tmp_path).land(rows_of(10))
    district.build("run", compare_contracts=True)
    assert district.query("select count(*) from marts.import_students") == [(10,)]


def test_one_test_by_hand_replaces_its_own_result_only(small: District, tmp_path: Path) -> None:
    district = District(copy_of(small.directory, tmp_path))
    everything = "select * from checks.check_results order by check_id"
    before = district.query(everything)
    outcome = invoke(tmp_path, "test", "-s", "students__gender__accepted")
    assert outcome.exception is None
    assert district.query(everything) == before
    assert len(before) > 45
