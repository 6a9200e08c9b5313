"""Symbolic links in a district's folder: one that leads out of it is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from district.errors import Plus360Error

# A message names no more links than these.
MOST_NAMED = 3


class LinkOutsideError(Plus360Error):
    """A link in a district's folder leads out of it: what is written through it would be anywhere."""

    needs_a_person = True


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
    named = ", ".join(link.relative_to(folder.parent).as_posix() for link in links[:MOST_NAMED])
    more = f" and {len(links) - MOST_NAMED} more" if len(links) > MOST_NAMED else ""
    raise LinkOutsideError(
        f"links in the data folder that lead out of the district's own folder: {named}{more}. Nothing is "
        "written through them: put folders and files of their own there, then run it again"
    )


def _links_outside(folder: Path, but_in: Path) -> Iterator[Path]:
    inside = folder.resolve()
    for parent, folders, files in os.walk(folder):
        if Path(parent) == but_in:
            folders.clear()
            continue
        for name in (*folders, *files):
            path = Path(parent) / name
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                yield path
