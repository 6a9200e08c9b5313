"""How a server can misbehave in paging and on the wire, as a client sees it."""

import json
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox import ENDPOINTS
from sandbox.faults.catalog import FAULTS


def test_every_fault_has_a_docstring():
    assert all(fault.__doc__ and not fault.__doc__.startswith(fault.__name__) for fault in FAULTS.values())


def test_a_limit_can_be_ignored(misbehave, students):
    assert misbehave(ignores_limit={}).get("Student", limit=5, offset=10).json() == students[10:]
    assert misbehave(ignores_limit={"rows": 7}).get("Student", limit=5, offset=10).json() == students[10:17]


def test_an_offset_can_be_ignored(misbehave, students):
    client = misbehave(ignores_offset={})
    assert [client.get("Student", limit=5, offset=n).json() for n in (0, 5, 45)] == [students[:5]] * 3


@pytest.mark.parametrize("once", [True, False])
def test_a_page_can_be_repeated(misbehave, students, once):
    client = misbehave(repeats_page={"page": 2, "once": once})
    pages = [client.get("Student", limit=10, offset=n).json() for n in (10, 20, 30, 20)]
    again = students[20:30] if once else students[10:20]
    assert pages == [students[10:20], students[10:20], students[30:40], again]


@pytest.mark.parametrize("mode", ["once", "always"])
def test_rows_can_be_added_between_pages(misbehave, students, mode):
    client = misbehave(rows_come={"rows": 2, "mode": mode})
    first, second = (client.get("Student", limit=10, offset=n) for n in (0, 10))
    assert first.json() == students[2:12]
    assert second.json() == students[10:20]
    assert [page.headers["X-Total-Count"] for page in (first, second)] == ["48", "50"]
    again = client.get("Student", limit=10, offset=0)
    assert again.json() == (students[:10] if mode == "once" else students[2:12])


@pytest.mark.parametrize("mode", ["once", "always"])
def test_rows_can_be_removed_between_pages(misbehave, students, mode):
    client = misbehave(rows_go={"rows": 2, "mode": mode})
    first, second = (client.get("Student", limit=10, offset=n) for n in (0, 10))
    assert first.json() == students[:10]
    assert second.json() == students[12:22]
    assert [page.headers["X-Total-Count"] for page in (first, second)] == ["50", "48"]
    again = client.get("Student", limit=10, offset=0)
    assert again.json() == (students[2:12] if mode == "once" else students[:10])


@pytest.mark.parametrize(("at", "place"), [("middle", 5), ("edge", 0)])
def test_the_order_can_change_from_page_to_page(misbehave, students, at, place):
    client = misbehave(unstable_order={"at": at})
    for repeated in (1, 2):
        first, second = (client.get("Student", limit=10, offset=n).json() for n in (0, 10))
        expected = students[10:20]
        expected[place] = students[repeated]
        assert (first, second) == (students[:10], expected)


def test_an_endpoint_can_have_a_record_twice(misbehave, students):
    client = misbehave(duplicate_records={"at": 12})
    for _ in range(2):
        pages = [client.get("Student", limit=10, offset=n).json() for n in (0, 10, 20)]
        assert [row for page in pages for row in page].count(students[1]) == 2
        assert pages[1][2] == students[1]


