"""When a school's number is renewed: not each night, for two nights could be subtracted from each other.

A finding has 35 records and shows school 101 with 10 to 19 of them; the next night it has 36, and 101 has 20
to 29: then it had 19, and has 20. So what is shown by school stays as it is until the district's number has
changed by 20. A band that changes then had ten possible values, and has ten.

Whether a school's group is large enough for shares (50 records) is decided again once 50 records of the
district were added or deleted: a school that crosses the limit in between would have had 49, and have 50.

What was shown last is in history.schools_shown of the district's raw.duckdb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from district.run_id import started_at
from qa.redaction.schools.bands import BAND
from qa.redaction.schools.shares import SMALLEST_GROUP

RENEWED_BY = 2 * BAND


@dataclass(frozen=True)
class _Shown:
    """What a run's shared files said of schools: nothing, or a number for each school that is named."""

    run_id: str
    total: int
    numbers: Mapping[str, int]


class Renewal:
    """What a run shows by school, and what the runs before it did.

    Without a store, everything is as it is in this run: for the district's own edition.
    """

    def __init__(self, store: duckdb.DuckDBPyConnection | None, run_id: str) -> None:
        self._store = store
        self._run_id = run_id
        self._before = _read(store, run_id) if store else {}
        self._new: dict[str, _Shown] = {}

    def shown(self, item: str, total: int, fresh: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
        """The numbers of schools to show: those of this run, or those that were shown last.

        Args:
            item: what is counted, by a name that is the same in each run.
            total: of the whole district, as it is shown.
            fresh: this run's numbers by school, none where none may be shown.
        """
        last = self._before.get(item)
        if last and abs(total - last.total) < RENEWED_BY:
            return last.numbers
        return self._note(item, total, fresh())

    def as_of(self, item: str) -> datetime | None:
        """Start of the run that an item's numbers are of; None where they are of this run."""
        last = self._before.get(item)
        return started_at(last.run_id) if last and item not in self._new else None

    def large_schools(self, item: str, file: str, fresh: Callable[[], Mapping[str, int]]) -> set[str]:
        """The schools whose shares may be shown: decided now, or as it was decided last.

        Args:
            item: whose records they are.
            file: of the import, whose added and deleted records count.
            fresh: the schools that are large enough now, each with 1.
        """
        last = self._before.get(item)
        if last and self._store and self._turnover(file, last.run_id) < SMALLEST_GROUP:
            return set(last.numbers)
        return set(self._note(item, 0, fresh()))

    def write(self) -> None:
        """Note what this run shows, for the runs after it; the transaction is the caller's."""
        if self._store is None:
            return
        rows = [
            [item, shown.run_id, shown.total, school, number]
            for item, shown in self._new.items()
            # A row without a school: that it was decided to name none.
            for school, number in ({None: None} | {**shown.numbers}).items()
        ]
        self._store.execute(
            "delete from history.schools_shown where run_id = ? and list_contains(?, item)",
            [self._run_id, list(self._new)],
        )
        if rows:
            self._store.executemany("insert into history.schools_shown values (?, ?, ?, ?, ?)", rows)

    def _note(self, item: str, total: int, numbers: Mapping[str, int]) -> Mapping[str, int]:
        self._new[item] = _Shown(self._run_id, total, numbers)
        return numbers

    def _turnover(self, file: str, since: str) -> int:
        """How many records published runs added or deleted after a run, and before this one."""
        if self._store is None:
            return 0
        (records,) = self._store.execute(
            """
            select coalesce(sum(effects.records), 0)
            from history.effects as effects
            inner join history.nights as nights on effects.run_id = nights.run_id
            where
                nights.verdict = 'published' and effects.file = $file and effects.effect in ('add', 'delete')
                and effects.run_id > $since and effects.run_id < $run_id
            """,
            {"file": file, "since": since, "run_id": self._run_id},
        ).fetchall()[0]
        return int(records)


def _read(store: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, _Shown]:
    """What was shown last of each item, before a run."""
    rows = store.execute(
        """
        select item, run_id, total, school_id, number from history.schools_shown
        where run_id < ?
        qualify run_id = max(run_id) over (partition by item)
        """,
        [run_id],
    ).fetchall()
    shown: dict[str, _Shown] = {}
    for item, run, total, school, number in rows:
        known = shown.setdefault(item, _Shown(run, total, {}))
        if school is not None:
            shown[item] = _Shown(run, total, {**known.numbers, school: number})
    return shown
