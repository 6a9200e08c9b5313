"""What a run found, and the records behind each finding."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import duckdb
import pandas as pd

from district.endpoints import ENDPOINTS
from qa.analyst.errors import DataError, choose
from qa.analyst.frames import frame_of
from qa.analyst.people.sis_pages import guardian_links
from qa.analyst.reader import Reader, query
from qa.check_results import CheckResult, Warehouse
from qa.contract import QaDocument
from qa.report.formats import in_words
from qa.report.words import FIELDS, LEVELS, OWNERS, REASONS
from qa.verdict.document_file import DocumentError, read_document

# Why a record is quarantined, by code.
QUARANTINED = REASONS | {"blank_key": "A part of its key is blank"}
# The records that an id stands for.
_FOUND_BY = {"student_id": "students", "contact_id": "contacts", "school_id": "schools"}
_OF_RECORDS = frozenset(endpoint.mart for endpoint in ENDPOINTS)
_NOT_OF_RECORDS = "{check} is about a whole endpoint or file, not about single records: see d.findings().\n"
_NONE_FAILS = {
    "passed": "No record fails {check}.\n",
    "not_evaluated": "{check} was not evaluated in this run, so it is not known which records fail it.\n",
    "crashed": "{check} ended with an error in this run, so it is not known which records fail it.\n",
}
_TYPES = {
    "level": "string",
    "title": "string",
    "count": "Int64",
    "of": "Int64",
    "population": "string",
    "since": "object",
    "runs": "Int64",
    "owner": "string",
    "where": "string",
    "fix": "string",
    "check_id": "string",
}


def document_of(reader: Reader) -> QaDocument:
    """The run's qa.json with all its numbers.

    Raises:
        DataError: there is none that can be read.
    """
    night = reader.night
    try:
        return read_document(night, night.uncut_qa_json if night.uncut_qa_json.exists() else None)[0]
    except DocumentError as error:
        raise DataError(f"Run {reader.run_id} has no findings: {error}.") from None
    except OSError:
        raise DataError(f"Run {reader.run_id} has no findings: its qa.json can't be read.") from None


def findings(reader: Reader) -> pd.DataFrame:
    """What is wrong in a run, the most urgent first: one row per finding.

    Raises:
        DataError: the run has no qa.json.
    """
    document = document_of(reader)
    titles = {check.id: check.title for check in document.checks}
    rows = [
        (
            LEVELS[finding.level],
            titles.get(finding.id, finding.headline),
            finding.failed,
            finding.total or None,  # nothing was counted where the build ended early
            finding.population,
            finding.since.date() if finding.since else None,
            finding.nights,
            OWNERS[finding.owner],
            finding.place,
            " ".join(finding.remedy),
            finding.id,
        )
        for finding in document.findings
    ]
    frame = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return frame.assign(since=frame["since"].where(frame["since"].notna(), pd.NA))


def failing(reader: Reader, check_id: str) -> pd.DataFrame:
    """The records that fail a check, by school and student, with the value that fails.

    Raises:
        DataError: there is no such check, or the run was not built.
    """
    reader.require_built()
    reader.tell_newer()
    with reader.open() as con:
        states = {result.check_id: result.state for result in Warehouse(con).results()}
        check_id = choose(check_id, states, "check")
        show_failing(con)
        frame = frame_of(con.execute(query("failing"), {"check_id": check_id}))
    if check_id.partition("__")[0] not in _OF_RECORDS:
        sys.stdout.write(_NOT_OF_RECORDS.format(check=check_id))
    elif frame.empty:
        sys.stdout.write(_NONE_FAILS.get(states[check_id], _NONE_FAILS["passed"]).format(check=check_id))
    worded = guardian_links(with_words(frame), reader)
    return worded[[*worded.columns.drop("record_key"), "record_key"]]


def show_failing(con: duckdb.DuckDBPyConnection) -> None:
    """Make the view failing_records, which the queries on failing records read."""
    con.execute(f"create temp view failing_records as {query('failing_records')}")


def with_words(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of failing records with words in place of the codes of `field` and `reason`."""
    reasons = _worded(frame["reason"], REASONS)
    quarantined = _worded(frame["quarantined"], QUARANTINED)
    return frame.assign(
        field=_worded(frame["field"], FIELDS),
        reason=reasons.where(quarantined.isna(), "Received, but quarantined: " + quarantined),
    ).drop(columns="quarantined")


def fix_of(frame: pd.DataFrame, checks: Mapping[str, CheckResult]) -> pd.Series:
    """How to fix each failing record; what a quarantined record causes is fixed with that record.

    Args:
        frame: has check_id, field and quarantined, with codes.
        checks: all checks by their ids.
    """
    fixes = []
    for check_id, field, quarantined in frame[["check_id", "field", "quarantined"]].astype(object).values:
        cause = f"{_FOUND_BY.get(field)}__labels__unique"
        is_caused = quarantined is not pd.NA and cause in checks
        steps = " ".join(checks[cause if is_caused else check_id].remedy)
        fixes.append(f"Fix {cause} first: {steps}" if is_caused else steps)
    return pd.Series(fixes, index=frame.index, dtype="string")


def quarantined_in_words(status: pd.Series) -> pd.Series:
    """Statuses, in which "quarantined: duplicate_label" is in words."""
    return status.map(
        lambda text: (
            f"quarantined: {in_words(text.removeprefix('quarantined: '), QUARANTINED)}"
            if text.startswith("quarantined: ")
            else text
        ),
        na_action="ignore",
    ).astype("string")


def _worded(codes: pd.Series, words: Mapping[str, str]) -> pd.Series:
    return codes.map(lambda code: in_words(code, words), na_action="ignore").astype("string")
