"""What a server may send as a page: read as it came, or refused; never a crash, a loop, or a byte quoted."""

import json

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from extract.api.envelope import whole_number
from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import Page, read_page
from extract.api.sensitive_labels import is_sensitive
from extract.errors import EndpointError
from extract.outcomes import (
    INCOMPLETE_ANSWER,
    NO_RECORDS_IN_ANSWER,
    NOT_JSON,
    NOT_UTF8,
    RECORD_TOO_LARGE,
    TOO_MANY_LABELS,
    TOO_MANY_RECORDS,
    UNREADABLE,
    WEB_PAGE,
)
from tests.extract.test_sensitive_labels import SENSITIVE_LABELS, strip_sensitive
from tests.extract.test_strict_json import knowing_a

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
records = st.lists(st.dictionaries(texts, values, max_size=4), max_size=5)
layouts = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
        "indent": st.sampled_from([None, 1]),
    }
)
spellings = st.sampled_from(SENSITIVE_LABELS)


def written(value, layout):
    return json.dumps(value, **layout).encode()


@given(records, layouts, st.sampled_from(["array", "data", "RECORDS", "student"]), st.booleans())
def test_any_records_in_any_layout_are_kept_byte_for_byte(found, layout, place, mark):
    assume(not _has_sensitive(found))
    array = written(found, layout)
    body = (
        array
        if place == "array"
        else b' {"total": "12", "%s" : %s , "next": null}\n' % (place.encode(), array)
    )
    body = (b"\xef\xbb\xbf" if mark else b"") + body
    ordinary = OrdinaryPages()
    page = read_page(body, "Student", ordinary)
    assert page == read_page(body, "Student", ordinary)
    assert page.rows == len(found)
    assert page.content == array or (not found and page.content == b"[]")
    assert page.total == (None if place == "array" else 12)


@given(
    st.binary(max_size=200)
    | st.tuples(records, layouts, st.integers(0, 400), st.binary(max_size=3)).map(
        lambda made: written(made[0], made[1])[: made[2]] + made[3]
    ),
    st.booleans(),
)
@example(b"[" * 100_000 + b"]" * 100_000, False)
@example(b'{"data":' * 50_000 + b"}" * 50_000, False)
@example(b"[" + b"9" * 10_000 + b"]", False)
@example(b'[{"a":' + b"9" * 10_000 + b"}]", True)
@example(b'["\\u0041', False)
@example(b'[{"\\ud800ssn":1}]', False)
@example(b'[{"ssn":' + b"[" * 5_000 + b"]" * 5_000 + b"}]", False)
@example(b"<html><title>" + b"x" * 10_000, False)
@example(b'[{"' + b"\\u0041" * 50_000 + b'"}]', False)
def test_whatever_comes_is_a_page_or_one_clear_line(body, skip):
    try:
        page = read_page(body, "Student", OrdinaryPages(), skip_first=skip)
    except EndpointError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 400
    else:
        assert isinstance(page, Page)
        assert page.content[:1] + page.content[-1:] == b"[]"
        assert len(page.content) <= max(len(body), 2)


@given(records, layouts, spellings, values, st.integers(0, 10), st.booleans())
def test_a_sensitive_label_is_taken_out_wherever_it_stands_and_nothing_else(
    found, layout, label, secret, place, escaped
):
    found = [*found, {}]
    assume(not _has_sensitive([found, secret]))
    record = list(found[place % len(found)].items())
    record.insert(place % (len(record) + 1), (label, secret))
    marked = [*found]
    marked[place % len(found)] = dict(record)
    text = written(marked, layout)
    if escaped:
        text = text.replace(json.dumps(label).encode(), b'"' + _escaped(label) + b'"')
    cleaned, stripped = strip_sensitive(text)
    assert stripped == {label}
    assert json.dumps(json.loads(cleaned)) == json.dumps(json.loads(written(found, layout)))
    assert strip_sensitive(cleaned) == (cleaned, frozenset())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('[{"a": 1.10,"ssn" : "x" , "b":[1, 2]}]', '[{"a": 1.10, "b":[1, 2]}]'),
        ('[{"ssn":1}]', "[{}]"),
        ('[{"a":{"SSN":{"b":[]},"c":1}}]', '[{"a":{"c":1}}]'),
        ('[{"\\u0053SN":1,"a":"\\u0041"}]', '[{"a":"\\u0041"}]'),
        ('[{"a":1,"ssn":1,"loginId":2}]', '[{"a":1}]'),
        ('[{"a":1,"a":2,"ssn":3,"ssn":4}]', '[{"a":1,"a":2}]'),
    ],
)
def test_what_is_left_stays_byte_for_byte(text, left):
    assert strip_sensitive(text.encode())[0] == left.encode()


