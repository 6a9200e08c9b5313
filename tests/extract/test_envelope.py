"""Records inside an object: read under any label, and refused where it is not clear which list they are."""

import pytest

from district.endpoints import ENDPOINTS
from extract.api.ordinary_pages import OrdinaryPages
from extract.api.page import read_page
from extract.errors import EndpointError
from extract.outcomes import NO_RECORDS_IN_ANSWER, SEVERAL_LISTS

TWO = b'[{"a": 1.10},  {"b": 2}]'
CHILD = "graceChild"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("label", ["singular", "plural", "data", "RECORDS", "result_set", "größe", ""])
@pytest.mark.parametrize("beside", ["", '"totalCount": 2, "links": [{"href": "x"}], "errors": [], '])
def test_the_only_list_of_objects_is_the_records_whatever_its_label(endpoint, label, beside):
    label = dict(zip(("singular", "plural"), endpoint.list_names, strict=True)).get(label, label)
    body = b'{%s"%s": %s, "next": null}' % (beside.encode(), label.encode(), TWO)
    page = read_page(body, endpoint.name, OrdinaryPages())
    assert (page.content, page.rows, page.total) == (TWO, 2, 2 if beside else None)


@pytest.mark.parametrize(
    "body",
    [
        '{"data": null}',
        '{"students": null, "total": 0}',
        '{"students": []}',
        '{"items": []}',
        '{"items": [ ], "facets": [], "links": [{"rel": "prev"}]}',
        '{"data": [], "errors": ["none"]}',
        '{"records": null, "items": []}',
    ],
)
def test_an_empty_list_is_no_records(body):
    page = read_page(body.encode(), "Student", OrdinaryPages())
    assert (page.content, page.rows) == (b"[]", 0)


@pytest.mark.parametrize(
    "body",
    [
        '{"errors": [{"message": "no"}]}',
        '{"data": null, "errors": [{"message": "no"}]}',
        '{"imsx_StatusInfoSet": {}, "statusInfoSet": [{"imsx_codeMajor": "failure"}]}',
        '{"errors": []}',
        '{"links": [{"rel": "self"}]}',
        '{"items": [1, 2]}',
        '{"items": [[1], [2]], "columns": ["a"]}',
        '{"data": ["a"]}',
        '{"items": [{"a": 1}, null]}',
        '{"items": null}',
        '{"response": {"data": [{"a": 1}]}}',
        "{}",
    ],
)
def test_what_has_no_list_of_objects_has_no_records(body):
    with pytest.raises(EndpointError) as raised:
        read_page(body.encode(), "Student", OrdinaryPages())
    assert raised.value.outcome is NO_RECORDS_IN_ANSWER


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"students": [{}], "contacts": [{}]}', "2 lists, 1 called contacts, 1 called students"),
        ('{"Students": [{}], "%s": [{}]}', "2 lists, 1 called students"),
        ('{"%s": [{}], "%s2": [{}], "x": [{}]}', "3 lists"),
        ('{"data": [{}], "data": [{}]}', "2 lists, 2 called data"),
        ('{"data": [], "warnings": [{"code": 1}]}', "2 lists, 1 called data, 1 called warnings"),
        ('{"data": [{}], "errors": [{}]}', "2 lists, 1 called data, 1 called errors"),
    ],
)
def test_several_lists_are_refused_and_only_words_of_ours_are_named(body, told):
    with pytest.raises(EndpointError) as raised:
        read_page(body.replace("%s", CHILD).encode(), "Student", OrdinaryPages())
    assert raised.value.outcome is SEVERAL_LISTS
    assert f"({told})" in str(raised.value)
    assert CHILD.lower() not in str(raised.value).lower()
