"""What a killed run or a copied folder leaves in a district's folder, and how each of it is put right."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from district.folder import DistrictFolder, NightFolder
from district.private_files import sync_folder
from district.run_id import run_id_at, started_at
from district.temporary import remove_stale_folders
from extract.store.database_faults import is_damaged
from extract.store.file_locks import holder_of
from extract.store.history_copy import rebuild_store
from night.decisions.history import imported_files
from night.export import ExportError, Manifest, sha256_of
from night.record import NightRecord
from qa.warehouse import (
    WarehouseError,
    move_stale_journals,
    move_to_private,
    open_warehouse,
    place_in_private,
    put_away,
    warehouse_errors,
)

_ALL_LOST = (
    "raw.duckdb is missing, and so is its copy history.duckdb: a new history begins, without the pulls, "
    "trends, pseudonyms, decisions and pauses of before. If you have a backup of one of them, restore it"
)
# Drafts of files (mkstemp adds eight characters) and DuckDB's journal of one, drafts of links, and files
# that earlier versions made.
_UNFINISHED = re.compile(r"\.[\w.-]+\.[a-z0-9_]{8}(\.wal)?|\.[\w.-]+\.new|[\w.-]+\.making")


def rebuild_raw(folder: DistrictFolder, *, schema: str | None = "history") -> list[str]:
    """Make a new raw.duckdb from the copy of its history, where it is damaged or gone.

    Args:
        folder: the district's.
        schema: which tables are looked at; None for all, which takes a while.
    """
    copy = folder.history_copy
    gone = not folder.raw.exists()
    if gone and not copy.exists():
        return _say_what_is_lost(folder)
    if not copy.exists() or not (gone or is_damaged(folder.raw, schema)):
        return []
    written = datetime.fromtimestamp(copy.stat().st_mtime).astimezone()
    kept = place_in_private(folder.private, folder.raw.name)
    if not rebuild_store(folder.raw, copy, kept):
        return [f"{_ALL_LOST}. {_keep(folder, copy)}"] if gone else []
    where = "" if gone else f", and the damaged file is now private/{kept.name}"
    return [
        f"raw.duckdb was {'missing' if gone else 'damaged'}: a new one was made with the history of "
        f"{written:%Y-%m-%d %H:%M}. The pulls before tonight are lost{where}"
    ]


def _say_what_is_lost(folder: DistrictFolder) -> list[str]:
    judged = [run for run in NightRecord.of_district(folder) if run.verdict in ("published", "held")]
    return [_ALL_LOST] if judged else []


def _keep(folder: DistrictFolder, copy: Path) -> str:
    """Move a copy of history that can't be read away, before the next one takes its place."""
    place = move_to_private(folder, copy)
    return f"{copy.name} could not be read: it is now private/{place.name}"


def restore_links(folder: DistrictFolder) -> list[str]:
    """Put links where a copy that follows links left folders or files; what was there is kept in private/."""
    lines, original = [], None
    # `published` last: if this ends before its link is there again, the next run still finds what it is of.
    for link in (folder.warehouse, folder.export, folder.published_link):
        if link.is_symlink() or not link.exists():
            continue
        if link == folder.published_link:
            original = _sound_original(folder, link)
        kind = "folder" if link.is_dir() else "file"
        place = move_to_private(folder, link)
        place.chmod(0o700 if place.is_dir() else 0o600)
        lines.append(
            f"{link.name} was a {kind} where a link belongs, as after a copy that follows links: it is now "
            f"private/{place.name}"
        )
    if original is not None:
        folder.publish(original)
        lines.append(f"published names run {original.run_id} again: its files are as they were published")
    if folder.published is not None:
        folder.make_stable_links()
    return lines


def _sound_original(folder: DistrictFolder, copy: Path) -> NightFolder | None:
    """The run that a copied folder is of, if its own folder has the files that its manifest names."""
    try:
        night = folder.night(Manifest.of(NightFolder(copy).export).run_id)
        files = {name: file.sha256 for name, file in Manifest.of(night.export).files.items()}
    except ExportError:
        return None
    told = imported_files(folder, night.run_id)
    found = {name: sha256_of(night.export / name) for name in files}
    return night if night.warehouse.exists() and found == files == (told or files) else None


def check_warehouses(folder: DistrictFolder) -> list[str]:
    """Move away what would change a warehouse for its readers, and a published one that can't be read."""
    lines = []
    for night in folder.all_nights():
        lines += move_stale_journals(night)
        if night.warehouse.exists() and not holder_of(night.warehouse, writing=True):
            night.warehouse.chmod(0o400)
    published = folder.published
    if published is not None and published.warehouse.exists():
        try:
            with open_warehouse(published) as con, warehouse_errors(published):
                if not _is_as_long_as_it_says(published, con):
                    lines.append(put_away(published))
        except WarehouseError as error:
            if error.fault == "damaged":
                lines.append(put_away(published))
    return lines


def put_away_if_damaged(error: WarehouseError) -> str:
    """Move the warehouse of an earlier run away if it is damaged; one that is open elsewhere stays."""
    return put_away(error.night) if error.fault == "damaged" else str(error)


def _is_as_long_as_it_says(night: NightFolder, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a warehouse was cut off: DuckDB notices that only where it reads."""
    rows = con.execute("select block_size * total_blocks from pragma_database_size()").fetchall()
    return night.warehouse.stat().st_size >= int(rows[0][0])


def remove_unfinished(folder: DistrictFolder) -> list[str]:
    """Remove drafts, spooled pages and what DuckDB spilled; none of it was ever complete."""
    remove_stale_folders()
    removed, moved = 0, []
    for path in folder.spilled:
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
        else:
            continue
        removed += 1
    if folder.publishing.exists() and not _names_a_run(folder.publishing):
        folder.publishing.unlink()
        removed += 1
    nights = [place for night in folder.all_nights() for place in (night.path, night.export, night.private)]
    for place in (folder.path, folder.build, folder.nights, folder.private, *nights):
        for path in place.iterdir() if place.is_dir() else ():
            if not _UNFINISHED.fullmatch(path.name):
                continue
            if path.is_symlink() or path.is_file():
                path.unlink()
                removed += 1
            elif place == folder.path:  # in the way of the next draft of a link
                moved.append(
                    f"{path.name} was a folder: it is now private/{move_to_private(folder, path).name}"
                )
    if not removed:
        return moved
    sync_folder(folder.path)
    return [
        *moved,
        f"removed {removed} unfinished {'file' if removed == 1 else 'files'} of a run that was killed",
    ]


def _names_a_run(note: Path) -> bool:
    """Whether a note has a run id in it, and nothing else."""
    try:
        text = note.read_text(encoding="utf-8")
        return run_id_at(started_at(text)) == text
    except (OSError, ValueError):
        return False
