"""Keys on two pages: the server's own duplicates, a shift during the pull, or an order that changes."""

import json

import pytest

from sandbox import Profile
from tests.extract.conftest import Puller

KEYS = {
    "Student": ["studentId"],
    "ContactPhone": ["contactId", "phoneType"],
    "StudentContact": ["studentId", "contactId", "contactType"],
}


class Edited:
    """A source whose lines are edited."""

    def __init__(self, source, **edits):
        self.edited = {
            name: edit([json.loads(line) for line in source.lines(name, 0, 10**9, Profile())])
            for name, edit in edits.items()
        }
        self.source = source

    def count(self, endpoint, profile):
        return len(self.lines(endpoint, 0, 10**9, profile))

    def lines(self, endpoint, offset, limit, profile):
        if endpoint in self.edited:
            return [json.dumps(record).encode() for record in self.edited[endpoint][offset : offset + limit]]
        return self.source.lines(endpoint, offset, limit, profile)


def ended(pulled, endpoint):
    found = pulled.pulls[endpoint]
    return found.state, found.outcome, found.passes


def others(pulled, endpoint):
    return {(found.outcome, found.passes) for name, found in pulled.pulls.items() if name != endpoint}


@pytest.mark.parametrize("total", ["header", "nowhere"])
@pytest.mark.parametrize("at", ["middle", "edge"])
def test_an_order_that_changes_from_page_to_page_is_found_although_the_total_matches(pull, at, total):
    faults = {"unstable_order": {"at": at, "endpoints": ["StudentContact"]}}
    pulled = pull(total=total, faults=faults)
    assert ended(pulled, "StudentContact") == ("unreconciled", "order_unstable", 2)
    assert others(pulled, "StudentContact") == {("complete", 1)}
    assert pulled.pulls["StudentContact"].message.endswith("keys were received on two pages)")
    assert "SQL_ORDER_BY" in pulled.pulls["StudentContact"].fix[0]
    assert pulled.pulls["StudentContact"].fix[0].startswith("PowerSchool support: ")


@pytest.mark.parametrize("total", ["header", "body", "nowhere"])
@pytest.mark.parametrize("page_cap", [5000, 37])
def test_the_servers_own_duplicates_are_complete(pull, total, page_cap):
    faults = {"duplicate_records": {"endpoints": ["StudentContact"]}}
    pulled = pull(total=total, page_cap=page_cap, faults=faults)
    assert ended(pulled, "StudentContact") == ("complete", "complete_with_duplicates", 2)
    assert others(pulled, "StudentContact") == {("complete", 1)}
    records = pulled.records("StudentContact")
    assert len(records) == len(pull.lines("StudentContact")) == len(set(records)) + 1
    assert pulled.pulls["StudentContact"].fix == []


@pytest.mark.parametrize("style", ["UPPER_SNAKE", "lowercase"])
@pytest.mark.parametrize("endpoint", KEYS)
def test_keys_are_compared_and_not_records_however_the_labels_are_spelled(
    small_source, tmp_path, endpoint, style
):
    def with_an_older_copy(records):
        older = records[3] | {"changeDateTime": "2001-01-01T00:00:00"}
        same_but_for_one_label = [
            records[4] | {label: "Z9" if label == "contactType" else 99999} for label in KEYS[endpoint]
        ]
        return [*records, older, *same_but_for_one_label]

    pull = Puller(Edited(small_source, **{endpoint: with_an_older_copy}), tmp_path / "small")
    pulled = pull({"page_size": 20}, faults={"label_style": {"style": style}})
    assert ended(pulled, endpoint) == ("complete", "complete_with_duplicates", 2)
    assert others(pulled, endpoint) == {("complete", 1)}


def test_a_districts_own_label_is_a_key_too(small_source, tmp_path):
    def renamed(records):
        records = [{"pupil/no": record.pop("studentId"), **record} for record in records]
        return [*records, records[0] | {"grade": "12"}]

    pull = Puller(Edited(small_source, Student=renamed), tmp_path / "small")
    settings = {"page_size": 20, "label_synonyms": {"Student.student_id": ["pupil/no"]}}
    assert ended(pull(settings), "Student") == ("complete", "complete_with_duplicates", 2)


def test_duplicates_on_one_page_need_no_second_pass(small_source, tmp_path):
    pull = Puller(Edited(small_source, Student=lambda records: [records[0], *records]), tmp_path / "small")
    assert ended(pull({"page_size": 30}), "Student") == ("complete", "complete", 1)


def test_duplicates_beside_the_end_of_a_page_are_the_servers_own_wherever_pages_end(small_source, tmp_path):
    """The passes end their pages at different records where the server caps them."""

    def repeated(records):
        return [record for record in records for _ in range(2)]

    pull = Puller(Edited(small_source, Student=repeated), tmp_path / "small")
    state, outcome, passes = ended(pull(page_cap=7), "Student")
    assert (state, passes) == ("complete", 2)
    assert outcome in ("complete_with_duplicates", "complete_after_second_pass")


def test_a_students_rows_of_district_defined_fields_are_no_duplicates(small_source, tmp_path):
    def rows(numbered):
        return lambda records: [
            record
            | ({"SCREEN_NUMBER": 10165, "LIST_SEQUENCE": number} if numbered else {"hobby": f"h{number}"})
            for number in (1, 2, 3)
            for record in records
        ]

    for numbered in (True, False):
        folder = tmp_path / str(numbered)
        pull = Puller(Edited(small_source, UDRegUser=rows(numbered)), folder)
        assert ended(pull({"page_size": 50}), "UDRegUser") == ("complete", "complete", 1)
        pull.source.edited["UDRegUser"].append(dict(pull.source.edited["UDRegUser"][0]))
        assert ended(pull({"page_size": 50}), "UDRegUser") == ("complete", "complete_with_duplicates", 2)


def test_records_added_during_a_pull_without_a_total_cost_a_second_pass_and_no_record(pull, every_row_once):
    faults = {"rows_come": {"rows": 3, "mode": "once", "endpoints": ["StudentContact"]}}
    pulled = pull(total="nowhere", faults=faults)
    every_row_once(pulled)
    assert ended(pulled, "StudentContact") == ("complete", "complete_after_second_pass", 2)


def test_own_duplicates_after_a_pass_that_did_not_match_are_confirmed_by_a_third(pull):
    faults = {
        "duplicate_records": {"endpoints": ["StudentContact"]},
        "rows_come": {"rows": 3, "mode": "once", "endpoints": ["StudentContact"]},
    }
    pulled = pull(faults=faults)
    assert ended(pulled, "StudentContact") == ("complete", "complete_with_duplicates", 3)
