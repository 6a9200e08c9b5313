"""All districts at a glance: data/index.html for the operator, data/index.json for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.folder import DistrictFolder
from district.links import refuse_links
from district.private_files import write_private
from district.settings import DistrictSettings
from night.pages.index_contract import Index
from night.pages.index_words import render_index
from night.record import NightResult
from night.status.as_of import as_of
from night.status.status_file import refresh_status
from night.status.urgency import urgency

# So long the page waits for another command that writes it; that takes a second or two.
PATIENCE_SECONDS = 60.0


class IndexBusyError(Plus360Error):
    """Another command has been writing the index for too long."""


def write_index(
    data: Path, scheduled: Sequence[DistrictSettings], ended: Mapping[str, NightResult] | None = None
) -> Path:
    """Write index.json and index.html for all configured districts; returns the path of the page.

    One command at a time writes it, and reads how the districts stand only then: so the last of several has
    seen what the others did.

    Args:
        data: the folder of all districts.
        scheduled: the configured ones; those that are disabled are only named.
        ended: by its district's key, how a run ended that left no night.json to read.

    Raises:
        LinkInDataError: its lock is a link.
        IndexBusyError: another command has been writing it for a minute.
    """
    folder = DataFolder(data)
    refuse_links(folder.path, folder.index_lock)
    try:
        with FileLock(folder.index_lock, timeout=PATIENCE_SECONDS, mode=0o600):
            _write(folder, scheduled, ended or {})
    except Timeout:
        raise IndexBusyError(
            "another plus360 command has been writing it for a minute. Run plus360 index when it is done"
        ) from None
    return folder.index_page


def _write(
    folder: DataFolder, scheduled: Sequence[DistrictSettings], ended: Mapping[str, NightResult]
) -> None:
    now = datetime.now(UTC)
    lines = [
        as_of(refresh_status(DistrictFolder.of(folder.path, one.key), ended.get(one.key)), one, now)
        for one in scheduled
        if not one.disabled
    ]
    lines.sort(key=urgency)
    due = [line.run_due for line in lines if line.run_due and line.run_due > now]
    index = Index(
        written_at=now,
        run_due=min(due, default=None),
        districts=lines,
        disabled=sorted(one.key for one in scheduled if one.disabled),
    )
    write_private(folder.index_json, index.model_dump_json(by_alias=True, indent=2) + "\n")
    write_private(folder.index_page, render_index(index))
