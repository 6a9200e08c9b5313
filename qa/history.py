"""The earlier runs of a district: what the raw store keeps of pulls, verdicts and checks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import duckdb

from district.run_id import started_at
from district.settings.days import RunCalendar
from qa.contract import Check, LastGood, Night, QaDocument
from qa.contract_types import LEVELS, NIGHTS_SHOWN, CheckState, Level
from qa.load.contract import Load
from qa.load.nights import effects_of, night_effects, read_effects, write_effects


@dataclass(frozen=True)
class PastCheck:
    """The result of one check in one earlier run; it has no number where that run showed none."""

    run_id: str
    state: CheckState
    failed: int | None

    @property
    def was_evaluated(self) -> bool:
        """Whether the result says anything about the data."""
        return self.state in ("passed", "failed")


def failed_by_level(checks: Iterable[tuple[Level, CheckState]]) -> dict[Level, int] | None:
    """Failed checks of each level, from the levels and states of a run's; None where none was evaluated."""
    counted = Counter(checks)
    if not any(state in ("passed", "failed") for _, state in counted):
        return None
    return {level: counted[level, "failed"] for level in LEVELS}


@dataclass(frozen=True)
class DiscardedHold:
    """A limit of the load that was exceeded in a run that a person discarded."""

    rule: str
    scope: str
    n: int | None


class History:
    """The runs before a run, from history.nights and history.checks.

    Its nights are those of the district's calendar: a run of 5 p.m. and one of 2 a.m. are of the same one.
    """

    def __init__(
        self, store: duckdb.DuckDBPyConnection, run_id: str, calendar: RunCalendar | None = None
    ) -> None:
        self.run_id = run_id
        self._calendar = calendar or RunCalendar()
        self._verdicts = dict(
            store.execute(
                "select run_id, verdict from history.nights where run_id < ? order by run_id", [run_id]
            ).fetchall()
        )
        self._checks: dict[str, list[PastCheck]] = {}
        rows = store.execute(
            """
            select check_id, run_id, level, state, failed from history.checks
            where run_id < ? order by run_id desc
            """,
            [run_id],
        ).fetchall()
        of_runs: dict[str, list[tuple[Level, CheckState]]] = {}
        for check_id, past_run, level, state, failed in rows:
            self._checks.setdefault(check_id, []).append(PastCheck(past_run, state, failed))
            of_runs.setdefault(past_run, []).append((level, state))
        self._failed = {past_run: failed_by_level(its) for past_run, its in of_runs.items()}
        self._effects = read_effects(store, run_id)
        self.discarded = _discarded(store, run_id)
        self._released = {
            run_id
            for (run_id,) in store.execute(
                "select run_id from history.decisions where decision = 'released'"
            ).fetchall()
        }

    @property
    def is_empty(self) -> bool:
        """Whether this is the district's first run."""
        return not self._verdicts

    @property
    def last_good(self) -> LastGood | None:
        """The last published run before this one."""
        published = [run_id for run_id, verdict in self._verdicts.items() if verdict == "published"]
        return LastGood(run_id=published[-1], started_at=started_at(published[-1])) if published else None

    def verdict_since(self, verdict: str) -> datetime:
        """Start of the first of the runs in a row with this run's verdict. A release begins a row."""
        first = self.run_id
        for run_id in reversed(self._verdicts):
            if self._verdicts[run_id] != verdict or first in self._released:
                break
            first = run_id
        return started_at(first)

    def nights(
        self, verdict: str, checks: Sequence[Check], load: Load | None, hidden_files: Collection[str]
    ) -> list[Night]:
        """The nights up to this run's, each with its last run that did not fail, else its last.

        A pull that failed and was run again says nothing about the records of that night.

        Args:
            verdict: of this run, like its checks and its load.
            checks: with their states.
            load: as it is shown.
            hidden_files: files of the import with few people in them.
        """
        verdicts = {**self._verdicts, self.run_id: verdict}
        failed = {
            **self._failed,
            self.run_id: failed_by_level((check.level, check.state) for check in checks),
        }
        effects = {**self._effects, self.run_id: effects_of(load)}
        by_night: dict[date, str] = {}
        for run_id, ended in verdicts.items():
            night = self._night_of(run_id)
            if ended != "failed" or verdicts.get(by_night.get(night, ""), "failed") == "failed":
                by_night[night] = run_id
        return [
            Night.model_validate(
                {
                    "date": night,
                    "due": self._calendar.is_run_night(night),
                    "run_id": run_id,
                    "verdict": verdicts.get(run_id or ""),
                    "failed": failed.get(run_id or ""),
                    **{
                        file.removesuffix(".csv"): night_effects(
                            effects.get(run_id or "", {}).get(file), is_hidden=file in hidden_files
                        )
                        for file in ("students.csv", "guardians.csv")
                    },
                }
            )
            for night in self._last_nights()
            for run_id in [by_night.get(night)]
        ]

    def trend(self, check_id: str, state: CheckState, failed: int) -> list[int | None]:
        """Failing records in each night, in its last run that evaluated the check.

        None where there was no such run, and where its number is not shown: no earlier one stands for it.
        """
        this_run = PastCheck(self.run_id, state, failed)
        newest_first = [this_run, *self._checks.get(check_id, [])]
        by_night: dict[date, PastCheck] = {}
        for past in newest_first:
            if past.was_evaluated:
                by_night.setdefault(self._night_of(past.run_id), past)
        return [found.failed if (found := by_night.get(night)) else None for night in self._last_nights()]

    def failing_runs(self, check_id: str) -> list[str]:
        """The earlier runs in which a check failed, back to the last one it passed, newest first.

        Runs in which it could not be evaluated are skipped.
        """
        runs = []
        for past in self._checks.get(check_id, []):
            if past.state == "passed":
                break
            if past.state == "failed":
                runs.append(past.run_id)
        return runs

    def _night_of(self, run_id: str) -> date:
        return self._calendar.night_of(started_at(run_id))

    def _last_nights(self) -> list[date]:
        last = self._night_of(self.run_id)
        return [last - timedelta(days=back) for back in reversed(range(NIGHTS_SHOWN))]


