"""What is refused in a district's folder: links that lead out of it, and files where folders belong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from district.errors import Plus360Error

if TYPE_CHECKING:
    from district.folder import DistrictFolder

# A message names no more links than these.
MOST_NAMED = 3


class LinkOutsideError(Plus360Error):
    """A link in a district's folder leads out of it: what is written through it would be anywhere."""

    needs_a_person = True


class WrongKindError(Plus360Error):
    """A file is where a folder of ours belongs, or something else is where a file does."""

    needs_a_person = True


class LinkInDataError(Plus360Error):
    """A link in the data folder, where what all districts share belongs."""

    needs_a_person = True


def real_path(path: Path) -> Path:
    """Where a path leads. Of links that lead in a circle, that is one of them; `Path.resolve` fails there."""
    return Path(os.path.realpath(path))


def refuse_damage(folder: DistrictFolder) -> None:
    """Refuse a district's folder that no command can use, or none may write to, before anything is written.

    Raises:
        LinkOutsideError: something in it would be written elsewhere.
        WrongKindError: a file is where a folder belongs, or something else where a file does.
    """
    refuse_links_outside(folder.path, but_in=folder.private)
    databases = (folder.raw, folder.history_copy, folder.baseline, folder.new_warehouse)
    folders = [folder.path, folder.build, folder.dbt_target, folder.nights, folder.private]
    files = [folder.extract_lock, folder.lock, folder.publishing, folder.at_work, *databases]
    for night in folder.all_nights():
        folders += [night.export, night.private]
        files += [night.warehouse, night.report, night.qa_json, night.record, night.unredacted_report]
        files += [night.uncut_qa_json, night.undecided_qa_json, night.labels, night.withheld]
        files += [night.load_state, *(night.export.iterdir() if night.export.is_dir() else ())]
    files += [path.with_name(f"{path.name}.wal") for path in databases]
    refuse_other_kinds(folder.path, folders=folders, files=files)


def refuse_links_outside(folder: Path, *, but_in: Path) -> None:
    """Refuse a district's folder that is a link, or in which a link leads out of it.

    Args:
        folder: the district's.
        but_in: in this folder of an analyst, links are the analyst's own; it must not be one itself.

    Raises:
        LinkOutsideError: there is such a link.
    """
    links = [folder] if folder.is_symlink() else [*_links_outside(folder, but_in)]
    if not links:
        return
    named = _named([link.relative_to(folder.parent).as_posix() for link in links])
    raise LinkOutsideError(
        f"links in the data folder that lead out of the district's own folder: {named}. Nothing is "
        "written through them: put folders and files of their own there, then run it again"
    )


def refuse_links(data: Path, *paths: Path) -> None:
    """Refuse paths in the data folder that are links, or lead through one: none of ours does.

    Raises:
        LinkInDataError: one does; the data folder itself may be a link.
    """
    links = {
        way: None
        for path in paths
        for way in (path, *path.parents)
        if way.is_relative_to(data) and way != data and way.is_symlink()
    }
    if links:
        named = _named([link.relative_to(data).as_posix() for link in links])
        raise LinkInDataError(
            f"links in the data folder: {named}. Nothing is written through them: remove them, then run it "
            "again"
        )


def refuse_other_kinds(folder: Path, *, folders: Iterable[Path], files: Iterable[Path]) -> None:
    """Refuse a district's folder in which something is not what it must be; what is missing can be made.

    Args:
        folder: the district's.
        folders: what must be a folder.
        files: what must be a file: no folder, and no pipe, which would never be read to its end.

    Raises:
        WrongKindError: there is such a thing.
    """
    found = [(path, "folder") for path in folders if os.path.lexists(path) and not path.is_dir()]
    found += [(path, "file") for path in files if os.path.lexists(path) and not path.is_file()]
    if found:
        named = [
            f"{path.relative_to(folder.parent).as_posix()} (a {kind} belongs there)" for path, kind in found
        ]
        raise WrongKindError(
            f"not what it should be in the data folder: {_named(named)}. Move it away, then run it again"
        )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _links_outside(folder: Path, but_in: Path) -> Iterator[Path]:
    inside = real_path(folder)
    for parent, folders, files in os.walk(folder):
        if Path(parent) == but_in:
            folders.clear()
            continue
        for name in (*folders, *files):
            path = Path(parent) / name
            if path.is_symlink() and not real_path(path).is_relative_to(inside):
                yield path
