"""Servers that speak no proper HTTP: one line each, in bounded time and memory, without a word of theirs."""

from dataclasses import replace

import pytest

from extract.outcomes import BY_CODE
from sandbox.faults.answers import answers
from tests.extract.conftest import QUICK

BRIEF = replace(QUICK, attempts=2, page_bytes=2**22)
# What is told of each; most of them are taken for a broken connection.
TOLD = {
    "header_drips": "too_slow",
    "headers_drip": "too_slow",
    "continues_forever": "too_slow",
    "trailers_forever": "too_slow",
    "chunks_forever": "page_too_large",
    "body_without_end": "page_too_large",
    "length_too_short": "incomplete_answer",
    "gzip_bomb": "page_too_large",
    "gzip_of_nothings": "incomplete_answer",
    "gzip_in_name_only": "incomplete_answer",
    "gzip_twice": "unreadable",
    "brotli": "unreadable",
    "redirect_nowhere": "redirected",
    "redirect_to_a_name": "redirected_to_another_host",
    "no_content": "refused_otherwise",
    "part_of_it": "refused_otherwise",
    "another_protocol": "refused_otherwise",
    "status_999": "server_error",
    "strange_date": "credentials_refused",
    "strange_wait": "throttled",
}


@pytest.mark.parametrize("name", answers())
def test_an_answer_that_is_no_proper_http_is_one_line(pull, name):
    outcome = TOLD.get(name, "connection_broken")
    policy = replace(BRIEF, page_seconds=0.5) if outcome == "too_slow" else BRIEF
    pulled = pull(policy=policy, faults={"raw_answer": {"name": name, "endpoints": ["School"]}})
    found = pulled.pulls["School"]
    assert found.outcome == outcome, found.message
    assert found.message.startswith(BY_CODE[outcome].meaning)
    assert "grace" not in found.message.lower()
    if policy is BRIEF:  # on a busy machine, half a second is too little for the other endpoints
        assert {pull.state for pull in pulled.pulls.values() if pull.endpoint != "School"} == {"complete"}


@pytest.mark.parametrize("rows", [10, 100])
def test_an_answer_that_nobody_asked_for_never_answers_the_next_request(pull, every_row_once, rows):
    pulled = pull({"page_size": rows, "connections": 1}, faults={"answers_twice": {}})
    every_row_once(pulled)
    assert {found.retries for found in pulled.pulls.values()} == {0}
