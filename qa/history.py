"""The earlier runs of a district: what the raw store keeps of pulls, verdicts and checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from district.endpoints import ENDPOINTS, Endpoint
from district.run_id import started_at
from extract.outcomes import BY_CODE, NOT_RECORDED, NOT_REQUESTED
from qa.contract import LastGood, Night, Pull, QaDocument
from qa.contract_types import NIGHTS_SHOWN, CheckState
from qa.redaction.labels import kind_of

# An endpoint without a row in plus360.pulls: the run ended before it was requested.
_NOT_REQUESTED: dict[str, Any] = {
    "state": "missing", "rows": 0, "pages": 0, "reported_total": None, "http_status": None, "seconds": 0.0,
    "retries": 0, "passes": 0, "stripped_labels": [], "message": "", "outcome": NOT_REQUESTED.code,
}  # fmt: skip


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


@dataclass(frozen=True)
class DiscardedHold:
    """A limit of the load that was exceeded in a run that a person discarded."""

    rule: str
    scope: str
    n: int | None


class History:
    """The runs before a run, from history.nights and history.checks."""

    def __init__(self, store: duckdb.DuckDBPyConnection, run_id: str) -> None:
        self.run_id = run_id
        self._verdicts = dict(
            store.execute(
                "select run_id, verdict from history.nights where run_id < ? order by run_id", [run_id]
            ).fetchall()
        )
        self._checks: dict[str, list[PastCheck]] = {}
        rows = store.execute(
            "select check_id, run_id, state, failed from history.checks where run_id < ? order by 2 desc",
            [run_id],
        ).fetchall()
        for check_id, past_run, state, failed in rows:
            self._checks.setdefault(check_id, []).append(PastCheck(past_run, state, failed))
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

    def nights(self, verdict: str) -> list[Night]:
        """The calendar days (UTC) up to this run, each with its last run, if any."""
        verdicts = {**self._verdicts, self.run_id: verdict}
        by_day = {started_at(run_id).date(): run_id for run_id in verdicts}
        return [
            Night.model_validate({"date": day, "run_id": run_id, "verdict": verdicts.get(run_id or "")})
            for day in self._days()
            for run_id in [by_day.get(day)]
        ]

    def trend(self, check_id: str, state: CheckState, failed: int) -> list[int | None]:
        """Failing records on each calendar day; None where there was no run, no result or no number."""
        this_run = PastCheck(self.run_id, state, failed)
        newest_first = [this_run, *self._checks.get(check_id, [])]
        by_day: dict[date, PastCheck] = {}
        for past in newest_first:
            by_day.setdefault(started_at(past.run_id).date(), past)
        return [
            found.failed if (found := by_day.get(day)) is not None and found.was_evaluated else None
            for day in self._days()
        ]

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

    def _days(self) -> list[date]:
        last = started_at(self.run_id).date()
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


def read_pulls(store: duckdb.DuckDBPyConnection, run_id: str) -> list[Pull]:
    """What each of the seven endpoints returned in a run, in the order of the setup guide."""
    columns = [
        "endpoint", "state", "rows", "pages", "reported_total", "http_status", "seconds", "retries", "passes",
        "stripped_labels", "message", "outcome",
    ]  # fmt: skip
    rows = store.execute(
        f"select {', '.join(columns)} from plus360.pulls where run_id = ?", [run_id]
    ).fetchall()
    pulls = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    last_complete = dict(
        store.execute(
            """
            select endpoint, max(run_id) from plus360.pulls
            where state = 'complete' and run_id <= ?
            group by endpoint
            """,
            [run_id],
        ).fetchall()
    )
    return [
        _pull(endpoint, pulls.get(endpoint.name, _NOT_REQUESTED), last_complete.get(endpoint.name))
        for endpoint in ENDPOINTS
    ]


def read_rows_before(store: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, int]:
    """Rows of each endpoint the last time before a run that it was complete."""
    return dict(
        store.execute(
            """
            select endpoint, arg_max(rows, run_id) from plus360.pulls
            where state = 'complete' and run_id < ?
            group by endpoint
            """,
            [run_id],
        ).fetchall()
    )


def read_removed_labels(store: duckdb.DuckDBPyConnection, run_id: str) -> list[tuple[str, str]]:
    """Endpoint and label of everything that was removed from a run before it was stored."""
    return store.execute(
        "select endpoint, unnest(stripped_labels) as label from plus360.pulls where run_id = ? order by all",
        [run_id],
    ).fetchall()


def _pull(endpoint: Endpoint, pull: dict[str, Any], last_complete: str | None) -> Pull:
    outcome = BY_CODE.get(pull["outcome"], NOT_RECORDED)
    told = {key: value for key, value in pull.items() if key != "message"} | {
        "endpoint": endpoint.name,
        "subscription": endpoint.subscription,
        "stripped_labels": sorted({kind_of(label) for label in pull["stripped_labels"]}),
        "outcome": outcome.code,
        "answer": outcome.meaning,
        "answer_detail": pull["message"] or None,
        "last_complete": started_at(last_complete) if last_complete else None,
    }
    return Pull.model_validate(told)


def write_night(store: duckdb.DuckDBPyConnection, document: QaDocument) -> None:
    """Write a run into history.nights and history.checks, replacing earlier rows of the same run.

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
