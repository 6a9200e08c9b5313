"""Every list that `plus360 worklist` writes: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from district.errors import Plus360Error
from district.folder import DistrictFolder
from night.decisions.history import undecided_run
from night.decisions.records_to_fix import ListsToFix, remove_others, write_lists_to_fix
from night.decisions.worklist import Worklists, worklists
from night.terminal.console import in_a_line
from qa.redaction.spreadsheet import lists_together
from qa.warehouse import WarehouseError


class ListsError(Plus360Error):
    """The lists could not be written."""


@dataclass(frozen=True)
class AllLists:
    """What was written.

    Attributes:
        held: what the load of a last run that is held would do; None where it isn't.
        to_fix: None where no kept run checked any record.
        unreadable: why there are no lists of a later run.
    """

    held: Worklists | None
    to_fix: ListsToFix | None
    unreadable: tuple[WarehouseError, ...]


def write_all_lists(folder: DistrictFolder, sis_url: str) -> AllLists:
    """Write the lists of records to fix, and those of a held load; the district's lock must be held.

    Args:
        folder: the district's.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.

    Raises:
        ListsError: not all of them could be written, so none was.
        qa.verdict.document_file.EarlierVersionError: the run's records have the shape of an earlier version.
    """
    try:
        with lists_together() as lists:
            held = worklists(folder, lists)
            to_fix = write_lists_to_fix(folder, sis_url, lists)
    except (OSError, duckdb.Error, WarehouseError) as error:
        raise ListsError(f"no list was written, earlier lists stay: {in_a_line(error)}") from error
    if to_fix:
        remove_others(folder.all_nights(), to_fix.files)
    return AllLists(held, to_fix, _unreadable_after(to_fix.run_id if to_fix else "", folder))


def _unreadable_after(run_id: str, folder: DistrictFolder) -> tuple[WarehouseError, ...]:
    """Of the runs after one: which should have a warehouse, and have none. Those of most runs are removed."""
    undecided = undecided_run(folder)
    kept = {folder.published, folder.night(undecided) if undecided else None}
    return tuple(
        WarehouseError(night, "missing", FileNotFoundError)
        for night in folder.all_nights()
        if night in kept and night.run_id > run_id and not night.warehouse.exists()
    )
