"""Publishing: readers see the last good run or this one, complete, and never anything between."""

from __future__ import annotations

import shutil

from district.folder import KEPT_RUNS, DistrictFolder, NightFolder
from district.private_files import sync_file, sync_folder
from night.decisions.history import RefusedError, undecided_run


class CopiedLinkError(RefusedError):
    """A tool that follows links copied the district: where a link was, a folder is."""


def refuse_copied_links(folder: DistrictFolder) -> None:
    """Refuse a district in which a folder has the place of a link: no step would replace it.

    Raises:
        CopiedLinkError: such a folder is there.
    """
    links = (folder.published_link, folder.export, folder.warehouse)
    copies = [link.name for link in links if link.is_dir() and not link.is_symlink()]
    if copies:
        raise CopiedLinkError(
            f"{' and '.join(copies)} in the folder of {folder.key} should be a link and is a folder, as "
            "after a copy that follows links. Nothing is lost: move it out of there, then run again"
        )


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
