"""A district's folder as the extract and dbt leave it, made by SQL: small, and every value of it unique."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from district.endpoints import ENDPOINTS
from extract.store.raw_store import Pull, open_store, write_pull
from qa.contract import QaDocument
from qa.document import write_qa_json
from qa.history import record_night

TONIGHT = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
STUDENTS = 40

# id, level, title, population, owner, endpoints
SECRETARY, ADMIN, SUPPORT = "district secretary", "district SIS admin", "PowerSchool support"
CHECKS = [
    ("pull__endpoints__complete", "stop", "An endpoint did not come", "endpoints", ADMIN, []),
    ("pull__rows__reconciled", "stop", "Rows differ from the server's total", "endpoints",
     "plus360 operator", []),
    ("students__birth_date__required", "error", "Birth date is missing", "students", SECRETARY, ["Student"]),
    ("students__guardian__required", "warn", "No guardian", "students", SECRETARY,
     ["Student", "StudentContact"]),
    ("schools__state_school_id__required", "error", "No state id of the building", "schools", ADMIN,
     ["School"]),
    ("contacts__email__valid", "warn", "E-mail is not an address", "contacts", SECRETARY, ["Contact"]),
    ("contact_phones__contact_id__exists", "error", "The contact of a phone is unknown", "phones", SUPPORT,
     ["ContactPhone", "Contact"]),
]  # fmt: skip
WHEN_ALL = {
    "headline": "No student has a birth date",
    "remedy": ["Check Date of Birth in the API Profile Endpoint Advanced Settings."],
    "owner": ADMIN,
}

# A district's marts; whatever identifies a person is unique and stands in no word of ours.
MARTS = """
    create schema marts;
    create schema checks;
    create table marts.schools as
        select n::varchar as school_id, 'School ' || n as name from unnest([1, 2, 3]) as t (n);
    create table marts.students as
        select
            (700100 + n)::varchar as student_id, 'Zyfirst' || n as first_name, 'Qulast' || n as last_name,
            date '2011-03-04' + n::int as birth_date, if(n < 30, '1', '2') as school_id,
            '8800' || (1000 + n) as state_student_id
        from range($students) as t (n);
    create table marts.contacts as
        select
            (900200 + n)::varchar as contact_id, 'Wyfirst' || n as first_name, 'O''Vulast' || n as last_name,
            'mail' || n || '.jx@vu.example' as email
        from range($students) as t (n);
    create table marts.contact_phones as
        select
            (900200 + n)::varchar as contact_id, 'H' as phone_type, (9503250000 + n)::varchar as phone_number
        from range($students) as t (n);
    create table marts.contact_addresses as
        select
            (900200 + n)::varchar as contact_id, (50 + n) || ' Gruzel Hagua Way' as street, 'Xanebend' as city
        from range($students) as t (n);
    create table marts.student_contacts as
        select (700100 + n)::varchar as student_id, (900200 + n)::varchar as contact_id, 'G' as contact_type
        from range($students) as t (n);
    create table marts.ud_fields as
        select (700100 + n)::varchar as student_id, json_object('meals', 'Zworeduced' || n) as fields
        from range($students) as t (n);
    create table marts.import_students as select student_id from marts.students;
    create table checks.pii_columns as
        select table_schema as schema_name, table_name, column_name from information_schema.columns
        where table_schema = 'marts' and table_name <> 'schools'
            and column_name not in ('school_id', 'contact_type', 'phone_type');
    create table checks.check_results (
        check_id varchar, level varchar, title varchar, why varchar, remedy varchar[], owner varchar,
        population varchar, endpoints varchar[], state varchar, failed bigint, total bigint, when_all json,
        run_id varchar
    );
    create table checks.check_failures (
        check_id varchar, record_key varchar, school_id varchar, field varchar, reason varchar
    );
