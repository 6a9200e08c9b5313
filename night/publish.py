"""Publishing: readers see the last good run or this one, complete, and never anything between."""

from __future__ import annotations

import shutil

from district.folder import KEPT_RUNS, DistrictFolder, NightFolder
from district.private_files import sync_file, sync_folder


def publish(night: NightFolder) -> None:
    """Make a run whose warehouse and import are written the published one: one link changes."""
    sync_file(night.warehouse)
    sync_folder(night.path)
    night.district.publish(night)


def forget_old_nights(folder: DistrictFolder) -> None:
    """Remove the folders of old runs, and every warehouse but the published and the latest one."""
    nights, published = folder.all_nights(), folder.published
    for night in nights[:-KEPT_RUNS]:
        if night != published:
            shutil.rmtree(night.path)
    for night in nights[-KEPT_RUNS:-1]:
        if night != published:
            night.warehouse.unlink(missing_ok=True)
