"""The walk over pages, against servers of every temper: each row once, and an end in bounded steps."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from extract.api.page import Page
from extract.api.paging import Walk
from extract.errors import BrokenError


@dataclass
class Server:
    """Rows 0, 1, 2, ...; capped pages; a total that is told, drifts, counts the page, or is missing."""

    rows: int
    cap: int
    total: str
    asked: int = 0

    def page(self, ask):
        self.asked += 1
        found = list(range(self.rows))[ask.offset : ask.offset + min(ask.limit, self.cap)]
        total = {
            "missing": None,
            "told": self.rows,
            "drifts": self.rows + self.asked,
            "counts the page": len(found),
            "too large": self.rows + 7,
        }[self.total]
        skipped = found.pop(0) if ask.overlap and found else None
        last = found[-1] if found else skipped
        return found, Page(b"", len(found), total, hash(tuple(found)), frozenset(), skipped, last)


@given(
    rows=st.integers(0, 60),
    cap=st.integers(1, 20),
    page_size=st.integers(1, 20),
    total=st.sampled_from(["missing", "told", "drifts", "counts the page", "too large"]),
    careful=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_every_row_once_whatever_the_server_tells(rows, cap, page_size, total, careful, order):
    if careful and min(cap, page_size) == 1:
        cap = page_size = 2  # an overlap of one row needs pages of two
    server, walk = Server(rows, cap, total), Walk(page_size, careful=careful)
    asks, places = [walk.start()], {}
    while asks:
        ask = asks.pop(order.randrange(len(asks)))
        found, page = server.page(ask)
        places |= dict(enumerate(found, ask.position))
        asks += walk.took(ask, page)
        assert server.asked <= 2 * rows + 12
    assert walk.done
    if not (total == "drifts" and not careful):
        assert places == {row: row for row in range(rows)}
        assert walk.rows == rows
    assert walk.settled == (total != "too large" and not (total == "drifts" and not careful))


@given(st.integers(1, 60), st.integers(1, 20), st.sampled_from(["missing", "told", "drifts"]), st.booleans())
def test_a_server_that_ignores_offset_is_found_out(rows, cap, total, careful):
    class Stuck(Server):
        def page(self, ask):
            found, page = super().page(type(ask)(0, ask.limit))
            return found, page

    server, walk = Stuck(rows, cap, total), Walk(20, careful=careful)
    asks = [walk.start()]
    try:
        while asks:
            _, page = server.page(ask := asks.pop())
            asks += walk.took(ask, page)
            assert server.asked < 10
    except BrokenError as error:
        assert "ignores offset" in str(error)
    else:
        assert not walk.settled or walk.rows == rows
