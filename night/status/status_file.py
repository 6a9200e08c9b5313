"""status.json: what a district's runs said, so that no one has to read all of them to know how it stands."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from district.folder import DistrictFolder, NightFolder
from district.private_files import write_private
from night.status.contract import Attempt, DistrictStatus, Fingerprint

if TYPE_CHECKING:
    from night.record import NightResult


def read_status(folder: DistrictFolder) -> DistrictStatus:
    """What a district's runs said: from status.json, or from the runs where they say something else now."""
    kept = _kept(folder)
    if kept and kept.fingerprint == _fingerprint(folder):
        return kept
    return _read_again(folder, kept.attempt if kept else None, kept)


def refresh_status(folder: DistrictFolder, ended: NightResult | None = None) -> DistrictStatus:
    """Write status.json after a run or a decision. That it can't be written fails neither.

    Args:
        folder: the district's.
        ended: a run that left no night.json, and has just ended.
    """
    if ended is None or ended.recorded or ended.verdict == "paused":
        return read_status(folder)
    attempt = Attempt(
        at=datetime.now(UTC), state=ended.verdict, headline=ended.headline, repairs=list(ended.repairs)
    )
    return _read_again(folder, attempt, _kept(folder))


def _read_again(
    folder: DistrictFolder, attempt: Attempt | None, kept: DistrictStatus | None
) -> DistrictStatus:
    from night.status.runs import status_of_runs  # noqa: PLC0415 - DuckDB and the contracts take a second

    fingerprint = _fingerprint(folder)  # before the files are read: what changes meanwhile makes it another
    status = status_of_runs(folder, attempt, kept).model_copy(update={"fingerprint": fingerprint})
    if folder.path.is_dir():
        with suppress(OSError):  # whoever asks next reads the runs again
            write_private(folder.status, status.model_dump_json(by_alias=True) + "\n")
    return status


def _kept(folder: DistrictFolder) -> DistrictStatus | None:
    try:
        if not folder.status.is_file():  # a pipe would never end
            return None
        return DistrictStatus.model_validate_json(folder.status.read_bytes())
    except (OSError, ValueError):
        return None


def _fingerprint(folder: DistrictFolder) -> Fingerprint:
    """Of everything that a status is made of: the last run, the published one, and what history was told.

    Each decision, pause and delivery renews the copy of history.
    """
    last = _last_run(folder)
    files = [last.record, last.qa_json, last.report] if last else []
    try:
        published: str | None = folder.published_link.readlink().name
    except OSError:
        published = None
    return [
        last.run_id if last else None,
        published,
        *(_written_at(path) for path in (folder.history_copy, *files)),
    ]


def _last_run(folder: DistrictFolder) -> NightFolder | None:
    try:
        with os.scandir(folder.nights) as found:
            runs = [one.name for one in found if one.name[:1].isdigit()]
    except OSError:
        return None
    return folder.night(max(runs)) if runs else None


def _written_at(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
