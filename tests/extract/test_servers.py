"""Every server there is, as far as its pages go: each row arrives once, or the pull says why not."""

import json
import re

import pytest

from district.endpoints import ENDPOINTS
from sandbox import Profile
from sandbox.faults.bodies import SensitiveLabels

NAMES = [endpoint.name for endpoint in ENDPOINTS]


@pytest.mark.parametrize("total", ["header", "body", "nowhere"])
@pytest.mark.parametrize("page_cap", [5000, 37, 1])
def test_every_row_arrives_once_wherever_the_total_is_and_however_pages_are_capped(
    pull, every_row_once, total, page_cap
):
    if page_cap == 1:  # one request a row: a few rows show it
        pull.source = _first_rows(pull.source, 12)
    every_row_once(pull(total=total, page_cap=page_cap))


@pytest.mark.parametrize("total", ["header", "nowhere"])
@pytest.mark.parametrize("rows", [10**9, 40])
def test_a_server_that_ignores_limit_gives_every_row_once(pull, every_row_once, total, rows):
    every_row_once(pull(total=total, faults={"ignores_limit": {"rows": rows}}))


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("total", ["header", "body"])
def test_a_total_that_drifts_costs_a_second_pass_and_no_row(pull, every_row_once, by, total):
    pulled = pull(total=total, faults={"total_drifts": {"by": by, "endpoints": ["StudentContact"]}})
    every_row_once(pulled)
    assert pulled.pulls["StudentContact"].passes == 2


