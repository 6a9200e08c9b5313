"""Records to fix, by name: a list for each owner and screen of eSchoolPLUS. It stays with the district."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from district.folder import DistrictFolder, NightFolder
from district.private_files import make_private_folder
from extract.outcomes import ADMIN, OPERATOR, SECRETARY, SUPPORT, Owner
from night.decisions.spreadsheet import rows_of, write_list
from night.record import NightRecord
from qa.check_results import CheckResult, Warehouse
from qa.contract import QaDocument
from qa.failing.values import count_failing, failing_records, has_failing_values
from qa.pull_checks import lacks_the_import
from qa.report.words import REASONS
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
    "what to fix",
    "where",
    "link",
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


def write_lists_to_fix(folder: DistrictFolder, sis_url: str) -> ListsToFix | None:
    """Write private/worklist-<owner>-<screen>.csv of the last run whose records were checked.

    What is fixed is no longer listed: a list without records is removed, and so are those of earlier runs.
    Where the last run did not receive all records, nothing is known to be fixed: the lists before it stay.
    The district's lock must be held.

    Args:
        folder: the district's.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.

    Returns:
        None where no kept run checked any record.
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
                    written = _write(con, night, sis_url)
                    _remove_others(nights, written)
                    return ListsToFix(night.run_id, night == nights[-1], written, stopped_by)
    return None


def _stopped_by_a_pull(night: NightFolder) -> str | None:
    """A run's headline where it did not receive all records that the import is made of, else None."""
    with suppress(OSError, ValueError):
        document = QaDocument.from_file(night.qa_json)
        return document.headline if lacks_the_import(document.pulls) else None
    return None


def _limit_memory(con: duckdb.DuckDBPyConnection, folder: DistrictFolder) -> None:
    """Let millions of records be sorted on disk: this runs on the machine of the nightly runs."""
    con.execute(f"set memory_limit = '{_MEMORY}'")
    con.execute("set temp_directory = ?", [str(folder.spill)])


def _write(con: duckdb.DuckDBPyConnection, night: NightFolder, sis_url: str) -> dict[Path, int]:
    make_private_folder(night.private)
    lists: dict[Path, dict[str, CheckResult]] = {}
    results = [result for result in Warehouse(con).results() if _is_of_records(result)]
    record = NightRecord.of(night)
    # What the held load explains is not to be entered again by hand. Once it is released, it is as it is.
    is_held = record is not None and record.verdict == "held"
    counted = count_failing(con, [result.check_id for result in results], is_held=is_held)
    for result in results:
        if result.check_id in counted:
            path = night.worklist(_LIST.format(owner=_OWNERS[result.owner], screen=_screen(result)))
            lists.setdefault(path, {})[result.check_id] = result
    return {
        path: write_list(path, _COLUMNS, _rows(con, checks, sis_url, is_held=is_held))
        for path, checks in sorted(lists.items())
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
    con: duckdb.DuckDBPyConnection, checks: Mapping[str, CheckResult], sis_url: str, *, is_held: bool
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
            record.field_in_words,
            record.value,
            REASONS.get(record.reason, record.reason),
            check.title,
            check.place,
            record.url(sis_url),
        )


def _remove_others(nights: Sequence[NightFolder], written: Mapping[Path, int]) -> None:
    for night in nights:
        for path in _lists_of(night):
            if path not in written:
                path.unlink()


def _lists_of(night: NightFolder) -> list[Path]:
    return sorted(night.private.glob(night.worklist(_LIST.format(owner="*", screen="*")).name))
