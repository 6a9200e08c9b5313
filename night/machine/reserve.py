"""A little space that is kept in the data folder, so that a full disk does not keep a run from saying so."""

from __future__ import annotations

from collections.abc import Callable
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
    if folder.reserve.exists() and folder.reserve.stat().st_size >= wanted:
        return
    try:
        with folder.reserve.open("wb") as file:
            file.write(bytes(wanted))
    except OSError as error:
        folder.reserve.unlink(missing_ok=True)
        if not is_no_room(error):
            raise


def with_reserve(folder: DataFolder, write: Callable[[], Result]) -> Result:
    """Write something small; where the disk is full, once more with the reserve given up."""
    try:
        return write()
    except OSError as error:
        if not (is_no_room(error) and folder.reserve.exists()):
            raise
    folder.reserve.unlink()
    return write()