@pytest.mark.parametrize(
    "text",
    [
        '[{"session":"ssn\\":"}]',
        '[{"a":"ssn"}]',
        '[{"studentId":"loginId"}]',
        '[{"lessNumber":1}]',
        '[{"a":"\\\\","b":"pin"}]',
        "[]",
    ],
)
def test_what_only_looks_like_one_stays(text):
    assert strip_sensitive(text.encode()) == (text.encode(), frozenset())


def test_a_page_with_more_records_than_any_real_one_is_refused():
    with pytest.raises(EndpointError) as raised:
        read_page(b"[" + b",".join([b'{"a":1}'] * 250_001) + b"]", "Student", knowing_a())
    assert raised.value.outcome is TOO_MANY_RECORDS


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", INCOMPLETE_ANSWER),
        (b"  \n", INCOMPLETE_ANSWER),
        (b'[{"a":1}', INCOMPLETE_ANSWER),
        (b'{"data":[{"a":1}]', INCOMPLETE_ANSWER),
        (b'[{"a":1},]', NOT_JSON),
        (b'[{"a":1}]]', NOT_JSON),
        (b'[{"a":"\xff\xff\xff\xff"}]', NOT_UTF8),
        (b'[{"a":"' + b"x" * 2**19 + b'"}]', RECORD_TOO_LARGE),
        (b'[{"a":1' + b"0" * 10**6 + b"}]", RECORD_TOO_LARGE),
        (json.dumps([{f"a{n}": 1 for n in range(2001)}]).encode(), TOO_MANY_LABELS),
        (json.dumps([{f"a{n}": 1} for n in range(2001)]).encode(), TOO_MANY_LABELS),
        ('[{"a":1}]'.encode("utf-16"), NOT_UTF8),
        (b'<html><TITLE lang="en">\n Log in </TITLE>', WEB_PAGE),
        (b"<html>", WEB_PAGE),
        (b'{"message":"no"}', NO_RECORDS_IN_ANSWER),
        (b'{"data":{"a":1}}', NO_RECORDS_IN_ANSWER),
        (b"[1,2]", NO_RECORDS_IN_ANSWER),
        (b"[null]", NO_RECORDS_IN_ANSWER),
        (b"17", NO_RECORDS_IN_ANSWER),
        (b"[" * 100_000 + b"]" * 100_000, UNREADABLE),
    ],
)
def test_what_is_not_a_page_is_refused_for_what_it_is(body, outcome):
    for ordinary in (OrdinaryPages(), knowing_a()):
        with pytest.raises(EndpointError) as raised:
            read_page(body, "Student", ordinary)
        assert raised.value.outcome is outcome


@pytest.mark.parametrize("body", [b"null", b"[]", b" [ ]\n", b'{"data":null}', b'{"Student":[],"total":0}'])
def test_no_records_are_no_records(body):
    assert read_page(body, "Student", OrdinaryPages()).rows == 0


def test_the_first_record_can_be_left_out():
    page = read_page(b'[ {"a": 1.0} , {"b": 2} ]', "Student", OrdinaryPages(), skip_first=True)
    assert (page.content, page.rows) == (b'[ {"b": 2} ]', 1)
    alone = read_page(b'[{"b": 2}]', "Student", OrdinaryPages())
    assert page.last == alone.last
    assert page.skipped == read_page(b'[{"a":1.0}]', "Student", OrdinaryPages()).last


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", 12),
        (12, 12),
        (" 7 ", 7),
        ("-1", None),
        ("1.5", None),
        (None, None),
        ("9" * 18, int("9" * 18)),
        ("9" * 20, None),
    ],
)
def test_totals(value, number):
    assert whole_number(value) == number


def _escaped(label):
    return "".join(f"\\u{ord(letter):04x}" for letter in label).encode()


def _has_sensitive(value):
    if isinstance(value, dict):
        return any(is_sensitive(label) or _has_sensitive(inner) for label, inner in value.items())
    return isinstance(value, list) and any(map(_has_sensitive, value))
