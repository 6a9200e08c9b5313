"""One endpoint's pull: which page to request next, which pages wait to be landed, and how it ended."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from district.endpoints import Endpoint
from extract.api.page import Page
from extract.api.paging import PageRequest, Paginator
from extract.errors import EndpointError
from extract.outcomes import (
    COMPLETE,
    COMPLETE_AFTER_SECOND_PASS,
    COMPLETE_WITH_DUPLICATES,
    ORDER_UNSTABLE,
    RECORDS_CHANGED,
    TOTAL_CONTRADICTED,
    Outcome,
    message,
)
from extract.store.duplicates import Duplicates
from extract.store.landing import BATCH_BYTES, LEAST_BATCH_BYTES, Landing, SpooledPage
from extract.store.pulls import Pull

MOST_PASSES = 2


@dataclass
class EndpointPull:
    """One endpoint of one district's pull. It knows no threads: whoever changes it holds the district's lock.

    Attributes:
        paginator: the current pass; a new one means that everything of the pass before is dropped.
        waiting: spooled pages that nobody is landing yet.
        unspooled: pages that the paginator knows and that are not in the spool yet.
        duplicates: keys that the current pass received more than once; found after its last page.
        result: how it ended; None until then.
    """

    endpoint: Endpoint
    landing: Landing
    page_size: int
    paginator: Paginator = field(init=False)
    passes: int = 0
    waiting: deque[SpooledPage] = field(default_factory=deque)
    waiting_bytes: int = 0
    unspooled: int = 0
    duplicates: Duplicates = field(default_factory=Duplicates)
    error: EndpointError | None = None
    result: Pull | None = None
    _duplicates_before: Duplicates | None = None  # of a pass that is to be compared with the current one
    _page_starts: list[int] = field(default_factory=list)
    _pages: int = 0
    _retries: int = 0
    _stripped: set[str] = field(default_factory=set)
    _replaced: int = 0
    _started_at: datetime | None = None
    _clock: float = 0.0

    def __post_init__(self) -> None:
        """Starts before the first page."""
        self.begin_pass()

    @property
    def ended(self) -> bool:
        """Whether no more pages will be received in this pass."""
        return self.error is not None or (self.paginator.done and not self.unspooled)

    @property
    def needs_keys(self) -> bool:
        """Whether its duplicate keys decide how it ends: every page was received, and there are several."""
        if self.error is not None or len(self._page_starts) < 2:
            return False
        return self.paginator.settled or self._duplicates_before is not None

    @property
    def page_starts(self) -> list[int]:
        """The position of the first row of each page received, in order."""
        return sorted(self._page_starts)

    @property
    def needs_another_pass(self) -> bool:
        """Whether the rows don't match for the first time, or a key is on two pages for the first time."""
        if self.error is not None:
            return False
        if not self.paginator.settled:
            return self.passes < MOST_PASSES
        return bool(self.duplicates.across_pages) and self._duplicates_before is None

    @property
    def progress(self) -> "PullProgress | None":
        """How far it is; None before its first request."""
        if self._started_at is None:
            return None
        state = self.result.state if self.result else "reading"
        return PullProgress(self.endpoint.name, self.paginator.rows, self.paginator.total, self._pages, state)

    def begin_pass(self) -> list[SpooledPage]:
        """Starts at the first page, from the second pass on carefully; returns the pages that are dropped."""
        dropped = list(self.waiting)
        self.waiting.clear()
        self.paginator = Paginator(self.page_size, careful=self.passes > 0)
        self.passes += 1
        self._duplicates_before = self.duplicates if self.duplicates.across_pages else None
        self.duplicates = Duplicates()
        self._page_starts = []
        self.error = None
        self.waiting_bytes = self.unspooled = self._pages = self._replaced = 0
        return dropped

    @property
    def has_request(self) -> bool:
        """Whether a page can be requested now."""
        return self.error is None and self.paginator.has_request

    def next_request(self) -> PageRequest:
        """Takes the next page to request."""
        if self._started_at is None:
            self._started_at, self._clock = datetime.now(UTC), time.monotonic()
        return self.paginator.next_request()

    def receive(self, request: PageRequest, page: Page, retries: int) -> int:
        """Notes a page received; returns its rows.

        Raises:
            EndpointError: the same page was received before.
        """
        rows = self.paginator.receive(request, page)
        if rows:
            self._pages += 1
            self._page_starts.append(request.position)
        self._retries += retries
        self._stripped |= page.stripped
        self._replaced += page.replaced
        self.unspooled += 1
        return rows

    def spooled(self, page: SpooledPage | None) -> None:
        """Notes that a page received is in the spool; None where it had no rows."""
        self.unspooled -= 1
        if page:
            self.waiting.append(page)
            self.waiting_bytes += page.size

    def fail(self, error: EndpointError) -> None:
        """Gives up on the endpoint; the first error counts."""
        if self.error is None:
            self.error = error

    @property
    def has_batch(self) -> bool:
        """Whether enough pages wait to be landed."""
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

    def end(self, run_id: str) -> Pull:
        """The row of plus360.pulls that says how it ended."""
        paginator, finished_at = self.paginator, datetime.now(UTC)
        outcome, facts = self._outcome()
        if self._replaced and not self.error:
            facts = {**facts, "replaced": self._replaced}
        return Pull(
            run_id=run_id,
            endpoint=self.endpoint.name,
            state=outcome.state or "broken",
            rows=0 if self.error else paginator.rows,
            pages=self._pages,
            reported_total=paginator.total,
            http_status=self.error.status if self.error else 200,
            seconds=round(time.monotonic() - self._clock, 3),
            started_at=self._started_at or finished_at,
            finished_at=finished_at,
            message=message(outcome, facts) if facts or outcome is not COMPLETE else "",
            stripped_labels=sorted(self._stripped),
            retries=self._retries,
            passes=self.passes,
            outcome=outcome.code,
            replaced_characters=0 if self.error else self._replaced,
        )

    def _outcome(self) -> tuple[Outcome, Mapping[str, int]]:
        if self.error:
            return self.error.outcome, self.error.facts
        before, now = self._duplicates_before or Duplicates(), self.duplicates
        if self.paginator.settled:
            if not now.across_pages:
                return (COMPLETE if self.passes == 1 else COMPLETE_AFTER_SECOND_PASS), {}
            if now.across_pages <= before.keys:
                return COMPLETE_WITH_DUPLICATES, {}
        if self.paginator.settled or not (self.paginator.total_changed or now.are_those_of(before)):
            return ORDER_UNSTABLE, {"repeated": len(now.across_pages | before.across_pages)}
        outcome = TOTAL_CONTRADICTED if self.paginator.contradicts_total else RECORDS_CHANGED
        return outcome, {"received": self.paginator.rows, "total": self.paginator.total or 0}


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
