"""Servers that send other rows than requested."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal

from sandbox.faults.fault import Fault
from sandbox.server.messages import Call, Window


@dataclass(kw_only=True)
class IgnoresLimit(Fault):
    """Pages have `rows` records, whatever the limit; by default, all records from the offset on."""

    rows: int = 10**9

    def window(self, call: Call, window: Window) -> Window:
        """See `Fault`."""
        return replace(window, limit=self.rows)


@dataclass(kw_only=True)
class IgnoresOffset(Fault):
    """Every page is the first page."""

    def window(self, call: Call, window: Window) -> Window:
        """See `Fault`."""
        return replace(window, offset=0)


@dataclass(kw_only=True)
class RepeatsPage(Fault):
    """A page repeats the records of the page before it.

    Attributes:
        page: the index of this page; 1 is the second page.
        once: only the first time it is requested.
    """

    page: int = 1
    once: bool = False
    _repeated: set[str] = field(default_factory=set, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def window(self, call: Call, window: Window) -> Window:
        """See `Fault`."""
        if window.limit == 0 or window.offset // window.limit != self.page:
            return window
        with self._lock:
            if self.once and call.endpoint in self._repeated:
                return window
            self._repeated.add(call.endpoint)
        return replace(window, offset=window.offset - window.limit)


@dataclass(kw_only=True)
class _RowsChange(Fault):
    """The first `rows` records exist only before, or only after, the first page is served.

    Attributes:
        mode: `once` changes the rows in the first pass only, `always` in every pass.
    """

    rows: int = 1
    mode: Literal["once", "always"] = "once"
    _settled: set[str] = field(default_factory=set, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def _is_later(self, call: Call) -> bool:
        """Whether the rows have changed by now: they do so between the first page and the next one."""
        with self._lock:
            if call.offset > 0:
                self._settled.add(call.endpoint)
            return call.offset > 0 or (self.mode == "once" and call.endpoint in self._settled)


@dataclass(kw_only=True)
class RowsCome(_RowsChange):
    """Records are added at the front after the first page, so its last rows are sent a second time."""

    def window(self, call: Call, window: Window) -> Window:
        """See `Fault`."""
        return window if self._is_later(call) else replace(window, hidden=self.rows)


@dataclass(kw_only=True)
class RowsGo(_RowsChange):
    """Records are removed at the front after the first page, so as many rows are never sent."""

    def window(self, call: Call, window: Window) -> Window:
        """See `Fault`."""
        return replace(window, hidden=self.rows) if self._is_later(call) else window


@dataclass(kw_only=True)
class _RepeatsRecords(Fault):
    """The second and later pages hold a record of the first page in place of one of their own."""

    _first_page: dict[str, list[bytes]] = field(default_factory=dict, init=False, repr=False)
    _passes: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def lines(self, call: Call, lines: list[bytes]) -> list[bytes]:
        """See `Fault`."""
        with self._lock:
            if call.offset == 0:
                self._first_page[call.endpoint] = lines
                self._passes[call.endpoint] += 1
                return lines
            first_page, passes = self._first_page.get(call.endpoint, []), self._passes[call.endpoint]
        place = self._place(call, lines)
        if not first_page or not 0 <= place < len(lines):
            return lines
        repeated = first_page[self._index(passes) % len(first_page)]
        return [*lines[:place], repeated, *lines[place + 1 :]]

    def _index(self, passes: int) -> int:
        """Which record of the first page is repeated."""
        raise NotImplementedError

    def _place(self, call: Call, lines: list[bytes]) -> int:
        """The place, in this page, of the record that is left out."""
        raise NotImplementedError


@dataclass(kw_only=True)
class UnstableOrder(_RepeatsRecords):
    """The order changes from page to page: records are repeated and left out, not the same in each pass.

    Attributes:
        at: where in a page: in its middle, or at its edge, where two pages that overlap show it.
    """

    at: Literal["middle", "edge"] = "middle"

    def _index(self, passes: int) -> int:
        return passes

    def _place(self, call: Call, lines: list[bytes]) -> int:
        if len(lines) < 3:
            return -1
        return 0 if self.at == "edge" else len(lines) // 2


@dataclass(kw_only=True)
class DuplicateRecords(_RepeatsRecords):
    """The endpoint has its second record once more, in every pass, in place of a later record.

    Attributes:
        at: the index of that later record.
    """

    at: int = 150

    def _index(self, passes: int) -> int:
        return 1

    def _place(self, call: Call, lines: list[bytes]) -> int:
        return self.at - call.offset


@dataclass(kw_only=True)
class TotalDrifts(Fault):
    """The total changes by `by` with each request, while the rows stay the same."""

    by: int = 1
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _drift: int = field(default=0, init=False, repr=False)

    def total(self, call: Call, total: int) -> int:
        """See `Fault`."""
        with self._lock:
            self._drift += self.by
            return max(total + self._drift, 0)


@dataclass(kw_only=True)
class FalseTotal(Fault):
    """The server says that it has `says` records, however many it has."""

    says: int = 999_999_999_999

    def total(self, call: Call, total: int) -> int:
        """See `Fault`."""
        return self.says
