"""One district's process: does its nightly run, tells the parent, and ends when the parent does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from pydantic import SecretStr

from district.credentials import CredentialError
from district.private_files import keep_private
from district.settings import DistrictSettings
from night.events import NightEvent, Step
from night.machine.interruption import raise_on
from night.machine.troubles import watch
from night.record import NightResult

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
# From asking a process to end until it is ended.
GRACE = timedelta(seconds=15)


def step_limit(district: DistrictSettings, step: Step) -> timedelta:
    """How long a step of a district's run may take."""
    return STEP_LIMITS.get(step, timedelta(seconds=district.time_budget_seconds) + AFTER_THE_BUDGET)


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
            self.run_id, self.step = message.run_id or self.run_id, message.step
        return message

    def end(self, because: str) -> None:
        """Ask it to end; the second time, end it."""
        if self.ended_because:
            self.process.kill()
            return
        self.ended_because = because
        self.process.terminate()

    def close(self) -> None:
        """Wait until its process is gone, and see to it."""
        self.process.join(GRACE.total_seconds())
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()

    def ended_with(self, result: NightResult | None) -> NightResult:
        """The result of a process that ended, with `result` where it told one.

        Where the parent ended it, the parent knows why it failed: what it says itself is what broke then.
        """
        if self.ended_because and (result is None or result.verdict == "failed"):
            repairs = result.repairs if result else ()
            return NightResult(self.district.key, "failed", self.ended_because, repairs=repairs)
        return result or NightResult.died(self.district.key, self.process.exitcode)


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
    except BaseException:  # interrupted: the parent records it; a traceback could quote data
        raise SystemExit(signal.SIGTERM + 128) from None


def _end_with_parent(connection: Connection) -> None:
    """A killed parent closes the pipe: then nobody waits for this process, and nobody would end it."""
    with suppress(EOFError, OSError):
        connection.recv()
    os.kill(os.getpid(), signal.SIGTERM)
    if not threading.Event().wait(GRACE.total_seconds()):
        os.kill(os.getpid(), signal.SIGKILL)
