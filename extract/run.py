"""One run over the seven endpoints: worker threads fetch and spool, the calling thread lands.

Pages of all endpoints are fetched at once. They land in batches, one transaction an endpoint, the endpoints
in their order as far as they come: so few transactions are open at a time, and each ends soon.
"""

import gc
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import SecretStr

from extract.body import Page
from extract.client import Client, RetryPolicy
from extract.endpoints import ENDPOINTS, Endpoint
from extract.errors import BrokenError, EndpointError, MovedError
from extract.landing import BATCH_BYTES, Landing, Spool, SpooledPage
from extract.paging import Ask, Walk
from extract.raw_store import Pull, PullState
from extract.settings import District

MOST_PASSES = 2
# Workers that still hang on the network then are left to end with the process.
_FAREWELL_SECONDS = 2.0


@dataclass(frozen=True)
class PullProgress:
    """How far one endpoint is.

    Attributes:
        state: "reading", or a state of raw.pulls once it ended.
    """

    endpoint: str
    rows: int
    reported_total: int | None
    pages: int
    state: str


Progress = Callable[[PullProgress], None]


@dataclass
class _Job:
    """One endpoint on its way."""

    endpoint: Endpoint
    landing: Landing
    walk: Walk
    passes: int = 1
    asks: deque[Ask] = field(default_factory=deque)
    waiting: deque[SpooledPage] = field(default_factory=deque)
    waiting_bytes: int = 0
    pages: int = 0
    retries: int = 0
    stripped: set[str] = field(default_factory=set)
    status: int | None = None
    error: EndpointError | None = None
    started_at: datetime | None = None
    clock: float = 0.0
    pull: Pull | None = None
    told: PullProgress | None = None
    unspooled: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come in this pass."""
        return self.error is not None or (self.walk.done and not self.unspooled)

    def take_batch(self) -> list[SpooledPage]:
        """Takes waiting pages for one landing."""
        batch: list[SpooledPage] = []
        size = 0
        while self.waiting and size < BATCH_BYTES:
            batch.append(self.waiting.popleft())
            size += batch[-1].size
        self.waiting_bytes -= size
        return batch


class Run:
    """All jobs of one run. A job changes only under the lock `_changed`; landing is the caller's thread."""

    def __init__(
        self,
        district: District,
        secret: SecretStr,
        directory: Path,
        run_id: str,
        *,
        store: duckdb.DuckDBPyConnection,
        progress: Progress | None,
        policy: RetryPolicy,
    ) -> None:
        self._district = district
        self._run_id = run_id
        self._progress = progress
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._crash: BaseException | None = None
        self._client = Client(district, secret, policy, self._stop)
        self._spool = Spool(directory / "spool")
        self._jobs = [
            _Job(endpoint, Landing(store, run_id, endpoint.name), Walk(district.page_size))
            for endpoint in ENDPOINTS
        ]

    def all(self) -> list[Pull]:
        """Runs all jobs to their ends."""
        # What is imported is no garbage: looking through it again and again costs a tenth of a large pull.
        gc.freeze()
        for job in self._jobs:
            job.asks.append(job.walk.start())
        workers = [
            threading.Thread(target=self._fetch, daemon=True) for _ in range(self._district.connections)
        ]
        for worker in workers:
            worker.start()
        try:
            while ready := self._next_to_land():
                self._move_on(ready)
                self._tell()
        finally:
            gc.unfreeze()
            self._stop.set()
            with self._changed:
                self._changed.notify_all()
            self._spool.close()
            self._client.close()
            give_up_at = time.monotonic() + _FAREWELL_SECONDS
            for worker in workers:
                worker.join(max(0, give_up_at - time.monotonic()))
        return [job.pull for job in self._jobs if job.pull]

    # In the worker threads

    def _fetch(self) -> None:
        """Fetches page after page until all is done; a fault of ours ends the run, never just a thread."""
        try:
            while (taken := self._next_to_fetch()) is not None:
                job, passes, ask = taken
                try:
                    page, retries = self._client.page(job.endpoint, ask)
                    self._keep(job, passes, ask, page, retries)
                except EndpointError as error:
                    self._fail(job, passes, error)
        except BaseException as error:
            with self._changed:
                self._crash = error
                self._changed.notify_all()

    def _next_to_fetch(self) -> tuple[_Job, int, Ask] | None:
        with self._changed:
            while not self._stop.is_set():
                for job in self._jobs:
                    if job.asks:
                        if job.started_at is None:
                            job.started_at, job.clock = datetime.now(UTC), time.monotonic()
                        return job, job.passes, job.asks.popleft()
                self._changed.wait()
        return None

    def _keep(self, job: _Job, passes: int, ask: Ask, page: Page, retries: int) -> None:
        """Notes a page and what to ask for next, then spools it (and waits there while the spool is full)."""
        rows = page.rows if page.rows is not None else ask.promised or 0
        with self._changed:
            if job.passes != passes or job.error:
                return
            job.asks.extend(job.walk.took(ask, page))
            job.pages += 1 if rows else 0
            job.retries += retries
            job.stripped |= page.stripped
            job.status = 200
            job.unspooled += 1
            self._changed.notify_all()
        spooled = None
        if rows:
            name = f"{job.endpoint.name}-{passes}-{ask.position}.json"
            spooled = self._spool.put(name, ask.position, rows, page.content)
        with self._changed:
            abandoned = [spooled] if spooled and (job.passes != passes or job.error) else []
            if job.passes == passes:
                job.unspooled -= 1
            if spooled and not abandoned:
                job.waiting.append(spooled)
                job.waiting_bytes += spooled.size
            self._changed.notify_all()
        self._spool.take_away(abandoned)

    def _fail(self, job: _Job, passes: int, error: EndpointError) -> None:
        with self._changed:
            if job.passes == passes and job.error is None:
                job.error = error
                job.asks.clear()
                self._changed.notify_all()

    # In the caller's thread

    def _next_to_land(self) -> _Job | None:
        """Waits for a job that ended, or has a batch ready, or must make room; None when all are done."""
        with self._changed:
            while True:
                if self._crash:
                    raise self._crash
                going = [job for job in self._jobs if job.pull is None]
                if not going:
                    return None
                # The first that can: so that few transactions are open at a time, and each ends soon.
                ready = [job for job in going if job.ended or job.waiting_bytes >= BATCH_BYTES]
                if not ready and self._spool.crowded:
                    ready = [job for job in going if job.waiting]
                if ready:
                    return ready[0]
                self._changed.wait(0.1)
                self._tell()

    def _move_on(self, job: _Job) -> None:
        """Lands what waits; where all of the job is in, ends it or begins its second pass."""
        with self._changed:
            pages = job.take_batch()
            ended = job.ended and not job.waiting
        try:
            if job.error is None:
                job.landing.land(pages, datetime.now(UTC))
        except MovedError as error:
            if job.passes < MOST_PASSES:
                self._read_again(job)
            else:
                self._fail(job, job.passes, BrokenError(str(error), 200))
            return
        finally:
            self._spool.take_away(pages)
        if not ended:
            return
        if job.error is None and job.passes < MOST_PASSES and not job.walk.settled:
            self._read_again(job)
        else:
            self._end(job)

    def _read_again(self, job: _Job) -> None:
        """The pages do not add up: a second pass, one counted page after another."""
        job.landing.forget()
        with self._changed:
            abandoned, job.waiting, job.waiting_bytes = list(job.waiting), deque(), 0
            job.walk = Walk(self._district.page_size, careful=True)
            job.error = None
            job.passes += 1
            job.pages = job.unspooled = 0
            job.asks = deque([job.walk.start()])
            self._changed.notify_all()
        self._spool.take_away(abandoned)

    def _end(self, job: _Job) -> None:
        """Commits the job's rows and its Pull; or the Pull alone, where it did not come."""
        walk, finished_at = job.walk, datetime.now(UTC)
        state: PullState
        if job.error:
            job.landing.forget()
            state, message = job.error.state, str(job.error)
        elif walk.settled:
            state, message = (
                "complete",
                "" if job.passes == 1 else "read twice: records came or went the first time",
            )
        else:
            state = "unreconciled"
            message = (
                f"{walk.rows} records came where the server says {walk.total}, also when read a second time. "
                "Run again at a quieter time; if it stays so, open a case with PowerSchool support"
            )
        job.pull = Pull(
            run_id=self._run_id,
            endpoint=job.endpoint.name,
            state=state,
            rows=0 if job.error else walk.rows,
            pages=job.pages,
            reported_total=walk.total,
            http_status=job.error.status if job.error else job.status,
            seconds=round(time.monotonic() - job.clock, 3),
            started_at=job.started_at or finished_at,
            finished_at=finished_at,
            message=message,
            stripped_labels=sorted(job.stripped),
            retries=job.retries,
            passes=job.passes,
        )
        job.landing.finish(job.pull)

    def _tell(self) -> None:
        """Tells the caller's progress what changed since it was told last."""
        if self._progress is None:
            return
        for job in self._jobs:
            if job.started_at is None:
                continue
            state = job.pull.state if job.pull else "reading"
            now = PullProgress(job.endpoint.name, job.walk.rows, job.walk.total, job.pages, state)
            if now != job.told:
                job.told = now
                self._progress(now)
