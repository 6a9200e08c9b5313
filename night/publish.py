"""Publishing: readers see the last good run or this one, complete, and never anything between."""

from __future__ import annotations

import shutil

from district.folder import KEPT_RUNS, DistrictFolder, NightFolder
from district.private_files import sync_file, sync_folder
from night.decisions.history import undecided_run


def publish(night: NightFolder) -> None:
    """Make a run whose warehouse and import are written the published one: one link changes."""
    sync_file(night.warehouse)
    sync_folder(night.path)
    night.district.publish(night)


def forget_old_nights(folder: DistrictFolder) -> None:
    """Remove the folders of old runs, and every warehouse but three.

    Kept are the published run, the latest one, and the one that waits for a decision.
    """
    nights, published = folder.all_nights(), folder.published
    kept = {published, folder.night(undecided_run(folder) or ""), *nights[-1:]}
    for night in nights[:-KEPT_RUNS]:
        if night not in kept:
            shutil.rmtree(night.path)
    for night in nights[-KEPT_RUNS:]:
        if night not in kept:
            night.warehouse.unlink(missing_ok=True)
