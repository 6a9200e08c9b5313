"""The analyst's object: every question about a district's data in one line, in notebooks or any Python.

Each verb is a line here; how it is answered is in the module beside it that has its name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from district.folder import DistrictFolder
from district.settings.district import KEY
from qa.analyst import overview
from qa.analyst.errors import DataError
from qa.analyst.labels.received import labels
from qa.analyst.labels.synonyms import synonyms
from qa.analyst.labels.unmapped import unmapped
from qa.analyst.nights.changes import MOST_ROWS, changes
from qa.analyst.nights.comparison import Comparison, compare
from qa.analyst.people.duplicates import duplicates
from qa.analyst.people.findings import failing, findings
from qa.analyst.people.search import find
from qa.analyst.people.student import Student, student
from qa.analyst.people.who import who
from qa.analyst.questions import questions
from qa.analyst.reader import Reader
from qa.analyst.records import records, values
from qa.analyst.sql.own_sql import Parameters
from qa.analyst.trace import Trace, trace


class District:
    """One district's data as one run received and built it.

    Small results are DataFrames with one kind of blank (pd.NA); the records of an endpoint are a DuckDB
    relation. Nothing here changes a file, and no file stays open.
    """

    def __init__(self, district: str, data: Path | str | None = None, run_id: str | None = None) -> None:
        """Find a district's folder.

        Args:
            district: its key in the settings.
            data: the folder of all districts; PLUS360_DATA, or ./data, if none is given.
            run_id: the run to read; the latest one whose pull ended if none is given.

        Raises:
            qa.analyst.errors.DataError: there is no such district or run.
        """
        if not isinstance(district, str) or not re.fullmatch(KEY, district):
            raise DataError(f"{district!r} is no key of a district: keys are like maple-grove.")
        self._folder = DistrictFolder.of(Path(data or os.environ.get("PLUS360_DATA", "data")), district)
        self._reader = Reader(self._folder, run_id)

    @property
    def run_id(self) -> str:
        """The run that is read: its start in UTC."""
        return self._reader.run_id

    def refresh(self) -> District:
        """Move to the latest run, and say which one it is."""
        self._reader = Reader(self._folder)
        return self

    def __repr__(self) -> str:
        return f"{self._folder.key}, run {self.run_id}"

    def questions(self) -> pd.DataFrame:
        """What analysts ask, and the line that answers each, with examples of this district."""
        return questions(self._reader)

    def nights(self) -> pd.DataFrame:
        """The runs that are kept, the newest first."""
        return overview.nights(self._reader)

    def endpoints(self, run_id: str | None = None) -> pd.DataFrame:
        """How the pull of each endpoint ended."""
        return overview.endpoints(self._reader, run_id)

    def records(self, endpoint: str, run_id: str | None = None) -> duckdb.DuckDBPyRelation:
        """Records as received, one column per label: a relation. `.df()` makes a DataFrame of it."""
        return records(self._reader, endpoint, run_id)

    def values(self, table: str, field: str) -> pd.DataFrame:
        """The values of a label of an endpoint, or of a table's column, the most frequent first."""
        return values(self._reader, table, field)

    def completeness(self) -> pd.DataFrame:
        """How many enrolled students, and rows of guardians.csv, have each field, the least filled first."""
        return overview.completeness(self._reader)

    def links(self) -> pd.DataFrame:
        """How many students have no guardian, one, two ...; and phones, addresses and so on."""
        return overview.links(self._reader)

    def find(self, text: str | int, born: str | int | date | None = None) -> pd.DataFrame:
        """People by a part of their name, id, phone, email or address, best first, also with typos.

        Args:
            text: words in any order, such as "garcia nat".
            born: a student's year, month or day of birth: "2014", "2014-05", "5/3/2014".
        """
        return find(self._reader, text, born)

    def student(self, student_id: str | int) -> Student:
        """Everything that is linked to a student: record, contacts, siblings, what fails, the file's row."""
        return student(self._reader, student_id)

    def findings(self) -> pd.DataFrame:
        """What the run found, the most urgent first."""
        return findings(self._reader)

    def failing(self, check_id: str) -> pd.DataFrame:
        """The records that fail a check, such as "students__gender__accepted", with the value that fails."""
        return failing(self._reader, check_id)

    def who(self, codes: str | Iterable[str]) -> pd.DataFrame:
        """Whose records the codes of the shared report are, such as "P-G9BH-22G6", and what fails of each."""
        return who(self._reader, codes)

    def duplicates(self, by: str = "guardians") -> pd.DataFrame:
        """Who may be one person ("guardians", "students"), or shares "phones", "emails" or "addresses"."""
        return duplicates(self._reader, by)

    def trace(self, student: str | int) -> Trace:
        """Why a student is, or is not, in the import: every stage of this run, and night by night.

        Args:
            student: the student's id; zeros before it don't matter if no student has it as typed.
        """
        self._reader.tell_newer()
        return trace(self._reader, student)

    def labels(self, endpoint: str) -> pd.DataFrame:
        """The labels that an endpoint sends: field, how full, shapes of values, first and last night, new."""
        return labels(self._reader, endpoint)

    def unmapped(self) -> pd.DataFrame:
        """Labels that no field maps and fields that no label fills, with guesses and why."""
        return unmapped(self._reader)

    def synonyms(self, mapping: Mapping[str, Mapping[str, str]] | None = None) -> str:
        """The block of districts.toml for {"Student": {"dob2": "birth_date"}}, or for the likely guesses."""
        return synonyms(self._reader, mapping)

    def compare(self, before: str | date | None = None, after: str | date | None = None) -> Comparison:
        """Two runs, by id or date, compared; if none is named, this one with the run before it."""
        return compare(self._reader, before, after)

    def changes(
        self, entity: str, since: str | date | None = None, limit: int | None = MOST_ROWS
    ) -> pd.DataFrame:
        """What changed in each record since the run before, or since a run or date; newest first."""
        return changes(self._reader, entity, since, limit)

    def sql(self, query: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """The result of one statement that reads; `copy ... to` writes into the district's private folder.

        Tables need no schema: Student is the latest run's endpoint, students the mart; see docs/data.md.
        """
        return self._reader.ask(query, parameters)

    def relation(self, query: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyRelation:
        """The result of a query that is too large for a DataFrame."""
        return self._reader.ask_relation(query, parameters)
