r"""Whether a value is JSON: the same answer for the first page, which is read by record, and for later ones.

Every case stands where a value stands in the second of three records.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import read_page
from extract.errors import EndpointError
from extract.outcomes import NOT_JSON, UNREADABLE

NOT_VALUES = [
    "NaN", "nan", "-NaN", "Infinity", "-Infinity", "inf", "-INF", "[1,]", '{"b":1,}', "[NaN]", "[,1]", "1,",
    "01", "-01", "+1", "1.", ".5", "-", "1e", "0x1F", "1 2", "1_000", "'b'", "b", "True", "NULL", "undefined",
    "/* c */ 1", "1 // c", "1 # c", r'"\x41"', r'"\u12"', r'"\uD8"', r'"\u 123"', '"a\tb"', '"a\nb"',
    '"a\0b"', r'"\"', '"', "[", "{", "]", '{"b"}', '{"b":}', "{b:1}", '{"b" 1}', "{1:2}", "[1 2]",
    "[1", '["a","b"', "*", "", '1},{"a":', "1}{",
]  # fmt: skip

VALUES = [
    '""', r'"\\"', r'"\"}"', r'"\/\b\f\n\r\t"', r'"\u00e9\u4E00\ud7ff\ue000\uffff"', r'"\ud83d\uDE00"', '"{"',
    '"NaN, [1,]"', '"}"', '"],"', "0", "-0", "1.10", "1E-2", "-0.1e+9", "9" * 500, "true", "null", "[]", "{}",
    '[1,[2,{"b":[]}]]', '{"b":1,"b":2}', " \t\r\n1 ", '"\x7fé€😀"',
]  # fmt: skip

REPLACED = [
    (rb"a\u0000b", rb"a\ufffdb"),
    (rb"\ud800", rb"\ufffd"),
    (rb"\uDFFF\ud83d\ude00", rb"\ufffd\ud83d\ude00"),
    (rb"\ud800\u0041", rb"\ufffd\u0041"),
    (b"Mu\xf1oz", "Mu\ufffdoz".encode()),
    (b"cut off: \xc3", "cut off: \ufffd".encode()),
]


def knowing_a():
    """Knows that records have the label `a`."""
    ordinary = OrdinaryPages()
    read_page(b'[{"a":0}]', "Student", ordinary)
    assert ordinary.rows(b'[{"a":0}]') == 1
    return ordinary


def read(body, ordinary):
    """The page, or the outcome that says why there is none."""
    try:
        return read_page(body, "Student", ordinary)
    except EndpointError as error:
        return error.outcome


@pytest.mark.parametrize("ordinary", [OrdinaryPages, knowing_a])
@pytest.mark.parametrize("value", NOT_VALUES)
def test_what_json_does_not_allow_is_refused_on_every_page(value, ordinary):
    assert read(b'[{"a":1},{"a":%s},{"a":2}]' % value.encode(), ordinary()) is NOT_JSON


@pytest.mark.parametrize("ordinary", [OrdinaryPages, knowing_a])
@pytest.mark.parametrize("value", VALUES)
def test_what_json_allows_is_kept_byte_for_byte_on_every_page(value, ordinary):
    body = b'[{"a":1},{"a":%s},{"a":2}]' % value.encode()
    page = read(body, ordinary())
    assert (page.content, page.rows, page.replaced) == (body, 3, 0)


@pytest.mark.parametrize("ordinary", [OrdinaryPages, knowing_a])
@pytest.mark.parametrize(("received", "landed"), REPLACED)
def test_a_character_that_can_not_be_read_is_replaced_and_counted(received, landed, ordinary):
    page = read(b'[{"a": 1.10},{"a":"%s"}]' % received, ordinary())
    assert (page.content, page.replaced) == (b'[{"a": 1.10},{"a":"%s"}]' % landed, 1)


@pytest.mark.parametrize("ordinary", [OrdinaryPages, knowing_a])
@pytest.mark.parametrize("nested", [b'{"a":' * 100_000 + b"}" * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_what_is_nested_too_deeply_is_refused_on_every_page(nested, ordinary):
    assert read(b'[{"a":1},{"a":%s}]' % nested, ordinary()) is UNREADABLE


def test_an_escaped_backslash_begins_no_escape():
    body = rb'[{"a":"\\u0000 \\\\ud800"}]'
    assert read(body, OrdinaryPages()).content == body


PIECES = [b'[{"a":', b'"a":', b'"a"', b"1", b"NaN", b",", b"}", b"]", b"{", b'"', b"\\", b" ", b"}]", b"\xff"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_page_of_known_labels_is_read_as_any_other(parts):
    body = b"".join([b'[{"a":', *parts, b"}]"])
    assert read(body, knowing_a()) == read(body, OrdinaryPages())