def test_a_total_can_change(misbehave):
    client = misbehave(total_drifts={"by": -3})
    assert [client.get("Student", limit=1).headers["X-Total-Count"] for _ in range(3)] == ["47", "44", "41"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_servers_can_fail_at_first(misbehave, status):
    client = misbehave(server_errors={"status": status, "first": 2})
    assert [client.get("Student").status_code for _ in range(3)] == [status, status, 200]
    assert client.get("School").status_code == status


def test_every_nth_request_can_be_throttled(misbehave):
    client = misbehave(throttles={"every": 3, "seconds": 2})
    answers = [client.get("Student") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 200, 429]
    assert answers[2].headers["Retry-After"] == "2"


def test_retry_after_can_be_a_date_or_missing(misbehave):
    dated = misbehave(throttles={"status": 503, "form": "date", "seconds": 90}).get("Student")
    until = parsedate_to_datetime(dated.headers["Retry-After"]).timestamp()
    assert dated.status_code == 503
    assert 0 < until - time.time() <= 90
    assert "Retry-After" not in misbehave(throttles={"form": "none"}).get("Student").headers


def test_random_faults_are_the_same_with_the_same_seed(serve, small_source):
    def answers(seed):
        client = serve(small_source, faults={"server_errors": {"rate": 0.4}}, seed=seed)
        return [client.get("School").status_code for _ in range(25)]

    first = answers(1)
    assert set(first) == {200, 500}
    assert first == answers(1)
    assert first != answers(2)


def test_connections_can_be_reset(misbehave):
    client = misbehave(resets={"first": 1})
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        client.get("Student")
    assert client.get("Student").status_code == 200
    assert [served.status for served in client.sandbox.log] == [0, 200]


def test_bodies_can_stop_halfway(misbehave):
    client = misbehave(half_bodies={"first": 1})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.get("Student", limit=50)
    assert len(client.get("Student", limit=50).json()) == 50


def test_gzip_can_be_truncated(misbehave):
    client = misbehave(broken_gzip={"first": 1})
    with pytest.raises((requests.exceptions.RequestException, ValueError)):
        client.get("Student", limit=50).json()
    assert len(client.get("Student", limit=50).json()) == 50


def test_gzip_can_have_two_members(misbehave):
    assert len(misbehave(gzip_members={}).get("Student", limit=50).json()) == 50


def test_bytes_can_be_sent_slowly(misbehave):
    client = misbehave(slow_bytes={"pause_seconds": 0.001})
    assert len(client.get("Student", limit=50).json()) == 50


@pytest.mark.parametrize(
    ("kind", "word"), [("expired", "has expired"), ("foreign", "unable to get local issuer")]
)
def test_certificates_can_be_wrong(misbehave, kind, word):
    with pytest.raises(requests.exceptions.SSLError, match=word):
        misbehave(certificate={"kind": kind}).get("Student")


@pytest.mark.parametrize("minutes", [20, -20])
def test_the_servers_clock_can_be_off(misbehave, minutes):
    answer = misbehave(clock_off={"minutes": minutes}).get("Student")
    assert answer.status_code == 401
    ahead = parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()
    assert abs(ahead - minutes * 60) < 30


def test_one_endpoint_can_be_missing(misbehave):
    client = misbehave(not_found={"endpoints": ["UDRegUser"]})
    assert {name: client.get(name).status_code for name in ENDPOINTS} == {
        name: 404 if name == "UDRegUser" else 200 for name in ENDPOINTS
    }


def test_an_html_page_can_have_status_200(misbehave):
    answer = misbehave(html_page={"title": "Down for <maintenance>"}).get("Student")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<title>Down for &lt;maintenance&gt;</title>" in answer.text


@pytest.mark.parametrize(
    ("to", "start"), [("http", "http://localhost:"), ("other host", "https://proxy.example.org/")]
)
def test_a_redirect_can_point_elsewhere(misbehave, to, start):
    answer = misbehave(redirects={"to": to, "status": 307}).get("Student", limit=5)
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith(start)
    assert answer.headers["Location"].endswith("/eSchoolPLUS/Student?limit=5")


def test_faults_work_together(misbehave, students):
    client = misbehave(
        body_shape={"under": "records"},
        byte_order_mark={},
        label_style={"style": "snake_case"},
        server_errors={"every": 2},
    )
    answers = [client.get("Student", limit=50) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 500]
    records = json.loads(answers[0].content.decode("utf-8-sig"))["records"]
    assert [record["student_id"] for record in records] == [record["studentId"] for record in students]
