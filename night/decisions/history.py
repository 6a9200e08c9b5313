"""What the raw store keeps of loads and decisions: history.loads, history.imports and history.decisions."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from district.folder import DistrictFolder, NightFolder
from extract.store.history_copy import copy_history
from extract.store.raw_store import open_store, read_store
from night.record import NightRecord
from qa.warehouse import open_warehouse

DecisionWord = Literal["released", "discarded", "paused", "resumed"]
# A decision counts for a run as it was judged last: `plus360 build` judges a run again.
_DECISIONS_ON_RUNS = """
    select decisions.run_id, decisions.decision, decisions.decided_at, decisions.decided_by
    from history.decisions
    inner join history.nights
        on decisions.run_id = nights.run_id and decisions.decided_at >= nights.finished_at
"""


@dataclass(frozen=True)
class Decision:
    """A row of history.decisions.

    Attributes:
        run_id: the held run; None for a pause and its end.
        decided_at: with time zone.
        decided_by: the user of this machine who gave the command.
        until: of a pause, the first day that is not paused.
        holds: the rules, scopes and counts that were decided on, as JSON.
    """

    run_id: str | None
    decision: DecisionWord
    decided_at: datetime
    decided_by: str
    reason: str | None = None
    until: date | None = None
    holds: str | None = None

    @property
    def words(self) -> str:
        """Such as "released on 2026-12-01", the day being the one where this machine is."""
        return f"{self.decision} on {self.decided_at.astimezone().date()}"

    @classmethod
    def now(
        cls,
        decision: DecisionWord,
        run_id: str | None = None,
        *,
        reason: str | None = None,
        until: date | None = None,
        holds: list[dict[str, Any]] | None = None,
    ) -> Decision:
        """A decision that the user of this machine makes now."""
        decided_on = None if holds is None else json.dumps(holds)
        return cls(run_id, decision, datetime.now(UTC), _user(), reason, until, decided_on)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"


def record_decision(folder: DistrictFolder, decision: Decision) -> None:
    """Write a decision into history.decisions; a release makes its run a published one in history.nights."""
    with closing(open_store(folder.raw)) as store:
        store.begin()
        store.execute(
            "insert into history.decisions values (?, ?, ?, ?, ?, ?, ?)",
            [
                decision.run_id,
                decision.decision,
                decision.decided_at.astimezone(UTC).replace(tzinfo=None),
                decision.decided_by,
                decision.reason,
                decision.until,
                decision.holds,
            ],
        )
        if decision.decision == "released":
            store.execute(
                "update history.nights set verdict = 'published' where run_id = ?", [decision.run_id]
            )
        store.commit()
        copy_history(store, folder.history_copy)


def take_release_back(folder: DistrictFolder, run_id: str) -> None:
    """Undo what history says of a release that ended before the link was switched: the run is held again."""
    with closing(open_store(folder.raw)) as store:
        store.begin()
        store.execute("delete from history.decisions where run_id = ? and decision = 'released'", [run_id])
        store.execute("update history.nights set verdict = 'held' where run_id = ?", [run_id])
        store.commit()
        copy_history(store, folder.history_copy)


def _rows(folder: DistrictFolder, query: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """What raw.duckdb answers; nothing where the district was never pulled."""
    if not folder.raw.exists():
        return []
    with closing(read_store(folder.raw)) as store:
        return store.execute(query, list(values)).fetchall()


def _last(folder: DistrictFolder, where: str = "", values: Sequence[str] = ()) -> Decision | None:
    found = _rows(folder, f"{_DECISIONS_ON_RUNS} {where} order by decided_at desc limit 1", values)
    return next((Decision(run, what, when.replace(tzinfo=UTC), who) for run, what, when, who in found), None)


def last_decision_on_a_run(folder: DistrictFolder) -> Decision | None:
    """The latest release or discard; None where there is none."""
    return _last(folder)


def decision_on(folder: DistrictFolder, run_id: str) -> Decision | None:
    """The release or discard of a run, as it was judged last; None where there is none."""
    return _last(folder, "where decisions.run_id = ?", [run_id])


def undecided_run(folder: DistrictFolder) -> str | None:
    """The held run that waits for a decision, or None.

    Only the latest run can wait: a later one that was published, held or stopped says more. Failed ones say
    nothing about the district's records.
    """
    waiting = _rows(
        folder,
        f"""
        with latest as (
            select run_id, verdict from history.nights
            where verdict != 'failed'
            order by run_id desc limit 1
        )

        select run_id from latest
        where verdict = 'held' and run_id not in (select run_id from ({_DECISIONS_ON_RUNS}))
        """,
    )
    # A run that an error stopped has a record, and no row of history.
    return next((run_id for (run_id,) in waiting if not runs_after(folder, run_id)), None)


def runs_after(folder: DistrictFolder, run_id: str = "") -> list[NightRecord]:
    """The district's runs that started after a run and didn't fail, the oldest first; by default all."""
    records = NightRecord.of_district(folder)
    return [record for record in records if record.run_id > run_id and record.verdict != "failed"]


def verdict_of(folder: DistrictFolder, run_id: str) -> str | None:
    """What history.nights says of a run; None where it knows none of that id."""
    found = _rows(folder, "select verdict from history.nights where run_id = ?", [run_id])
    return next((verdict for (verdict,) in found), None)


def verdicts(folder: DistrictFolder) -> dict[str, str]:
    """The verdict of each run in history.nights, by run id."""
    return dict(_rows(folder, "select run_id, verdict from history.nights"))


def set_failed(folder: DistrictFolder, run_id: str) -> None:
    """Say of a run that history knows that it failed."""
    with closing(open_store(folder.raw)) as store:
        store.execute("update history.nights set verdict = 'failed' where run_id = ?", [run_id])


def published_runs(folder: DistrictFolder) -> list[str]:
    """The runs that history.nights calls published, the oldest first."""
    query = "select run_id from history.nights where verdict = 'published' order by run_id"
    return [run_id for (run_id,) in _rows(folder, query)]


def last_pause(folder: DistrictFolder) -> Decision | None:
    """The last pause, or the end of it that a person decided; None where there was none."""
    found = _rows(
        folder,
        """
        select decision, decided_at, decided_by, reason, until from history.decisions
        where decision in ('paused', 'resumed') order by decided_at desc limit 1
        """,
    )
    return next((Decision(None, what, when.replace(tzinfo=UTC), *its) for what, when, *its in found), None)


def paused_until(folder: DistrictFolder, today: date) -> date | None:
    """The first day on which a paused district runs again; None where it isn't paused today."""
    last = last_pause(folder)
    return last.until if last and last.until is not None and last.until > today else None


def holds_of(night: NightFolder) -> list[dict[str, Any]]:
    """The limits that a run's load exceeds, in exact numbers: rule, scope, n, of."""
    with open_warehouse(night) as warehouse:
        rows = warehouse.execute(
            "select rule, scope, n, of from load_effects.load_holds where level = 'hold' order by all"
        ).fetchall()
    return [dict(zip(("rule", "scope", "n", "of"), row, strict=True)) for row in rows]


def imported_files(folder: DistrictFolder, run_id: str) -> dict[str, str]:
    """SHA-256 of each file of a run's import, by name, as it was written."""
    return dict(_rows(folder, "select file, sha256 from history.imports where run_id = ?", [run_id]))
