"""One run over the seven endpoints: worker threads fetch and spool pages, the caller's thread lands them.

Pages of all endpoints are fetched at once. They land in batches, one transaction an endpoint, the endpoints
in their order as far as they come: so few transactions are open at a time, and each ends soon.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import SecretStr

from district.endpoints import ENDPOINTS
from district.settings import DistrictSettings
from extract.api.client import Client, RetryPolicy
from extract.api.page import Page
from extract.api.paging import Ask, Walk
from extract.endpoint_pull import MOST_PASSES, Job, PullProgress
from extract.errors import BrokenError, EndpointError, MovedError
from extract.store.landing import Landing, Spool
from extract.store.raw_store import Pull

_TELL_SECONDS = 0.1
# Workers that still hang on the network then are left to end with the process.
_FAREWELL_SECONDS = 2.0

Progress = Callable[[PullProgress], None]


class Run:
    """All jobs of one run. A job changes only under the lock that the two conditions share."""

    def __init__(
        self,
        district: DistrictSettings,
        secret: SecretStr,
        directory: Path,
        run_id: str,
        *,
        store: duckdb.DuckDBPyConnection,
        progress: Progress | None,
        policy: RetryPolicy,
    ) -> None:
        self._run_id = run_id
        self._progress = progress
        self._told: dict[str, PullProgress] = {}
        self._stop = threading.Event()
        lock = threading.Lock()
        self._to_fetch, self._to_land = threading.Condition(lock), threading.Condition(lock)
        self._crash: BaseException | None = None
        self._client = Client(district, secret, policy, self._stop)
        self._spool = Spool(directory / "spool")
        self._jobs = [
            Job(endpoint, Landing(store, run_id, endpoint.name), district.page_size) for endpoint in ENDPOINTS
        ]
        self._workers = [
            threading.Thread(target=self._work, daemon=True) for _ in range(district.connections)
        ]

    def all(self) -> list[Pull]:
        """Runs all jobs to their ends."""
        # What is imported is no garbage: looking through it again and again costs a tenth of a large pull.
        gc.freeze()
        for worker in self._workers:
            worker.start()
        try:
            while job := self._next_to_land():
                self._move_on(job)
                self._tell()
        finally:
            gc.unfreeze()
            self._stop.set()
            with self._to_fetch:
                self._to_fetch.notify_all()
            self._spool.close()
            self._client.close()
            give_up_at = time.monotonic() + _FAREWELL_SECONDS
            for worker in self._workers:
                worker.join(max(0, give_up_at - time.monotonic()))
        return [job.pull for job in self._jobs if job.pull]

    # In the worker threads

    def _work(self) -> None:
        """Fetches page after page until all is done; a fault of ours ends the run, never just a thread."""
        try:
            _give_way()
            while taken := self._next_to_fetch():
                self._fetch(*taken)
        except BaseException as error:
            with self._to_land:
                self._crash = error
                self._to_land.notify()

    def _fetch(self, job: Job, walk: Walk, ask: Ask) -> None:
        try:
            page, retries = self._client.page(job.endpoint, ask)
            self._keep(job, walk, ask, page, retries)
        except EndpointError as error:
            with self._to_land:
                if job.walk is walk:
                    job.fail(error)
                    self._to_land.notify()

    def _next_to_fetch(self) -> tuple[Job, Walk, Ask] | None:
        with self._to_fetch:
            while not self._stop.is_set():
                for job in self._jobs:
                    if job.asks:
                        return job, job.walk, job.next_ask()
                self._to_fetch.wait()
        return None

    def _keep(self, job: Job, walk: Walk, ask: Ask, page: Page, retries: int) -> None:
        """Notes a page and what to ask for next, then spools it (and waits there while the spool is full)."""
        with self._to_fetch:
            if job.walk is not walk or job.error:
                return
            rows = job.took(ask, page, retries)
            self._to_fetch.notify(len(job.asks))
        spooled = self._spool.put(ask.position, rows, page.content) if rows else None
        with self._to_land:
            if job.walk is walk and not job.error:
                job.spooled(spooled)
                if job.has_batch:
                    self._to_land.notify()
                return
        if spooled:
            self._spool.take_away([spooled])

    # In the caller's thread

    def _next_to_land(self) -> Job | None:
        """Waits for a job that ended, or has a batch ready; None when all are done."""
        with self._to_land:
            while not self._crash:
                going = [job for job in self._jobs if not job.pull]
                if not going:
                    return None
                # The first that can: so that few transactions are open at a time, and each ends soon.
                ready = [job for job in going if job.has_batch]
                if ready:
                    return ready[0]
                self._to_land.wait(_TELL_SECONDS)
                self._tell()
            raise self._crash

    def _move_on(self, job: Job) -> None:
        """Lands what waits; where all of the job is in, ends it or begins its second pass."""
        with self._to_land:
            pages = job.take_batch()
            ended = job.ended and not job.waiting
        try:
            if job.error is None:
                job.landing.land(pages, datetime.now(UTC))
        except MovedError as error:
            if job.passes < MOST_PASSES:
                self._read_again(job)
            else:
                with self._to_land:
                    job.fail(BrokenError(str(error), 200))
            return
        finally:
            self._spool.take_away(pages)
        if not ended:
            return
        if job.needs_another_pass:
            self._read_again(job)
        else:
            self._end(job)

    def _read_again(self, job: Job) -> None:
        """The pages do not add up: a second pass, one counted page after another."""
        job.landing.forget()
        with self._to_fetch:
            given_up = job.begin_pass()
            self._to_fetch.notify()
        self._spool.take_away(given_up)

    def _end(self, job: Job) -> None:
        """Commits the job's rows and its Pull; or the Pull alone, where it did not come."""
        if job.error:
            job.landing.forget()
        job.pull = job.outcome(self._run_id)
        job.landing.finish(job.pull)

    def _tell(self) -> None:
        """Tells the caller's progress what changed since it was told last."""
        if self._progress is None:
            return
        for job in self._jobs:
            now = job.progress
            if now and now != self._told.get(now.endpoint):
                self._told[now.endpoint] = now
                self._progress(now)


def _give_way() -> None:
    """Lets the thread that lands go first: what is fetched meanwhile would only wait for them."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with suppress(OSError):  # a container may forbid it; all works without
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
