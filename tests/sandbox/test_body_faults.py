"""How a server can write its pages differently, as a client sees it."""

import pytest


@pytest.mark.parametrize(
    ("parameters", "label"),
    [
        ({"under": "data"}, "data"),
        ({"under": "records", "case": "upper"}, "RECORDS"),
        ({"under": "endpoint"}, "StudentContact"),
        ({"under": "endpoint", "case": "lower"}, "studentcontact"),
    ],
)
def test_the_array_can_be_inside_an_object(misbehave, parameters, label):
    body = misbehave(body_shape=parameters).get("StudentContact", limit=3).json()
    assert list(body) == [label]
    assert len(body[label]) == 3


def test_the_object_can_have_the_total_too(serve, small_source, students):
    client = serve(small_source, faults={"body_shape": {"under": "records"}, "null_page": {}}, total="body")
    assert client.get("Student", limit=2).json() == {"total": 50, "records": students[:2]}
    assert client.get("Student", offset=50).json() == {"total": 50, "records": None}


def test_a_body_can_have_another_encoding(misbehave):
    body = misbehave(nested_values={}, windows_1252={}).get("Student", limit=1).content
    assert "ünï".encode("cp1252") in body


def test_a_body_can_begin_with_a_byte_order_mark(misbehave):
    body = misbehave(byte_order_mark={}).get("Student", limit=1).content
    assert body.startswith(b"\xef\xbb\xbf[")


def test_an_empty_page_can_be_null(misbehave):
    client = misbehave(null_page={})
    assert client.get("Student", limit=1, offset=50).text == "null"
    assert len(client.get("Student", limit=1).json()) == 1


@pytest.mark.parametrize(
    ("style", "label"),
    [
        ("PascalCase", "StateReportId"),
        ("snake_case", "state_report_id"),
        ("UPPER_SNAKE", "STATE_REPORT_ID"),
        ("lowercase", "statereportid"),
    ],
)
def test_labels_can_have_another_style(misbehave, students, style, label):
    served = misbehave(label_style={"style": style}).get("Student", limit=50).json()
    assert [record[label] for record in served] == [record["stateReportId"] for record in students]
    plain = [key.replace("_", "").lower() for key in served[0]]
    assert plain == [key.lower() for key in students[0]]


def test_labels_can_have_other_names(misbehave, students):
    served = misbehave(label_names={"names": {"birthdate": "dob"}}).get("Student", limit=50).json()
    assert [record["dob"] for record in served] == [record["birthdate"] for record in students]
    assert "birthdate" not in served[0]


def test_records_can_have_nested_values(misbehave):
    assert misbehave(nested_values={}).get("School").json()[0]["extensions"]["codes"][3] == {
        "deep": [True, 1.5]
    }


def test_labels_that_must_never_be_stored_can_be_sent(misbehave):
    client = misbehave(sensitive_labels={"labels": ["SSN", "web_password"], "endpoints": ["Student"]})
    assert client.get("Student", limit=1).json()[0]["web_password"].startswith("CANARY")
    assert "SSN" not in client.get("Contact", limit=1).json()[0]
