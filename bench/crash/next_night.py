"""The nightly run after a killed one: nobody repairs anything by hand before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.crash.nights import District, told
from bench.crash.reader import history, look
from district.folder import DistrictFolder, NightFolder

# The published run, the latest one, and one that waits for a decision.
MOST_WAREHOUSES = 3
_HALF_MADE = (".making", ".wal", ".tmp", ".new")


def next_night(district: District) -> tuple[str, ...]:
    """Run the night after a kill over the very records that are published; says what is wrong with it.

    It must be published, compare with the run that the link named, find no change, and leave nothing.
    """
    before = district.published_run()
    district.night(district.day_of.get(before or "", 0))
    return tuple(_faults(district, before))


def _faults(district: District, before: str | None) -> Iterator[str]:
    folder = district.folder
    last = folder.all_nights()[-1]
    if district.published_run() != last.run_id:
        yield f"not published: {told(last.record).get('headline')}"
    load = told(last.qa_json).get("load") or {}
    if load.get("baseline_run_id") != before:
        yield "compared with another run"
    elif before and (changes := _changes(last)):
        yield f"{changes} changes where there are none"
    yield from look(folder, alone=True).faults
    yield from _history_faults(district)
    yield from (f"left: {name}" for name in _leftovers(folder, district.temporary))


def _changes(night: NightFolder) -> int:
    """How many records the load adds, updates or deletes; qa.json doesn't count fewer than ten people."""
    if not night.warehouse.exists():
        return 0
    with duckdb.connect(str(night.warehouse), read_only=True) as warehouse:
        query = (
            "select sum(records) from load_effects.load_totals where effect in ('add', 'update', 'delete')"
        )
        return int(warehouse.execute(query).fetchone()[0] or 0)  # type: ignore[index]


def _history_faults(district: District) -> Iterator[str]:
    try:
        verdicts = history(district.folder)
    except duckdb.Error:
        return  # the reader said so
    if {run_id for run_id, verdict in verdicts.items() if verdict == "published"} - district.named:
        yield "history calls a run published that never was"


def _leftovers(folder: DistrictFolder, temporary: Path) -> list[str]:
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
