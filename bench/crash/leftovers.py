"""What a killed nightly run leaves, and the next one must remove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from district.folder import DistrictFolder

# The published run, the latest one, and one that waits for a decision.
MOST_WAREHOUSES = 3
_HALF_MADE = (".making", ".wal", ".tmp", ".new")


def leftovers(folder: DistrictFolder, temporary: Path) -> list[str]:
    """The half-made files of a district after a nightly run, and what is in the folder of temporary files."""
    return sorted({*_in_the_district(folder), *_temporary(temporary)})


def _in_the_district(folder: DistrictFolder) -> Iterator[str]:
    for path in folder.path.rglob("*"):
        if path.is_relative_to(folder.dbt_target):
            continue
        if path.name.startswith(".") or path.suffix in _HALF_MADE:
            yield f"a draft: {_without_random_part(path.name)}"
    if folder.spool.exists():
        yield "the spool"
    for path, name in (
        (folder.new_warehouse, "the warehouse in build/"),
        (folder.publishing, "the note of a publication"),
        (folder.at_work, "the note of who is at work"),
    ):
        if path.exists():
            yield name
    nights = folder.all_nights()
    if sum(night.warehouse.exists() for night in nights) > MOST_WAREHOUSES:
        yield "warehouses of old runs"
    for night in nights:
        if not night.record.exists():
            yield "a run without night.json"


def _temporary(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        yield "a temporary folder" if path.is_dir() else "a temporary file"


def _without_random_part(name: str) -> str:
    return name.rpartition(".")[0] if name.startswith(".") else name
