"""Which pages to request next: bookkeeping only, no network.

Offsets advance by the rows received, never by the rows requested: a server may cap its pages, or ignore
`limit`.

The first pass is fast: once the first page says the total, the other pages are requested in parallel. Without
a total, they are requested one after another until no more rows are received. If the rows don't match the
total, a second pass is careful: one page after another, each starting with the record that the page before it
ended with. As long as that record is the same, no row was added or removed in between, whatever the total.

A request is made when a worker asks for it, never in advance: a false total of a billion rows costs no
memory, and the first page that contradicts it ends the pass.
"""

from dataclasses import dataclass, field

from extract.api.page import Page
from extract.errors import EndpointError
from extract.outcomes import REPEATED_PAGE

# No district is so large; a server may read a larger offset as another number.
_MOST_OFFSET = 10**9 - 1


@dataclass(frozen=True)
class PageRequest:
    """One page to request.

    Attributes:
        offset: rows before it.
        limit: rows requested.
        promised: rows that the total promises for this page; None where there is no total to go by.
        overlap: it starts with a record that was received already and is left out.
    """

    offset: int
    limit: int
    promised: int | None = None
    overlap: bool = False

    @property
    def position(self) -> int:
        """The place of its first new row in the pull."""
        return self.offset + self.overlap


@dataclass
class Paginator:
    """One pass over one endpoint.

    Attributes:
        page_size: rows to request at first.
        careful: the second pass.
        totals: what the server said, in the order received.
        rows: rows of all pages so far.
    """

    page_size: int
    careful: bool = False
    totals: list[int] = field(default_factory=list)
    rows: int = 0
    _next: PageRequest | None = None
    _in_flight: int = 0
    _planned_total: int = 0
    _planned_step: int = 0
    _digests: set[int] = field(default_factory=set)
    _rows_moved: bool = False
    _last_record: int | None = None
    _last_was_short: bool = False
    _empty_at: int | None = None
    _totals_are_page_counts: bool = True

    def __post_init__(self) -> None:
        """Starts at the first page."""
        self._next = PageRequest(0, self.page_size)

    @property
    def has_request(self) -> bool:
        """Whether a page can be requested now."""
        return self._next is not None

    @property
    def done(self) -> bool:
        """Whether every page of the pass was received."""
        return self._next is None and self._in_flight == 0

    @property
    def total(self) -> int | None:
        """How many rows there are, as the server said last."""
        return self.totals[-1] if self.totals else None

    @property
    def settled(self) -> bool:
        """Whether the rows received are all the rows there are, each once."""
        if self._rows_moved:
            return False
        if self.total is None or (self._totals_are_page_counts and len(self.totals) > 1):
            return True
        if self._total_stays:
            return self.rows == self.total
        return self.careful

    @property
    def total_changed(self) -> bool:
        """Whether the server said more than one total."""
        return len(set(self.totals)) > 1

    @property
    def contradicts_total(self) -> bool:
        """Whether no row moved and the server kept to a total that differs from the rows it has."""
        return not self.settled and not self._rows_moved and self._total_stays

    def next_request(self) -> PageRequest:
        """Takes the next page to request; only where there is one."""
        request = self._next
        if request is None:
            raise LookupError("no page can be requested now")
        self._in_flight += 1
        self._next = self._planned_after(request.offset) if self._planned_step else None
        return request

    def last_request(self) -> PageRequest | None:
        """The last page by the total; the next page if there is no total; None after a single page."""
        if not self._planned_step:
            return None if self.rows == self.total else self._next
        offset = (self._planned_total - 1) // self._planned_step * self._planned_step
        return PageRequest(min(offset, _MOST_OFFSET), self._planned_step)

    def receive(self, request: PageRequest, page: Page) -> int:
        """Notes a page received; returns its rows.

        Raises:
            EndpointError: the same page was received before.
        """
        rows = page.rows
        if rows:
            if page.digest in self._digests:
                raise EndpointError(REPEATED_PAGE, status=200)
            self._digests.add(page.digest)
        if request.overlap and page.skipped != self._last_record:
            self._rows_moved = True
        self._last_record = page.last if rows else self._last_record
        self._totals_are_page_counts &= page.total == rows + (page.skipped is not None)
        if page.total is not None:
            self.totals.append(page.total)
        self.rows += rows
        self._in_flight -= 1
        self._plan(request, rows)
        return rows

    @property
    def _total_stays(self) -> bool:
        return len(set(self.totals)) == 1

    def _plan(self, request: PageRequest, rows: int) -> None:
        if self._planned_step:
            if request.promised is not None and rows != request.promised:
                self._rows_moved = True
                self._next = None  # the total is wrong, or rows moved: the second pass finds out which
        elif request.offset == 0 and not self.careful and self.total is not None and 0 < rows < self.total:
            self._planned_total, self._planned_step = self.total, rows
            self._next = self._planned_after(0)
        # A total may count only its page, or be too small: the end is certain once another page agrees.
        elif self.careful or not (len(self.totals) > 1 and self._total_stays and self.rows == self.total):
            self._next = self._one_more(request, rows)

    def _planned_after(self, offset: int) -> PageRequest | None:
        """The next page of the plan. One that must be empty comes last, in case the total is too small."""
        step, total = self._planned_step, self._planned_total
        offset += step
        if offset > total:
            return None
        return PageRequest(offset, step, min(step, total - offset) or None)

    def _one_more(self, request: PageRequest, rows: int) -> PageRequest | None:
        """The page after this one; None after a short and an empty page, or after two empty ones."""
        if rows:
            self._last_was_short = rows + request.overlap < request.limit
            if self.careful:
                return PageRequest(self.rows - 1, self.page_size + 1, overlap=True)
        elif request.overlap or self._last_was_short or self._empty_at == request.offset:
            return None
        else:
            self._empty_at = request.offset
        return PageRequest(self.rows, self.page_size)
