"""The nightly runs of several districts, each in a process of its own: one that dies takes no other along."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from district.credentials import CredentialError, Password, without_secrets
from district.data_folder import DataFolder
from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night.events import Listener, NightEvent, Step, events_of
from night.machine.interruption import INTERRUPTED, Interruption
from night.machine.reserve import with_reserve
from night.machine.unfinished import record_unfinished
from night.machine.worker import GRACE, Deadline, Worker, step_limit
from night.notebooks.nightly import NOT_DONE
from night.record import NightResult
from night.status.as_of import as_of
from night.status.status_file import read_status
from night.terminal.console import in_a_line

Secrets = Mapping[str, SecretStr | CredentialError]
Passwords = Mapping[str, Password]
StepLimit = Callable[[DistrictSettings, Step], timedelta]

NOT_BEGUN = "interrupted before its turn. Nothing was pulled"
# Warnings of libraries that say nothing to an operator: multiprocessing's tracker removes the semaphores of
# killed processes, which is its work; IPython keeps its files elsewhere where there is no home folder.
QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker,ignore:IPython parent"}


def run_nights(
    districts: Sequence[DistrictSettings],
    secrets: Secrets,
    *,
    data: Path,
    jobs: int,
    listen: Listener,
    run_id: str | None = None,
    with_report: bool = True,
    interruption: Interruption | None = None,
    limit: StepLimit = step_limit,
    passwords: Passwords | None = None,
    parquet: bool = False,
) -> dict[str, NightResult]:
    """Run every district's nightly run, at most `jobs` at a time.

    Ctrl-C or SIGTERM ends the runs at work; the second time, without waiting for them to clean up.

    Args:
        districts: which, in the order in which they begin.
        secrets: each district's consumer secret by its key, or why there is none. A district's process gets
            its own only; no process has any in its environment.
        data: the folder of all districts.
        jobs: how many at a time.
        listen: told as the runs move on.
        run_id: of every district's run, as in `run_night`; the demo's are of other days.
        with_report: as in `run_night`.
        interruption: of the caller, where it also waits for something else than these runs.
        limit: how long a step may take.
        passwords: with which imports are delivered, by the district's key; as for secrets, a district's
            process gets its own only.
        parquet: as in `run_night`.

    Returns:
        The result of each district by its key. A district whose process died has a result too: failed. Every
        result of a run that began is in its night.json, where the disk has room for it.
    """
    districts = [district.keeping_proxy() for district in districts]
    how = {"data": data, "run_id": run_id, "with_report": with_report, "parquet": parquet}
    with nullcontext(interruption) if interruption else Interruption() as interrupted:
        # Each district's process is a fork of one server that has already done what is the same for all.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["night.machine.preload"])
        with without_secrets(**QUIET, PLUS360_DATA=str(data.resolve())):  # the parsed project is kept there
            _start_server()
        with without_secrets():
            runs = _Runs(context, secrets, how, data, limit, passwords=passwords or {})
            return runs.run([*districts], jobs, interrupted, listen)


def _start_server() -> None:
    """Start the fork server. Ctrl-C reaches it as well, and must not break its imports with a traceback."""
    # On a cluster's worker this is not the main thread, and no terminal is there.
    numbers = (signal.SIGINT, signal.SIGHUP) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        forkserver.ensure_running()
    except OSError:  # the first district's start tries again, and says so
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Runs:
    """The runs at work: starts them, hears them, and ends those whose time is up."""

    def __init__(
        self,
        context: ForkServerContext,
        secrets: Secrets,
        how: Mapping[str, Any],
        data: Path,
        limit: StepLimit,
        *,
        passwords: Passwords,
    ) -> None:
        self._context, self._secrets, self._how, self._passwords = context, secrets, how, passwords
        self._data, self._limit = data, limit
        self._running: dict[Connection, Worker] = {}
        self._until: dict[Connection, Deadline] = {}

    def run(
        self, waiting: list[DistrictSettings], jobs: int, interruption: Interruption, listen: Listener
    ) -> dict[str, NightResult]:
        results: dict[str, NightResult] = {}

        def ended(key: str, result: NightResult) -> None:
            results[key] = result
            for event in events_of(result):
                listen(event)

        while waiting or self._running:
            while waiting and len(self._running) < jobs:
                district = waiting.pop(0)
                try:
                    self._start(district)
                except (EOFError, ConnectionError):  # the fork server was killed before it answered
                    ended(district.key, replace(NightResult.died(district.key, None), recorded=False))
                except OSError as error:
                    words = in_a_line(error)
                    ended(district.key, NightResult(district.key, "failed", words, recorded=False))
            if not self._running:  # none could be started
                break
            for ready in wait([interruption.fileno(), *self._running], self._patience()):
                if ready == interruption.fileno():
                    interruption.seen()
                    for connection in self._running:
                        self._end(connection, INTERRUPTED)
                    for district in waiting:
                        ended(district.key, _not_begun(district, self._data))
                    waiting.clear()
                    continue
                connection = cast(Connection, ready)
                worker = self._running[connection]
                message = worker.next_message()
                if isinstance(message, NightEvent):
                    if message.goes_on:
                        self._allow(connection)
                    listen(message)
                    continue
                del self._running[connection], self._until[connection]
                worker.close()
                ended(worker.district.key, self._recorded(worker, worker.ended_with(message)))
            self._end_late()
        return results

    def _start(self, district: DistrictSettings) -> None:
        key = district.key
        how = {**self._how, "password": self._passwords.get(key)}
        worker = Worker.start(self._context, district, self._secrets[key], how)
        self._running[worker.connection] = worker
        self._allow(worker.connection)

    def _allow(self, connection: Connection) -> None:
        """Give a worker its time for the step that begins; what is being ended gets no more."""
        worker = self._running[connection]
        if not worker.ended_because:
            self._until[connection] = worker.deadline(self._limit(worker.district, worker.step))

    def _patience(self) -> float | None:
        return max(0.0, min(self._until.values()).at - time.monotonic()) if self._until else None

    def _end(self, connection: Connection, because: str) -> None:
        self._running[connection].end(because)
        self._until[connection] = Deadline(time.monotonic() + GRACE.total_seconds(), because)

    def _end_late(self) -> None:
        for connection, deadline in [*self._until.items()]:
            if time.monotonic() >= deadline.at:
                self._end(connection, deadline.because)

    def _recorded(self, worker: Worker, result: NightResult) -> NightResult:
        """The result with night.json written, where the run's own process could not."""
        if result.verdict not in ("failed", "stopped"):
            return result
        if not worker.run_id:  # it never held the district
            interrupted = worker.ended_because == INTERRUPTED
            return replace(result, recorded=False, tried=result.tried and not interrupted)
        night = DistrictFolder.of(self._data, worker.district.key).night(worker.run_id)
        known = bool(worker.ended_because)
        try:
            recorded = with_reserve(
                DataFolder(self._data), lambda: record_unfinished(night.make(), result, known=known)
            )
        except OSError as error:
            trouble = f"night.json could not be written: {in_a_line(error)}"
            return replace(result, headline=f"{result.headline}. {trouble}", recorded=False)
        # The run was over by then.
        return replace(recorded, notebook_faults=(NOT_DONE,)) if worker.step == "notebooks" else recorded


def _not_begun(district: DistrictSettings, data: Path) -> NightResult:
    """The result of a district whose turn never came; a paused one would have done nothing."""
    with suppress(Exception):  # what can't be read now says nothing
        line = as_of(read_status(DistrictFolder.of(data, district.key)), district, datetime.now(UTC))
        if line.state == "paused":
            return NightResult(district.key, "paused", line.headline, recorded=False)
    return NightResult(district.key, "failed", NOT_BEGUN, recorded=False, tried=False)
