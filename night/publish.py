"""Publishing by rename: readers see the last good night or this one, whole, and never anything between."""

from __future__ import annotations

from district.folder import DistrictFolder
from night.export import write_export


def publish(folder: DistrictFolder, run_id: str) -> dict[str, int]:
    """Write the night's export, then put warehouse and export in the published places.

    All that can fail comes first; the two renames at the end cannot leave a half of anything.

    Returns:
        Rows of each import file.
    """
    export = folder.night(run_id) / "export"
    rows = write_export(folder.new_warehouse, export)
    folder.new_warehouse.rename(folder.warehouse)
    link = folder.path / "export.new"
    link.unlink(missing_ok=True)
    link.symlink_to(export.relative_to(folder.path), target_is_directory=True)
    link.rename(folder.export)
    return rows