def _discarded(store: duckdb.DuckDBPyConnection, run_id: str) -> list[DiscardedHold]:
    """What was discarded since the last release, in runs before this one."""
    rows = store.execute(
        """
        select holds from history.decisions
        where
            decision = 'discarded' and holds is not null and run_id < $run_id
            and run_id > coalesce((select max(run_id) from history.decisions where decision = 'released'), '')
        """,
        {"run_id": run_id},
    ).fetchall()
    holds = [hold for (text,) in rows for hold in json.loads(text)]
    return [DiscardedHold(hold["rule"], hold["scope"], hold["n"]) for hold in holds]


def write_night(store: duckdb.DuckDBPyConnection, document: QaDocument) -> None:
    """Write a run into history.nights, checks and effects, replacing earlier rows of the same run.

    Args:
        store: the district's raw.duckdb, open for writing; the transaction is the caller's.
        document: the run's qa.json.
    """
    for table in ("nights", "checks"):
        store.execute(f"delete from history.{table} where run_id = ?", [document.run_id])
    store.execute(
        "insert into history.nights values (?, ?, ?, ?, ?)",
        [
            document.run_id,
            document.started_at.astimezone(UTC).replace(tzinfo=None),
            document.finished_at.astimezone(UTC).replace(tzinfo=None),
            document.verdict,
            json.dumps(document.counts),
        ],
    )
    for check in document.checks:
        store.execute(
            "insert into history.checks values (?, ?, ?, ?, ?, ?)",
            [document.run_id, check.id, check.level, check.state, check.failed, check.total],
        )
    write_effects(store, document.run_id, document.load)
