"""One district's process: does its nightly run, tells the parent, and ends when the parent does."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any, NamedTuple

from pydantic import SecretStr

from district.credentials import CredentialError
from district.folder import DistrictFolder
from district.private_files import keep_private
from district.settings import DistrictSettings
from night.events import NightEvent, Step
from night.machine.interruption import raise_on
from night.machine.troubles import watch
from night.notebooks.run import TIME_LIMIT
from night.record import NightResult
from night.status.status_file import refresh_status

# How long a step may take. It is generous: what takes longer would never end.
STEP_LIMITS: Mapping[Step, timedelta] = {
    "prepare": timedelta(minutes=30),
    "build": timedelta(minutes=30),
    "check": timedelta(minutes=30),
    "publish": timedelta(minutes=30),
    "report": timedelta(minutes=15),
    # A delivery ends by itself before that (night.delivery.sftp).
    "deliver": timedelta(minutes=45),
}
# A pull ends by itself when the district's time budget is used up, after the page at hand.
AFTER_THE_BUDGET = timedelta(minutes=30)
_STEP_TOO_LONG = (
    "the step {} took longer than {} and was ended. Nothing from this run was published. Run it again; if it "
    "happens again, report this line to the plus360 project"
)
_RUN_TOO_LONG = (
    "the run took longer than {} (run_budget_seconds) and was ended. Nothing from this run was published. "
    "Run it again, or allow more in districts.toml"
)
# From asking a process to end until it is ended.
GRACE = timedelta(seconds=15)


def step_limit(district: DistrictSettings, step: Step) -> timedelta:
    """How long a step of a district's run may take."""
    if step == "notebooks":  # each ends by itself before that (night.notebooks.run)
        return TIME_LIMIT * len(district.notebooks) + AFTER_THE_BUDGET
    return STEP_LIMITS.get(step, timedelta(seconds=district.time_budget_seconds) + AFTER_THE_BUDGET)


class Deadline(NamedTuple):
    """When a district's process is ended, by the monotonic clock, and why."""

    at: float
    because: str


@dataclass
class Worker:
    """A district's process, as its parent sees it."""

    district: DistrictSettings
    process: ForkServerProcess
    connection: Connection
    run_id: str = ""
    step: Step = "prepare"
    ended_because: str = ""
    """Why the parent ended it; empty while it did not."""
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def start(
        cls,
        context: ForkServerContext,
        district: DistrictSettings,
        secret: SecretStr | CredentialError,
        how: Mapping[str, Any],
    ) -> Worker:
        """Start a district's process.

        Raises:
            OSError: the machine has no room for another process, or for its socket.
        """
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(district, secret, how, theirs), name=district.key)
        process.start()
        theirs.close()  # only the child holds it now: the death of either ends the pipe for the other
        return cls(district, process, ours)

    def next_message(self) -> NightEvent | NightResult | None:
        """What it says; None where it ended."""
        try:
            message: NightEvent | NightResult = self.connection.recv()
        except (EOFError, OSError):
            return None
        if isinstance(message, NightEvent):
            self.run_id, self.step = message.run_id or self.run_id, message.step or self.step
        return message

    def end(self, because: str) -> None:
        """Ask it to end; the second time, end it."""
        if self.ended_because:
            self.process.kill()
            return
        self.ended_because = because
        self.process.terminate()

    def deadline(self, limit: timedelta) -> Deadline:
        """When it is ended at the latest, if the step that begins now may take so long."""
        of_step = Deadline(
            time.monotonic() + limit.total_seconds(), _STEP_TOO_LONG.format(self.step, _span_words(limit))
        )
        if self.step == "notebooks":  # the run is over: its budget is not for them
            return of_step
        budget = timedelta(seconds=self.district.run_budget_seconds)
        return min(
            of_step, Deadline(self.began + budget.total_seconds(), _RUN_TOO_LONG.format(_span_words(budget)))
        )

    def close(self) -> None:
        """Wait until its process is gone, and see to it."""
        self.process.join(GRACE.total_seconds())
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()

    def ended_with(self, result: NightResult | None) -> NightResult:
        """The result of a process that ended, with `result` where it told one; which run, and how long.

        Where the parent ended it, the parent knows why it failed: what it says itself is what broke then.
        """
        if self.ended_because and (result is None or result.verdict == "failed"):
            repairs = result.repairs if result else ()
            result = NightResult(self.district.key, "failed", self.ended_because, repairs=repairs)
        result = result or NightResult.died(self.district.key, self.process.exitcode)
        run_id = "" if result.verdict == "paused" else self.run_id  # a paused district's run leaves nothing
        return replace(result, run_id=run_id, seconds=round(time.monotonic() - self.began, 1))


def _span_words(span: timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds:.3g} seconds" if seconds < 120 else f"{seconds / 60:.3g} minutes"


def _work(
    district: DistrictSettings,
    secret: SecretStr | CredentialError,
    how: Mapping[str, Any],
    connection: Connection,
) -> None:
    # Imported here, where the fork server has it already: it takes seconds, and the parent needs none of it.
    from night.district_night import run_night  # noqa: PLC0415

    keep_private()
    watch(how["data"])
    for number in (signal.SIGINT, signal.SIGHUP):  # these reach all: the parent alone answers, and ends us
        signal.signal(number, signal.SIG_IGN)
    raise_on(signal.SIGTERM)
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()

    def tell(event: NightEvent) -> None:
        try:
            connection.send(event)
        except OSError:  # the parent is gone: that ends the run like a signal
            raise KeyboardInterrupt from None

    try:
        result = run_night(district, secret, listen=tell, **how)
        with suppress(OSError):  # the parent is gone, and night.json says all
            connection.send(result)
        with suppress(Exception):  # whoever wants to know how the district stands reads its runs
            refresh_status(DistrictFolder.of(how["data"], district.key))
    except BaseException:  # interrupted: the parent records it; a traceback could quote data
        raise SystemExit(signal.SIGTERM + 128) from None


def _end_with_parent(connection: Connection) -> None:
    """A killed parent closes the pipe: then nobody waits for this process, and nobody would end it."""
    with suppress(EOFError, OSError):
        connection.recv()
    os.kill(os.getpid(), signal.SIGTERM)
    if not threading.Event().wait(GRACE.total_seconds()):
        os.kill(os.getpid(), signal.SIGKILL)
