"""Which pages to ask for next: pure bookkeeping, no network.

Offsets step by the rows that came, never by what was asked: a server may cap its pages, or ignore `limit`.

The first pass is quick: once the first page told the total, all others are asked for at once; without a
total, one after another until no more come. Where its rows do not add up, a second pass is careful: one page
after another, each beginning with the record that the one before ended with. As long as that record is the
same, no row came or went in between, whatever the server says of its total.
"""

from dataclasses import dataclass, field

from extract.api.page import Page
from extract.errors import BrokenError


@dataclass(frozen=True)
class Ask:
    """One page to ask for.

    Attributes:
        offset: rows before it.
        limit: rows asked for.
        promised: rows that must come, where the plan stands on it; None where they are counted as they come.
        overlap: it begins with a record that is there already, and is left out.
    """

    offset: int
    limit: int
    promised: int | None = None
    overlap: bool = False

    @property
    def position(self) -> int:
        """The place of its first new row in the pull."""
        return self.offset + self.overlap

    def rows_of(self, page: Page) -> int:
        """The new rows of the page that came: as counted, or as promised."""
        return (self.promised if page.rows is None else page.rows) or 0


@dataclass
class Walk:
    """One pass over one endpoint.

    Attributes:
        page_size: rows to ask for at first.
        careful: the second pass.
        totals: what the server said, in the order it came.
        rows: rows of all pages so far.
    """

    page_size: int
    careful: bool = False
    totals: list[int] = field(default_factory=list)
    rows: int = 0
    _digests: set[int] = field(default_factory=set)
    _open: int = 1
    _planned: bool = False
    _moved: bool = False
    _last_record: int | None = None
    _last_was_short: bool = False
    _empty_at: int | None = None
    _totals_are_page_counts: bool = True

    def start(self) -> Ask:
        """The first page to ask for."""
        return Ask(0, self.page_size)

    @property
    def done(self) -> bool:
        """Whether every page of the pass has come."""
        return self._open == 0

    @property
    def total(self) -> int | None:
        """The server's last word on how many rows there are."""
        return self.totals[-1] if self.totals else None

    @property
    def settled(self) -> bool:
        """Whether the rows that came are all the rows there are, each once."""
        if self._moved:
            return False
        if self.total is None or (self._totals_are_page_counts and len(self.totals) > 1):
            return True
        if self._total_stays:
            return self.rows == self.total
        return self.careful

    def took(self, ask: Ask, page: Page) -> list[Ask]:
        """Notes a page that came, and says which to ask for next.

        Raises:
            BrokenError: the same page came before.
        """
        rows = ask.rows_of(page)
        if rows:
            if page.digest in self._digests:
                raise BrokenError(
                    "the server sent the same page twice: it ignores offset, or repeats pages. Open a case "
                    "with PowerSchool support: paging by limit and offset does not work on this endpoint",
                    200,
                )
            self._digests.add(page.digest)
        if ask.overlap and page.skipped != self._last_record:
            self._moved = True
        self._last_record = page.last if rows else self._last_record
        self._totals_are_page_counts &= page.total == rows + (page.skipped is not None)
        if page.total is not None:
            self.totals.append(page.total)
        self.rows += rows
        asks = self._next(ask, rows)
        self._open += len(asks) - 1
        return asks

    @property
    def _total_stays(self) -> bool:
        return len(set(self.totals)) == 1

    def _next(self, ask: Ask, rows: int) -> list[Ask]:
        if self._planned:
            return []
        if ask.offset == 0 and not self.careful and self.total is not None and 0 < rows < self.total:
            return self._all_others(rows, self.total)
        # A page alone may tell its own rows as the total: the end is certain once two agree.
        if len(self.totals) > 1 and self._total_stays and self.rows == self.total:
            return []
        return self._one_more(ask, rows)

    def _all_others(self, step: int, total: int) -> list[Ask]:
        """Every page but the first. Landing holds their rows against what the total promises."""
        self._planned = True
        return [Ask(offset, step, min(step, total - offset)) for offset in range(step, total, step)]

    def _one_more(self, ask: Ask, rows: int) -> list[Ask]:
        """The page after this one; none after a short and an empty page, or after two empty ones."""
        if rows:
            self._last_was_short = rows + ask.overlap < ask.limit
            if self.careful:
                return [Ask(self.rows - 1, self.page_size + 1, overlap=True)]
        elif ask.overlap or self._last_was_short or self._empty_at == ask.offset:
            return []
        else:
            self._empty_at = ask.offset
        return [Ask(self.rows, self.page_size)]
