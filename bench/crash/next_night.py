"""The nightly run after a killed one: nobody repairs anything by hand before it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from bench.crash.leftovers import leftovers
from bench.crash.nights import District, told
from bench.crash.reader import history, look
from district.folder import NightFolder


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
    yield from (f"left: {name}" for name in leftovers(folder, district.temporary))


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
