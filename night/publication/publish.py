"""Publishing: readers see the last good run or this one, complete, and never anything between.

Everything that a run produces is in its folder, and history knows it, before one link changes. After that,
nothing is left to do but to forget old runs. `night.publication.repair` finishes what a killed run left.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.private_files import sync_file, sync_folder, write_private
from extract.store.history_copy import copy_history
from extract.store.raw_store import open_store
from extract.store.retention import KEPT_RUNS
from night.decisions.history import undecided_run
from night.decisions.worklist import write_worklists
from night.delivery.record import delivered_run
from night.export import ImportFile, write_export
from night.record import NightRecord
from qa.contract import QaDocument
from qa.contract_types import Verdict
from qa.history import write_night
from qa.warehouse import attach_warehouse

# Of the published run and the one before it: who reads that one while the link changes can finish.
KEPT_PUBLISHED_WAREHOUSES = 2


def write_import(night: NightFolder, verdict: Verdict) -> dict[str, ImportFile]:
    """The files that a load would take; only published and held runs have any."""
    if verdict not in ("published", "held"):
        return {}
    files = write_export(night).files
    if verdict == "held":
        write_worklists(night)
    return files


def announce(night: NightFolder) -> None:
    """Note that a run is about to be published: if it ends before the link names it, it never was."""
    write_private(night.district.publishing, night.run_id)


def announced(folder: DistrictFolder) -> NightFolder | None:
    """The run that is being published, or was when it was killed."""
    note = folder.publishing
    return folder.night(note.read_text(encoding="utf-8")) if note.exists() else None


def write_history(night: NightFolder, document: QaDocument, files: Mapping[str, ImportFile]) -> None:
    """Write a run into history, all of it or nothing, then renew the small copy of history.

    Args:
        night: the run.
        document: its qa.json.
        files: of its import, by name; none where it is neither published nor held.
    """
    folder = night.district
    with closing(open_store(folder.raw)) as store:
        if files:
            attach_warehouse(store, night, "warehouse")
        store.begin()
        write_night(store, document)
        _write_load(store, night.run_id, files)
        store.commit()
        copy_history(store, folder.history_copy)


def _write_load(store: duckdb.DuckDBPyConnection, run_id: str, files: Mapping[str, ImportFile]) -> None:
    """Write what a run's load takes away, and what its files are, replacing earlier rows of the same run.

    Args:
        store: raw.duckdb, with the run's warehouse attached; the transaction is the caller's.
        run_id: of the run.
        files: of its import, by name; none where it is neither published nor held.
    """
    for table in ("loads", "imports"):
        store.execute(f"delete from history.{table} where run_id = ?", [run_id])
    for name, file in files.items():
        store.execute(
            "insert into history.imports values (?, ?, ?, ?)", [run_id, name, file.rows, file.sha256]
        )
    if not files:
        return
    store.execute(
        """
        insert into history.loads
        select
            $run_id,
            'guardians.csv',
            null,
            count(*) filter (where effect != 'add'),
            count(*) filter (where effect = 'delete' and not is_expected)
        from warehouse.load_effects.load_guardians
        having count(*) > 0
        union all
        select $run_id, file, field, filled_before, emptied
        from warehouse.load_effects.load_fields
        """,
        {"run_id": run_id},
    )


def publish(night: NightFolder) -> None:
    """Make a complete run the published one: one link changes, once all of the run is on disk."""
    folder = night.district
    night.warehouse.chmod(0o400)
    _sync_tree(night.path)
    for above in (folder.nights, folder.path, folder.path.parent):
        sync_folder(above)
    folder.publish(night)
    with suppress(OSError):  # the link is switched: notes that stay say nothing against it
        folder.publishing.unlink(missing_ok=True)
        night.undecided_qa_json.unlink(missing_ok=True)


def _sync_tree(path: Path) -> None:
    for here, _, names in os.walk(path, topdown=False):
        for name in names:
            file = Path(here) / name
            if not file.is_symlink():
                sync_file(file)
        sync_folder(Path(here))


@dataclass(frozen=True)
class Outdated:
    """What no one needs once a run has ended.

    Attributes:
        nights: folders of runs.
        warehouses: files of runs that stay.
    """

    nights: list[Path] = field(default_factory=list)
    warehouses: list[Path] = field(default_factory=list)

    def remove(self) -> None:
        """Remove it; what can't be removed now, the next run removes."""
        with suppress(OSError):
            for path in self.nights:
                shutil.rmtree(path)
            for path in self.warehouses:
                path.unlink(missing_ok=True)


def outdated(folder: DistrictFolder, tonight: NightFolder) -> Outdated:
    """Folders of old runs, and every warehouse but a few; to be asked when tonight's night.json is written.

    Kept are tonight's, the published run's and the one's before it, the one that waits for a decision, and
    the one that was delivered last: the next load is compared with it.
    """
    nights = folder.all_nights()
    kept = {tonight, folder.published, *_published(folder, nights)[-KEPT_PUBLISHED_WAREHOUSES:]}
    try:
        kept.add(folder.night(undecided_run(folder) or ""))
        kept.add(folder.night(delivered_run(folder) or ""))
    except Plus360Error:  # a damaged raw.duckdb was reported; what it says of old runs is not known
        return Outdated()
    return Outdated(
        [night.path for night in nights[:-KEPT_RUNS] if night not in kept],
        [night.warehouse for night in nights[-KEPT_RUNS:] if night not in kept],
    )


def _published(folder: DistrictFolder, nights: list[NightFolder]) -> list[NightFolder]:
    records = ((night, NightRecord.of(night)) for night in nights)
    return [night for night, record in records if record and record.verdict == "published"]
