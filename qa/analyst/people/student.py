"""Everything that is linked to one student."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

from qa.analyst.frames import frame_of, rows_of
from qa.analyst.people.findings import fix_of, show_failing, with_words
from qa.analyst.people.student_page import as_html, as_text, text_of
from qa.analyst.people.student_status import sent, status_of
from qa.analyst.reader import Reader, query
from qa.analyst.trace.family import student_id_of, unknown
from qa.check_results import Warehouse
from qa.report.words import LEVELS

_TYPES = {
    "G": "guardian",
    "C": "emergency contact",
    "O": "other contact",
    "P": "physical address",
    "M": "mailing address",
}
_CONTACTS = [
    "kind",
    "priority",
    "relation",
    "name",
    "phones",
    "email",
    "address",
    "lives_with",
    "legal_guardian",
    "in_import",
    "contact_id",
]
_FINDINGS = [
    "level",
    "finding",
    "whose",
    "field",
    "value",
    "reason",
    "fix",
    "pseudonym",
    "check_id",
    "record_key",
]


@dataclass(frozen=True)
class Student:
    """One student, with everything that is linked to the student; each part is a DataFrame.

    Attributes:
        student_id: as eSchoolPLUS has it.
        name: first to last name.
        status: in a sentence, whether the student is in the import, and why not.
        record: one row per field: `value` as it is used, and `as_received`.
        contacts: guardians in the order in which they are called, then other contacts, then addresses.
        addresses: of the contacts.
        phones: of the contacts.
        school: one row per field.
        siblings: other students who share a guardian.
        own_fields: the district's own fields that are filled.
        findings: what fails for the student and the contacts, with the fix.
        in_import: the student's row of the file, one row per column; empty where there is none.
    """

    student_id: str
    name: str
    status: str
    record: pd.DataFrame
    contacts: pd.DataFrame
    addresses: pd.DataFrame
    phones: pd.DataFrame
    school: pd.DataFrame
    siblings: pd.DataFrame
    own_fields: pd.DataFrame
    findings: pd.DataFrame
    in_import: pd.DataFrame

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:  # Jupyter's own hook
        return as_html(self)


def student(reader: Reader, student_id: str | int) -> Student:
    """Everything that is linked to one student.

    Args:
        reader: the run.
        student_id: with or without leading zeros.

    Raises:
        DataError: there is no such student, or the run was not built.
    """
    reader.require_built()
    reader.tell_newer()
    with reader.open() as con:
        found, near = student_id_of(con, str(student_id).strip())
        if found is None:
            raise unknown(str(student_id), near)
        return _Parts(con, reader, found).student()


class _Parts:
    """The parts of one student, read with one connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, reader: Reader, student_id: str) -> None:
        self._con = con
        self._run_id = reader.run_id
        self._student_id = student_id
        self._checks = Warehouse(con).meant()

    def student(self) -> Student:
        values = self._read("student_values")
        in_import = self._in_import()
        return Student(
            student_id=self._student_id,
            name=_name_of(values, in_import),
            status=status_of(
                self._read("student_decisions"),
                self._checks,
                removed=self._read("student_removed_guardians"),
                received=len(values),
                is_sent=len(in_import) > 0,
            ),
            record=self._record(values),
            contacts=self._contacts(),
            addresses=_with_types(self._read("student_addresses")),
            phones=_with_types(self._read("student_phones")),
            school=self._school(values),
            siblings=self._read("student_siblings"),
            own_fields=self._read("student_own_fields"),
            findings=self._findings(),
            in_import=in_import,
        )

    def _read(self, name: str) -> pd.DataFrame:
        return frame_of(self._con.execute(query(name), {"student_id": self._student_id}))

    def _record(self, values: pd.DataFrame) -> pd.DataFrame:
        position = int(values["position"].iloc[0]) if len(values) else None
        record = frame_of(
            self._con.execute(query("student_record"), {"run_id": self._run_id, "position": position})
        )
        used = values.iloc[0].to_dict() if len(values) else {}
        value = [
            text_of(next((used[name] for name in (field, f"has_{field}") if name in used), pd.NA)) or pd.NA
            for field in record["field"].astype(object)
        ]
        return record.assign(value=pd.Series(value, dtype="string"))[
            ["field", "value", "as_received", "label"]
        ]

    def _contacts(self) -> pd.DataFrame:
        contacts = self._read("student_contacts")
        kinds = contacts["contact_type"].map(lambda code: _TYPES.get(code, code), na_action="ignore")
        in_import = [
            sent(is_imported=row["is_imported"], kept_as=row["kept_as"], reason=row["reason"])
            if row["contact_type"] == "G"
            else None
            for row in rows_of(contacts)
        ]
        contacts = contacts.assign(
            kind=kinds.astype("string"), in_import=pd.Series(in_import, dtype="string")
        )
        return contacts[_CONTACTS]

    def _school(self, values: pd.DataFrame) -> pd.DataFrame:
        school_id = values["school_id"].iloc[0] if len(values) else None
        schools = frame_of(
            self._con.execute("select * from warehouse.marts.schools where school_id = ?", [school_id])
            if not pd.isna(school_id)
            else self._con.execute("select * from warehouse.marts.schools where false")
        )
        return _one_row_per_column(schools)

    def _findings(self) -> pd.DataFrame:
        show_failing(self._con)
        failing = self._read("student_findings")
        failing = with_words(failing.assign(fix=fix_of(failing, self._checks)))
        checks = [self._checks[check] for check in failing["check_id"]]
        failing = failing.assign(
            level=pd.Series([LEVELS[check.level] for check in checks], dtype="string"),
            finding=pd.Series([check.title for check in checks], dtype="string"),
        )
        return failing[_FINDINGS]

    def _in_import(self) -> pd.DataFrame:
        return _one_row_per_column(
            frame_of(
                self._con.execute(
                    "select * from warehouse.marts.import_students where student_id = ?", [self._student_id]
                )
            )
        )


def _with_types(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with words for the types of contact, such as "guardian, physical address"."""
    whose = frame["contact_types"].map(
        lambda codes: ", ".join(word for code, word in _TYPES.items() if code in codes), na_action="ignore"
    )
    return frame.assign(contact_types=whose.astype("string")).rename(columns={"contact_types": "whose"})


def _one_row_per_column(frame: pd.DataFrame) -> pd.DataFrame:
    """The first row of a frame as `field` and `value`; nothing where it has no row."""
    row = frame.iloc[0] if len(frame) else pd.Series(dtype=object)
    return pd.DataFrame(
        {
            "field": pd.Series([str(name) for name in row.index], dtype="string"),
            "value": pd.Series([text_of(value) or pd.NA for value in row], dtype="string"),
        }
    )


def _name_of(values: pd.DataFrame, in_import: pd.DataFrame) -> str:
    if len(values):
        row = values.iloc[0]
        names = [row["first_name"], row["middle_name"], row["last_name"], row["generation_suffix"]]
    else:
        sent = dict(in_import[["field", "value"]].astype(object).values)
        names = [sent.get(name, pd.NA) for name in ("first_name", "middle_name", "last_name")]
    return " ".join(str(name) for name in names if not pd.isna(name))
