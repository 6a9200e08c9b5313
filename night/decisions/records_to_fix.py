"""Records to fix, by name: a list for each owner and screen of eSchoolPLUS. It stays with the district."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from district.folder import DistrictFolder, NightFolder
from extract.outcomes import ADMIN, OPERATOR, SECRETARY, SUPPORT, Owner
from night.record import NightRecord
from qa.check_results import CheckResult, Warehouse
from qa.failing.values import count_failing, failing_records, has_failing_values
from qa.pull_checks import lacks_the_import
from qa.redaction.spreadsheet import Lists, rows_of
from qa.report.formats import in_words
from qa.report.reidentify import pseudonyms_of
from qa.report.words import FIELDS, LEVELS, REASONS
from qa.verdict.document_file import DocumentError, read_document, refuse_earlier_version
from qa.warehouse import open_warehouse

_COLUMNS = (
    "school",
    "school code",
    "student id",
    "student",
    "contact id",
    "contact",
    "field",
    "value",
    "reason",
    "level",
    "what to fix",
    "how to fix it",
    "where",
    "link",
    "code in the shared report",
)
_LIST = "worklist-{owner}-{screen}"
_OWNERS: dict[Owner, str] = {
    SECRETARY: "secretary",
    ADMIN: "sis-admin",
    SUPPORT: "support",
    OPERATOR: "operator",
}
_MEMORY = "1GB"
# Where it is fixed if not on a screen of eSchoolPLUS.
_ELSEWHERE: dict[Owner, str] = {SUPPORT: "case", OPERATOR: "settings"}


@dataclass(frozen=True)
class ListsToFix:
    """What there is to fix.

    Attributes:
        run_id: the run that found it.
        is_last: whether no later run has started.
        files: the lists, each with its number of records.
        stopped_by: why the last run checked no records, in its headline's words; None where it did.
    """

    run_id: str
    is_last: bool
    files: dict[Path, int]
    stopped_by: str | None = None


def write_lists_to_fix(folder: DistrictFolder, sis_url: str, lists: Lists) -> ListsToFix | None:
    """Write private/worklist-<owner>-<screen>.csv of the last run whose records were checked.

    What is fixed is no longer listed: `remove_others` removes a list without records, and those of earlier
    runs. Where the last run did not receive all records, nothing is known to be fixed: the lists before it
    stay. The district's lock must be held.

    Args:
        folder: the district's.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.
        lists: where they are written.

    Returns:
        None where no kept run checked any record.

    Raises:
        qa.verdict.document_file.EarlierVersionError: the run's records have the shape of an earlier version.
    """
    nights = folder.all_nights()
    stopped_by: str | None = None
    for night in reversed(nights):
        if (headline := _stopped_by_a_pull(night)) is not None:
            stopped_by = stopped_by or headline
            continue
        if stopped_by and (files := _lists_of(night)):
            return ListsToFix(night.run_id, False, {path: rows_of(path) for path in files}, stopped_by)
        if night.warehouse.exists():
            with open_warehouse(night) as con:
                if has_failing_values(con):
                    _limit_memory(con, folder)
                    written = _write(con, night, sis_url, lists)
                    return ListsToFix(night.run_id, night == nights[-1], written, stopped_by)
            refuse_earlier_version(night)
    return None


def _stopped_by_a_pull(night: NightFolder) -> str | None:
    """A run's headline where it did not receive all records that the import is made of, else None."""
    with suppress(OSError, DocumentError):
        document, _ = read_document(night)
        return document.headline if lacks_the_import(document.pulls) else None
    return None


def _limit_memory(con: duckdb.DuckDBPyConnection, folder: DistrictFolder) -> None:
    """Let millions of records be sorted on disk: this runs on the machine of the nightly runs."""
    con.execute(f"set memory_limit = '{_MEMORY}'")
    con.execute("set temp_directory = ?", [str(folder.spill)])


def _write(con: duckdb.DuckDBPyConnection, night: NightFolder, sis_url: str, lists: Lists) -> dict[Path, int]:
    checks_of: dict[Path, dict[str, CheckResult]] = {}
    results = [result for result in Warehouse(con).results() if _is_of_records(result)]
    pseudonyms = pseudonyms_of(night)
    record = NightRecord.of(night)
    # What the held load explains is not to be entered again by hand. Once it is released, it is as it is.
    is_held = record is not None and record.verdict == "held"
    counted = count_failing(con, [result.check_id for result in results], is_held=is_held)
    for result in results:
        if result.check_id in counted:
            path = night.worklist(_LIST.format(owner=_OWNERS[result.owner], screen=_screen(result)))
            checks_of.setdefault(path, {})[result.check_id] = result
    return {
        path: lists.write(path, _COLUMNS, _rows(con, checks, sis_url, pseudonyms, is_held=is_held))
        for path, checks in sorted(checks_of.items())
    }


def _is_of_records(result: CheckResult) -> bool:
    """Whether records have to be fixed, and not the one setting that makes all of them fail."""
    return result.state == "failed" and result.as_meant() is result


def _screen(result: CheckResult) -> str:
    """The screen's name as a part of a file's name: the last part of its menu path."""
    if result.place is None:
        return _ELSEWHERE.get(result.owner, "other")
    return re.sub(r"[^a-z0-9]+", "-", result.place.rpartition(">")[2].lower()).strip("-")


def _rows(
    con: duckdb.DuckDBPyConnection,
    checks: Mapping[str, CheckResult],
    sis_url: str,
    pseudonyms: Mapping[tuple[str, str], str],
    *,
    is_held: bool,
) -> Iterator[Sequence[str | None]]:
    for record in failing_records(con, list(checks), is_held=is_held):
        check = checks[record.check_id]
        yield (
            record.school,
            record.school_id,
            record.student_id,
            record.student,
            record.contact_id,
            record.contact,
            in_words(record.field, FIELDS),
            record.value,
            in_words(record.reason, REASONS),
            LEVELS[check.level],
            check.title,
            " ".join(check.remedy),
            check.place,
            record.url(sis_url),
            pseudonyms.get((record.entity, record.record_key)),
        )


def remove_others(nights: Sequence[NightFolder], written: Mapping[Path, int]) -> None:
    """Remove the lists of records to fix of all runs, but those that have just been written."""
    for night in nights:
        for path in _lists_of(night):
            if path not in written:
                path.unlink()


def _lists_of(night: NightFolder) -> list[Path]:
    return sorted(night.private.glob(night.worklist(_LIST.format(owner="*", screen="*")).name))
