"""Which pages to ask for next: pure bookkeeping, no network.

Offsets step by the rows that came, never by what was asked: a server may cap its pages, or ignore `limit`.
Once the first page told the total, all other pages are asked for at once; without a total, one after another.
"""

from dataclasses import dataclass, field

from extract.errors import BrokenError


@dataclass(frozen=True)
class Ask:
    """One page to ask for.

    Attributes:
        offset: rows before it.
        limit: rows asked for.
        promised: rows that must come, where the plan stands on it; None where they are counted as they come.
    """

    offset: int
    limit: int
    promised: int | None = None


@dataclass
class Walk:
    """One pass over one endpoint.

    Attributes:
        page_size: rows to ask for at first.
        steadily: one page after another, each counted, even where the total is known.
        totals: what the server said, in the order it came.
        pages: digest of each page with rows, by offset.
        rows: rows of all pages so far.
    """

    page_size: int
    steadily: bool = False
    totals: list[int] = field(default_factory=list)
    pages: dict[int, int] = field(default_factory=dict)
    rows: int = 0
    _open: int = 1
    _planned: bool = False
    _empty_at: int | None = None
    _last_was_short: bool = False
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

    def took(self, ask: Ask, rows: int, total: int | None, digest: int) -> list[Ask]:
        """Notes a page that came, and says which to ask for next.

        Args:
            ask: what was asked for.
            rows: the rows that came, or were promised.
            total: the server's total, as this answer told it.
            digest: names the page's content.

        Raises:
            BrokenError: the same page came before.
        """
        if rows:
            if digest in self.pages.values():
                raise BrokenError(
                    "the server sent the same page twice: it ignores offset, or repeats pages. Open a "
                    "case with "
                    "PowerSchool support: paging by limit and offset does not work on this endpoint",
                    200,
                )
            self.pages[ask.offset] = digest
        self.rows += rows
        self._open -= 1
        if total is not None:
            self.totals.append(total)
        self._totals_are_page_counts &= total == rows
        asks = self._next(ask, rows)
        self._open += len(asks)
        return asks

    def settled(self, before: "Walk | None") -> bool:
        """Whether the rows that came are all the rows there are.

        Args:
            before: the pass before this one. Where both brought the very same pages, it is only the server's
                total that wavers, not its rows.
        """
        if self.total is None or (self._totals_are_page_counts and len(self.pages) > 1):
            return True
        if len(set(self.totals)) == 1:
            return self.rows == self.total
        return (
            before is not None
            and before.pages == self.pages
            and min(self.totals) <= self.rows <= max(self.totals)
        )

    def _next(self, ask: Ask, rows: int) -> list[Ask]:
        if ask.promised is not None:
            return []
        if ask.offset == 0 and not self.steadily and self.total is not None and 0 < rows < self.total:
            return self._all_others(rows, self.total)
        if self._planned and ask.offset > 0:
            return []
        return self._one_more(ask, rows)

    def _all_others(self, step: int, total: int) -> list[Ask]:
        """Every page but the first; the last is counted, so that a total a little off is seen at once."""
        self._planned = True
        offsets = range(step, total, step)
        return [Ask(offset, step, step if offset + step < total else None) for offset in offsets]

    def _one_more(self, ask: Ask, rows: int) -> list[Ask]:
        offset = ask.offset + rows
        limit = self.page_size
        if rows:
            self._last_was_short = rows < ask.limit
            several_agree = len(self.totals) > 1 and len(set(self.totals)) == 1
            if several_agree and offset == self.total:
                return []
            return [Ask(offset, limit)]
        if self._last_was_short or self._empty_at == offset:
            return []
        self._empty_at = offset
        return [Ask(offset, limit)]
