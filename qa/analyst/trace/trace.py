"""Follows one student from the records received to the file and its load, and over the runs that are kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb
import pandas as pd

from qa.analyst.reader import Reader
from qa.analyst.trace import tables
from qa.analyst.trace.decided.checks import Decision, Failed, checks_of, decisions_of
from qa.analyst.trace.effects import Effect, causes_of, effects_of, import_of_marts
from qa.analyst.trace.family import Family, Record, family_of, several, student_id_of, unknown
from qa.analyst.trace.fields import COLUMNS, fields_of
from qa.analyst.trace.files import GUARDIANS, STUDENTS, ImportRows, Kept
from qa.analyst.trace.guardians import guardian_lines
from qa.analyst.trace.headline import Told, headline_of, refused_by
from qa.analyst.trace.nights import Night, nights_of
from qa.analyst.trace.page import body_of, page_of
from qa.analyst.trace.sentences import Sentence, Sentences
from qa.check_results import Warehouse


@dataclass(frozen=True)
class Trace:
    """What happened to one student in one run, and in the runs before.

    Attributes:
        headline: is the student in the import, and why or why not: one sentence.
        raw: one row per record of the student, the contacts and the school, as received.
        fields: one row per label of these: received, in staging, in the mart.
        checks: one row per check that one of them fails, with the fix.
        decisions: one row per record that is quarantined, refused, or sent as last published.
        file: one row per record and heading of the import files: last published, and in this run.
        load: one row per record of the files: what the load does with it, and what it changes.
        nights: one row per run that is kept, the newest first.
        guardians: a sentence for each guardian whom the load adds, changes, keeps or removes.
        compared_with: the run whose import was delivered last, where the load is compared with it, not with
            the last published one; "" else.
        is_built: whether the run's own warehouse is there; without it, checks and decisions are not known.
    """

    district: str
    run_id: str
    student_id: str
    name: str
    headline: Sentence
    raw: pd.DataFrame
    fields: pd.DataFrame
    checks: pd.DataFrame
    decisions: pd.DataFrame
    file: pd.DataFrame
    load: pd.DataFrame
    nights: pd.DataFrame
    guardians: Sentences = field(default_factory=lambda: Sentences(()))
    compared_with: str = ""
    is_built: bool = True

    @property
    def who(self) -> str:
        """The student, as "Student 12345 (Ana Garcia)"."""
        return f"Student {self.student_id}" + (f" ({self.name})" if self.name else "")

    def html(self) -> str:
        """A page of its own: one file without scripts, nothing to fetch. It shows personal data."""
        return page_of(self)

    def _repr_html_(self) -> str:
        return body_of(self)

    def __repr__(self) -> str:
        return repr(self.headline)


def trace(reader: Reader, student: str | int) -> Trace:
    """Follow a student through the run that is read.

    Args:
        reader: the run.
        student: the student's id; zeros before it don't matter if no student has it as typed.

    Raises:
        UnknownStudentError: no kept run knows the student, or the id may be one of several.
        DataError: a file can't be read.
    """
    with reader.open() as con:
        return _Tracing(con, reader, str(student).strip()).result()


class _Tracing:
    """Reads one stage after the other while the files are open."""

    def __init__(self, con: duckdb.DuckDBPyConnection, reader: Reader, student: str) -> None:
        self._con = con
        self._reader = reader
        has_warehouse = _is_complete(con)
        found, near = student_id_of(con, student) if has_warehouse else (None, [])
        built = reader.built
        self._checks = Warehouse(con).meant() if has_warehouse else {}
        self._is_built = has_warehouse and built is not None and built.run_id == reader.run_id
        self._built_run = built.run_id if built and has_warehouse else ""
        self._follow(found or student)
        if self.student_id != student and student in self._other_ids():
            self._follow(student)  # an earlier or later run has the id as typed
        elif not found and not any(night.records or night.file.student for night in self.nights):
            others = self._other_ids()
            if len(others) != 1:
                raise several(student, others) if others else unknown(student, near)
            self._follow(others[0])
        if not self._is_built:
            self.family = self._received()

    def _follow(self, student_id: str) -> None:
        """Read a student's records in the built run, and all nights."""
        self.student_id = student_id
        run_id = self._built_run
        self.family = family_of(self._con, run_id, student_id) if run_id else Family(student_id)
        position = self.family.students[0].position if self.family.students else None
        self.nights: list[Night] = nights_of(self._con, self._reader.folder, student_id, position)

    def _other_ids(self) -> list[str]:
        return sorted({one for night in self.nights for one in night.other_ids})

    def result(self) -> Trace:
        """All of it."""
        family, student_id = self.family, self.student_id
        failed = checks_of(self._con, family, self._checks) if self._is_built and family.records else []
        decisions = decisions_of(self._con, family, failed) if self._is_built else []
        night = self._night(decisions)
        effects = effects_of(night, causes_of(self._con, student_id) if self._is_built else None)
        names = self._people(effects)
        return Trace(
            district=self._reader.folder.key,
            run_id=self._reader.run_id,
            student_id=student_id,
            name=names[student_id],
            headline=Sentence(self._headline(night, effects, failed, decisions, names)),
            raw=tables.raw_table(family),
            fields=self._fields(),
            checks=tables.table([one.row() for one in failed], tables.CHECKS),
            decisions=tables.table([one.row(student_id, names) for one in decisions], tables.DECISIONS),
            file=tables.file_table(effects, student_id, names),
            load=tables.load_table(effects, student_id, names),
            nights=tables.nights_table(self._con, self.nights),
            guardians=Sentences(guardian_lines(effects[1:], names, night, _causes_of_guardians(decisions))),
            compared_with=night.compared_with if night.compared_with != night.published else "",
            is_built=self._is_built,
        )

    @cached_property
    def pinned(self) -> Night:
        """The run that is read."""
        return next(night for night in self.nights if night.run_id == self._reader.run_id)

    def _received(self) -> Family:
        """The student's records of a run whose warehouse is gone, or was never built."""
        its = self.student_id
        records = [Record("Student", one.position, its, "", one.payload) for one in self.pinned.records]
        return Family(its, tuple(records), is_built=False)

    def _night(self, decisions: list[Decision]) -> Night:
        """The pinned run; one without files gets what was built in their place."""
        night = self.pinned
        if night.file.exists or not self._is_built:
            return night
        kept = {
            (one.file, one.record): Kept(one.decision, one.check_id, one.since)
            for one in decisions
            if one.decision in ("carried", "departed")
        }
        return replace(night, file=import_of_marts(self._con, self.student_id, kept))

    def _people(self, effects: list[Effect]) -> dict[str, str]:
        """Names by id: as received, and of who is only in a file, as written there."""
        names = self.family.names()
        names[self.student_id] = self.family.name
        rows = [(one.contact_id or self.student_id, one.now or one.before or {}) for one in effects]
        if not names[self.student_id]:  # only an earlier run has the student
            files: list[ImportRows] = [night.file for night in self.nights]
            rows += [(self.student_id, file.student) for file in reversed(files) if file.student]
        for record, row in rows:
            name = " ".join(filter(None, (row.get("First Name"), row.get("Last Name"))))
            names[record] = names.get(record) or name
        return (
            self.family.names_of_quarantined()
            | {record: name for record, name in names.items() if name}
            | {self.student_id: names[self.student_id]}
        )

    def _fields(self) -> pd.DataFrame:
        if self._is_built:
            return fields_of(self._con, self.family)
        return tables.table(
            [
                {"endpoint": one.endpoint, "record": one.key, "label": label, "received": str(value)}
                for one in self.family.records
                for label, value in one.pairs()
                if value is not None and str(value).strip()
            ],
            COLUMNS,
        )

    def _headline(
        self,
        night: Night,
        effects: list[Effect],
        failed: list[Failed],
        decisions: list[Decision],
        names: dict[str, str],
    ) -> str:
        name = names[self.student_id]
        check_id = refused_by(night, decisions)
        students = self.family.students
        is_quarantined = bool(students) and all(one.quarantined for one in students)
        return headline_of(
            Told(
                who=f"student {self.student_id}" + (f" ({name})" if name else ""),
                night=night,
                nights=self.nights,
                effect=effects[0],
                failed=failed,
                decisions=[one for one in decisions if one.file == STUDENTS],
                refusing=self._checks.get(check_id),
                quarantined=students[0].quarantined if is_quarantined else "",
                guardians=effects[1:],
                names=names,
            )
        )


def _causes_of_guardians(decisions: list[Decision]) -> dict[str, str]:
    """The check that refuses each guardian, by the guardian's id."""
    refused = [one for one in decisions if one.file == GUARDIANS and one.decision == "refused"]
    return {one.record: one.check_id for one in reversed(refused)}


def _is_complete(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether dbt came to the end of what is read here."""
    needed = {
        "int_students_keyed", "load_students", "load_guardians", "import_state", "failing_values",
        "quarantined_records",
    }  # fmt: skip
    there = con.execute(
        "select table_name from information_schema.tables where table_catalog = 'warehouse'"
    ).fetchall()
    return needed <= {name for (name,) in there}
