"""What was told of each district: a state that goes on unchanged is not told again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field

from district.data_folder import DataFolder
from district.links import refuse_links
from district.private_files import write_private
from night.events import Lack
from night.pages.index_contract import State

# A district's state, or what its published run lacks.
Standing = State | Lack
# So long a command waits for another one that is sending.
PATIENCE_SECONDS = 120


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    districts: dict[str, Standing] = {}


@contextmanager
def telling(folder: DataFolder) -> Iterator[dict[str, Standing]]:
    """What was told last of each district that was not published then; the block changes it.

    One command at a time is inside, so that no two tell of the same missing run.

    Raises:
        LinkInDataError: its lock is a link.
        Timeout: another command has been inside for too long.
    """
    refuse_links(folder.path, folder.told_lock)
    with FileLock(folder.told_lock, timeout=PATIENCE_SECONDS, mode=0o600):
        before = _read(folder)
        told = dict(before)
        yield told
        if told != before:
            text = _Told(districts=told).model_dump_json(by_alias=True, indent=1)
            write_private(folder.told, text + "\n")


def _read(folder: DataFolder) -> dict[str, Standing]:
    """What the file says; nothing where it is missing or damaged: then all is told once more."""
    try:
        if not folder.told.is_file():  # a pipe would never end
            return {}
        return _Told.model_validate_json(folder.told.read_text(encoding="utf-8")).districts
    except (OSError, ValueError):
        return {}
