"""A little space that is kept in the data folder, so that a full disk does not keep a run from saying so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from district.data_folder import DataFolder
from night.machine.troubles import is_no_room

Result = TypeVar("Result")
# A night.json of each of some hundred districts. The index grows with the districts: twice its size besides.
BYTES = 256 * 2**10


def keep_reserve(folder: DataFolder) -> None:
    """Take the space, where there is some; what is there already stays as it is."""
    pages = [page.stat().st_size for page in (folder.index_json, folder.index_page) if page.exists()]
    wanted = BYTES + 2 * sum(pages)
    if _is_there(folder) and folder.reserve.stat().st_size >= wanted:
        return
    try:
        folder.reserve.unlink(
            missing_ok=True
        )  # too small; or a link or a pipe: nothing is written through it
        with folder.reserve.open("xb") as file:
            file.write(bytes(wanted))
    except OSError as error:
        with suppress(OSError):
            folder.reserve.unlink(missing_ok=True)
        if not is_no_room(error):
            raise


def _is_there(folder: DataFolder) -> bool:
    return folder.reserve.is_file() and not folder.reserve.is_symlink()


def with_reserve(folder: DataFolder, write: Callable[[], Result]) -> Result:
    """Write something small; where the disk is full, once more with the reserve given up."""
    try:
        return write()
    except OSError as error:
        if not (is_no_room(error) and _is_there(folder)):
            raise
    folder.reserve.unlink()
    return write()
