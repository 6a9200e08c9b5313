"""The paginator, against every kind of server: each row once, and an end after few requests."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.api.page import Page
from extract.api.paging import PageRequest, Paginator
from extract.errors import BrokenError

PARALLEL = 4
WRONG_TOTALS = ("too large", "absurd", "too small")


@dataclass
class Server:
    """Rows 0, 1, 2, ...; capped pages; a right total, or one of six others."""

    rows: int
    cap: int
    total: str
    requests: int = 0

    def page(self, request):
        self.requests += 1
        found = list(range(self.rows))[request.offset : request.offset + min(request.limit, self.cap)]
        total = {
            "missing": None,
            "right": self.rows,
            "drifts": self.rows + self.requests,
            "counts the page": len(found),
            "too large": self.rows + 7,
            "absurd": 999_999_999_999,
            "too small": self.rows // 2,
        }[self.total]
        skipped = found.pop(0) if request.overlap and found else None
        last = found[-1] if found else skipped
        return found, Page(b"", len(found), total, hash(tuple(found)), frozenset(), skipped, last)


def read_all(server, paginator, order, most_requests):
    """Every page, up to PARALLEL of them under way, answered in any order; returns each row's position."""
    under_way, positions = [], {}
    while not paginator.done:
        while paginator.has_request and len(under_way) < PARALLEL:
            under_way.append(paginator.next_request())
        request = under_way.pop(order.randrange(len(under_way)))
        found, page = server.page(request)
        positions |= dict(enumerate(found, request.position))
        paginator.receive(request, page)
        assert server.requests <= most_requests
    return positions


@given(
    rows=st.integers(0, 60),
    cap=st.integers(1, 20),
    page_size=st.integers(1, 20),
    total=st.sampled_from(["missing", "right", "drifts", "counts the page", *WRONG_TOTALS]),
    careful=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_every_row_once_whatever_total_the_server_says(rows, cap, page_size, total, careful, order):
    if careful and min(cap, page_size) == 1:
        cap = page_size = 2  # an overlap of one row needs pages of two
    server, paginator = Server(rows, cap, total), Paginator(page_size, careful=careful)
    positions = read_all(server, paginator, order, most_requests=2 * rows + 12)
    wrong = total in WRONG_TOTALS and not (total == "too small" and rows == 0)
    drifts = total == "drifts" and not careful
    if careful or total not in ("drifts", "too small"):
        assert positions == {row: row for row in range(rows)}
        assert paginator.rows == rows
    assert paginator.settled == (not wrong and not drifts)
    if careful:
        assert paginator.contradicts_total == wrong


@given(st.integers(1, 60), st.integers(1, 20), st.sampled_from(["missing", "right", "drifts"]), st.booleans())
def test_a_server_that_ignores_offset_is_found_out(rows, cap, total, careful):
    class Stuck(Server):
        def page(self, request):
            return super().page(PageRequest(0, request.limit))

    server, paginator = Stuck(rows, cap, total), Paginator(20, careful=careful)
    try:
        while not paginator.done:
            request = paginator.next_request()
            _, page = server.page(request)
            paginator.receive(request, page)
            assert server.requests < 10
    except BrokenError as error:
        assert "ignores offset" in str(error)
    else:
        assert not paginator.settled or paginator.rows == rows


@pytest.mark.parametrize("total", [250, 300, 999_999_999_999])
def test_requests_are_made_when_they_are_needed(total):
    paginator = Paginator(100)
    paginator.receive(paginator.next_request(), Page(b"", 100, total, 1, frozenset()))
    assert paginator.next_request() == PageRequest(100, 100, promised=100)
    assert paginator.last_request().offset == (total - 1) // 100 * 100