@pytest.mark.parametrize("total", ["header", "body"])
@pytest.mark.parametrize("says", [999_999_999_999, 10**17, "a little more", "half", "one page", 0])
def test_a_total_that_the_rows_contradict_is_found_at_once(pull, total, says):
    rows = len(pull.lines("StudentContact"))
    says = {"a little more": rows + 3, "half": rows // 2, "one page": 100}.get(says, says)
    pulled = pull(total=total, faults={"false_total": {"says": says, "endpoints": ["StudentContact"]}})
    found = pulled.pulls["StudentContact"]
    assert (found.state, found.reported_total, found.rows) == ("unreconciled", says, rows)
    assert found.outcome == "total_contradicted"
    assert pulled.records("StudentContact") == pull.lines("StudentContact")
    requests = sum(served.endpoint == "StudentContact" for served in pull.box.log)
    assert requests <= 2 * (rows // 100 + 2) + 8
    assert {state for name, state in pulled.states().items() if name != "StudentContact"} == {"complete"}


@pytest.mark.parametrize("total", ["header", "body"])
@pytest.mark.parametrize("says", [-1, -(10**12), 10**30])
def test_a_total_that_is_no_number_of_records_counts_as_none(pull, every_row_once, total, says):
    pulled = pull(total=total, faults={"false_total": {"says": says}})
    every_row_once(pulled)
    assert {found.reported_total for found in pulled.pulls.values()} == {None}


@pytest.mark.parametrize("total", ["header", "nowhere"])
@pytest.mark.parametrize("fault", [{"ignores_offset": {}}, {"repeats_page": {"page": 1}}])
def test_a_page_seen_twice_is_an_error_and_not_a_loop(pull, total, fault):
    pulled = pull(total=total, faults=fault)
    found = pulled.pulls["StudentContact"]
    assert (found.state, found.outcome) == ("broken", "repeated_page")
    assert pulled.records("StudentContact") == []
    assert len(pull.box.log) < 100


@pytest.mark.parametrize("fault", ["rows_come", "rows_go"])
def test_rows_that_move_once_are_settled_by_a_second_pass(pull, every_row_once, fault):
    pulled = pull(faults={fault: {"rows": 3, "mode": "once", "endpoints": ["Student", "StudentContact"]}})
    if fault == "rows_come":
        every_row_once(pulled)
    found = pulled.pulls["StudentContact"]
    assert (found.state, found.passes) == ("complete", 2)
    assert found.rows == found.reported_total == len(set(pulled.records("StudentContact")))


@pytest.mark.parametrize("fault", ["rows_come", "rows_go"])
def test_rows_that_never_stop_moving_are_unreconciled(pull, fault):
    pulled = pull(faults={fault: {"rows": 3, "mode": "always", "endpoints": ["StudentContact"]}})
    found = pulled.pulls["StudentContact"]
    assert (found.state, found.passes, found.outcome) == ("unreconciled", 2, "records_changed")
    assert len(pulled.records("StudentContact")) == found.rows
    assert {state for name, state in pulled.states().items() if name != "StudentContact"} == {"complete"}


@pytest.mark.parametrize("case", ["as is", "lower", "upper"])
@pytest.mark.parametrize("under", ["data", "records", "endpoint"])
def test_the_array_may_stand_under_a_label(pull, every_row_once, under, case):
    every_row_once(pull(faults={"body_shape": {"under": under, "case": case}}))


@pytest.mark.parametrize("total", ["header", "body", "nowhere"])
def test_a_byte_order_mark_and_null_for_no_records_change_nothing(pull, every_row_once, total):
    every_row_once(pull(total=total, faults={"byte_order_mark": {}, "null_page": {}}))


def test_gzip_in_two_members_is_read_to_its_end(pull, every_row_once):
    every_row_once(pull(faults={"gzip_members": {}}))


def test_nested_and_non_ascii_values_land_as_they_came(pull):
    pulled = pull(faults={"nested_values": {}})
    for record in pulled.records("Student"):
        assert 'ünï, \\"quoted\\"'.encode() in record
        assert b'{"deep": [true, 1.5]}' in record


def test_another_code_page_now_and_then_costs_a_second_request_and_no_row(pull):
    faults = {"nested_values": {}, "windows_1252": {"every": 4, "endpoints": ["StudentContact"]}}
    pulled = pull({"page_size": 20}, faults=faults)
    found = pulled.pulls["StudentContact"]
    assert (found.state, found.passes, found.retries > 0) == ("complete", 1, True)
    assert len(pulled.records("StudentContact")) == len(pull.lines("StudentContact"))
    assert all('"ünï, '.encode() in record for record in pulled.records("StudentContact"))


def test_labels_nobody_should_hold_never_land(pull, tmp_path):
    canary = "CANARY-900-00-0000"
    pulled = pull(faults={"sensitive_labels": {"endpoints": ["Student", "Contact"], "value": canary}})
    assert pulled.pulls["Student"].stripped_labels == sorted(SensitiveLabels().labels)
    assert pulled.pulls["School"].stripped_labels == []
    assert [json.loads(record) for record in pulled.records("Student")] == [
        json.loads(line) for line in pull.lines("Student")
    ]
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or canary.encode() not in path.read_bytes()


def test_the_asked_page_size_and_connections_are_never_exceeded(pull, every_row_once):
    every_row_once(pull({"page_size": 30, "connections": 1}))
    assert {served.limit for served in pull.box.log} == {30}


def test_one_endpoint_not_subscribed_leaves_the_others_whole(pull):
    pulled = pull(profile=Profile.without("Contact"))
    states = pulled.states()
    assert states.pop("Contact") == "refused"
    assert set(states.values()) == {"complete"}
    assert pulled.pulls["Contact"].fix[1] == "Under Subscriptions, check 'Get eSchoolPLUS/Contact (v1)'."


def test_progress_tells_rows_and_ends_with_each_state(pull):
    pulled = pull()
    for name in NAMES:
        of_this = [told for told in pulled.told if told.endpoint == name]
        assert of_this[-1].state == "complete"
        assert of_this[-1].rows == pulled.pulls[name].rows
        assert [told.rows for told in of_this] == sorted(told.rows for told in of_this)


def test_two_runs_lie_side_by_side(pull, every_row_once):
    first, second = pull(), pull()
    every_row_once(first)
    every_row_once(second)
    assert re.fullmatch(r"\d{8}T\d{9}Z", first.run_id)
    assert first.run_id < second.run_id


def _first_rows(source, rows):
    class Few:
        def count(self, endpoint, profile):
            return min(rows, source.count(endpoint, profile))

        def lines(self, endpoint, offset, limit, profile):
            return source.lines(endpoint, offset, min(limit, max(0, rows - offset)), profile)

    return Few()


def test_what_can_not_be_read_is_replaced_and_counted_and_the_record_is_landed(pull):
    faults = {
        "odd_value": {"at": 30, "value": b'"\xf1 \\u0000 \\ud83d\\ude00 \\ud83d"', "endpoints": ["Student"]}
    }
    pulled = pull({"page_size": 20}, faults=faults)
    found = pulled.pulls["Student"]
    assert (found.state, found.rows, found.passes) == ("complete", 60, 1)
    assert (found.replaced_characters, "3 characters" in found.message) == (3, True)
    records = pulled.records("Student")
    assert json.loads(records[30])["note"] == "\ufffd \ufffd \N{GRINNING FACE} \ufffd"
    assert records[:30] + records[31:] == [*pull.lines("Student")[:30], *pull.lines("Student")[31:]]
    assert {other.replaced_characters for name, other in pulled.pulls.items() if name != "Student"} == {0}


# Each of them was landed when it was not on the first page.
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"odd_value": {"value": "NaN"}}, "not_json"),
        ({"odd_value": {"value": "[1,]"}}, "not_json"),
        ({"odd_value": {"value": '{"a":', "times": 100_000, "closing": "}"}}, "unreadable"),
        ({"odd_value": {"value": "[", "times": 100_000, "closing": "]"}}, "unreadable"),
        ({"odd_value": {"value": "9", "times": 10**6}}, "record_too_large"),
        ({"many_labels": {"labels": 2_001}}, "too_many_labels"),
        ({"many_labels": {"labels": 40, "each": True}}, "too_many_labels"),
    ],
    ids=str,
)
def test_what_is_no_record_of_a_person_is_refused_on_any_page(pull, fault, outcome):
    ((name, parameters),) = fault.items()
    pulled = pull({"page_size": 20}, faults={name: {"at": 50, "endpoints": ["Student"], **parameters}})
    found = pulled.pulls["Student"]
    assert (found.state, found.outcome, found.rows) == ("broken", outcome, 0)
    assert pulled.records("Student") == []
    assert {state for name, state in pulled.states().items() if name != "Student"} == {"complete"}
