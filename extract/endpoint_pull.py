"""One endpoint on its way: what to ask for next, what waits to be landed, and how it ended."""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from district.endpoints import Endpoint
from extract.api.page import Page
from extract.api.paging import Ask, Walk
from extract.errors import EndpointError
from extract.store.landing import BATCH_BYTES, LEAST_BATCH_BYTES, Landing, SpooledPage
from extract.store.raw_store import Pull, PullState

MOST_PASSES = 2


@dataclass
class Job:
    """One endpoint of one run. It knows no thread: whoever changes it holds the run's lock.

    Attributes:
        walk: the pass under way; another one means that all of the pass before is given up.
        asks: pages that nobody fetches yet.
        waiting: spooled pages that nobody lands yet.
        unspooled: pages that are noted in the walk, and not in the spool yet.
        pull: how it ended; None until then.
    """

    endpoint: Endpoint
    landing: Landing
    page_size: int
    walk: Walk = field(init=False)
    passes: int = 0
    asks: deque[Ask] = field(default_factory=deque)
    waiting: deque[SpooledPage] = field(default_factory=deque)
    waiting_bytes: int = 0
    unspooled: int = 0
    error: EndpointError | None = None
    pull: Pull | None = None
    _pages: int = 0
    _retries: int = 0
    _stripped: set[str] = field(default_factory=set)
    _started_at: datetime | None = None
    _clock: float = 0.0

    def __post_init__(self) -> None:
        """Stands before its first page."""
        self.begin_pass()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come in this pass."""
        return self.error is not None or (self.walk.done and not self.unspooled)

    @property
    def needs_another_pass(self) -> bool:
        """Whether all came, and it does not add up for the first time."""
        return self.error is None and self.passes < MOST_PASSES and not self.walk.settled

    @property
    def progress(self) -> "PullProgress | None":
        """How far it is; None before its first request."""
        if self._started_at is None:
            return None
        state = self.pull.state if self.pull else "reading"
        return PullProgress(self.endpoint.name, self.walk.rows, self.walk.total, self._pages, state)

    def begin_pass(self) -> list[SpooledPage]:
        """Begins at the first page, the second time carefully; returns the pages that are given up."""
        given_up = list(self.waiting)
        self.waiting.clear()
        self.walk = Walk(self.page_size, careful=self.passes > 0)
        self.asks = deque([self.walk.start()])
        self.passes += 1
        self.error = None
        self.waiting_bytes = self.unspooled = self._pages = 0
        return given_up

    def next_ask(self) -> Ask:
        """Takes the next page to fetch."""
        if self._started_at is None:
            self._started_at, self._clock = datetime.now(UTC), time.monotonic()
        return self.asks.popleft()

    def took(self, ask: Ask, page: Page, retries: int) -> int:
        """Notes a page that came; returns its rows.

        Raises:
            BrokenError: the same page came before.
        """
        rows = ask.rows_of(page)
        self.asks.extend(self.walk.took(ask, page))
        self._pages += 1 if rows else 0
        self._retries += retries
        self._stripped |= page.stripped
        self.unspooled += 1
        return rows

    def spooled(self, page: SpooledPage | None) -> None:
        """Notes that a page that came is in the spool; None where it had no rows."""
        self.unspooled -= 1
        if page:
            self.waiting.append(page)
            self.waiting_bytes += page.size

    def fail(self, error: EndpointError) -> None:
        """Gives the endpoint up; the first error counts."""
        if self.error is None:
            self.error = error
            self.asks.clear()

    @property
    def has_batch(self) -> bool:
        """Whether enough waits to be landed."""
        return self.ended or self.waiting_bytes >= LEAST_BATCH_BYTES

    def take_batch(self) -> list[SpooledPage]:
        """Takes waiting pages for one landing."""
        batch: list[SpooledPage] = []
        size = 0
        while self.waiting and size < BATCH_BYTES:
            batch.append(self.waiting.popleft())
            size += batch[-1].size
        self.waiting_bytes -= size
        return batch

    def outcome(self, run_id: str) -> Pull:
        """The row of plus360.pulls that tells how it ended."""
        walk, finished_at = self.walk, datetime.now(UTC)
        state, message = self._state()
        return Pull(
            run_id=run_id,
            endpoint=self.endpoint.name,
            state=state,
            rows=0 if self.error else walk.rows,
            pages=self._pages,
            reported_total=walk.total,
            http_status=self.error.status if self.error else 200,
            seconds=round(time.monotonic() - self._clock, 3),
            started_at=self._started_at or finished_at,
            finished_at=finished_at,
            message=message,
            stripped_labels=sorted(self._stripped),
            retries=self._retries,
            passes=self.passes,
        )

    def _state(self) -> tuple[PullState, str]:
        if self.error:
            return self.error.state, str(self.error)
        if self.walk.settled:
            return "complete", "" if self.passes == 1 else "read twice: records came or went the first time"
        return (
            "unreconciled",
            f"{self.walk.rows} records came where the server says {self.walk.total}, also when read a second "
            "time. Run again at a quieter time; if it stays so, open a case with PowerSchool support",
        )


@dataclass(frozen=True)
class PullProgress:
    """How far one endpoint is.

    Attributes:
        state: "reading", or a state of plus360.pulls once it ended.
    """

    endpoint: str
    rows: int
    reported_total: int | None
    pages: int
    state: str