""".replace("$students", str(STUDENTS))


def run_id_of(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}000Z"


@dataclass
class DistrictFolder:
    """One district below a data folder. Nights are added to it one by one."""

    data: Path
    key: str = "canary"
    name: str = "Canary ISD"
    message: str = ""

    @property
    def path(self) -> Path:
        return self.data / self.key

    @property
    def warehouse(self) -> Path:
        return self.path / "build" / "warehouse.duckdb"

    def pull(self, moment: datetime, states: dict[str, tuple[str, int | None]] | None = None) -> str:
        """The pulls of a night; `states` names the endpoints that did not come in, with their HTTP status."""
        run_id, naive = run_id_of(moment), moment.replace(tzinfo=None)
        students = [
            json.dumps({"studentId": f"{700100 + n}", "firstName": f"Zyfirst{n}", "lastName": f"Qulast{n}"})
            for n in range(STUDENTS)
        ]
        with closing(open_store(self.path / "raw.duckdb")) as store:
            for endpoint in ENDPOINTS:
                state, status = (states or {}).get(endpoint.name, ("complete", 200))
                rows = STUDENTS if state == "complete" else 0
                stripped = ["ssn"] if endpoint.name == "Student" else []
                pull = Pull(
                    run_id, endpoint.name, state, rows, 1 if rows else 0, rows or None, status, 0.4, naive,
                    naive, self.message, stripped, 0, 1,
                )  # fmt: skip
                write_pull(store, pull)
                if endpoint.name == "Student" and rows:
                    store.execute(
                        'insert into plus360."Student" select ?, ?, 0, ?, unnest(?::varchar[])',
                        [run_id, "Student", naive, students],
                    )
        return run_id

    def build(
        self, run_id: str, failing: dict[str, int] | None = None, missing: set[str] | None = None
    ) -> None:
        """The warehouse of a night: `failing` checks by number of failures, `missing` endpoints."""
        self.warehouse.parent.mkdir(exist_ok=True)
        self.warehouse.unlink(missing_ok=True)
        failing = {"pull__endpoints__complete": len(missing or ())} | (failing or {})
        with closing(duckdb.connect(str(self.warehouse))) as con:
            con.execute(MARTS)
            for check in CHECKS:
                self._check(con, run_id, check, failing.get(check[0], 0), missing or set())

    def night(
        self,
        moment: datetime = TONIGHT,
        failing: dict[str, int] | None = None,
        states: dict[str, tuple[str, int | None]] | None = None,
        build: bool = True,
    ) -> QaDocument:
        """A whole night up to qa.json and the history."""
        run_id = self.pull(moment, states)
        if build:
            self.build(run_id, failing, {*(states or {})})
        document = write_qa_json(
            self.path, self.key, self.name, run_id, moment, moment + timedelta(seconds=95)
        )
        record_night(self.path, document)
        return document

    def _check(
        self, con: duckdb.DuckDBPyConnection, run_id: str, check: tuple, failed: int, missing: set[str]
    ) -> None:
        check_id, level, title, population, owner, endpoints = check
        total = {"schools": 3, "endpoints": 7}.get(population, STUDENTS)
        state = "failed" if failed else "passed"
        if missing & set(endpoints):
            state, failed, total = "not_evaluated", 0, 0
        remedy = ["Open Student Center > Registration.", "Enter what is missing."]
        when_all = json.dumps(WHEN_ALL) if check_id == "students__birth_date__required" else None
        con.execute(
            "insert into checks.check_results values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [check_id, level, title, "The import refuses the record.", remedy, owner, population, endpoints,
             state, failed, total, when_all, run_id],
        )  # fmt: skip
        entity, field, _ = check_id.split("__")
        if check_id == "pull__endpoints__complete":  # no record fails it
            return
        first = {"students": 700100, "schools": 1}.get(entity, 900200)
        con.execute(
            "insert into checks.check_failures "
            "select $id, ($first + n)::varchar, if(n < 12, '1', '2'), $field, 'blank' "
            "from range($failed) as t (n)",
            {"id": check_id, "first": first, "field": field, "failed": failed},
        )


@pytest.fixture
def district(tmp_path: Path) -> DistrictFolder:
    return DistrictFolder(tmp_path)
