"""d.labels: what is in the labels of an endpoint, which field they fill, and since when they are sent."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pandas as pd
import pytest

from extract.store.raw_store import open_store
from qa.analyst import District
from qa.profile.labels import remember_labels
from qa.profile.rows import LabelRow
from tests.land_records import land_records

FIRST, SECOND = "20261121T020005000Z", "20261122T020005000Z"
ODD = ["", 'the "home" room', "it's", "a.b", "a/b", "a~b", "$", "😀", "$.x[0]"]
STUDENTS = [
    {
        "studentId": 101,
        "lastName": "Müller",
        "grade": "05",
        "hasIep": True,
        "more": {"a": 1},
        "busStop": "B 7",
    },
    {"studentId": 102, "lastName": "O'Neil", "grade": " ", "hasIep": False, "more": None, "busStop": "A 12"},
    {"studentId": "103", "lastName": "Ng", "grade": "05", "hasIep": None, "more": [1], "busStop": "B 7"},
]


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Of students of the second night; the first one was built, and had a label that is gone now."""
    data = tmp_path_factory.mktemp("data")
    raw = data / "canary" / "raw.duckdb"
    raw.parent.mkdir()
    earlier = [{"studentId": 101, "lastName": "Ng", "locker": "9"}]
    land_records(raw, FIRST, {"Student": earlier})
    with closing(open_store(raw)) as store:
        remember_labels(store, FIRST, [LabelRow("Student", label, None, 1, 1, None) for label in earlier[0]])
    land_records(raw, SECOND, {"Student": [*STUDENTS[:2], STUDENTS[2] | dict.fromkeys(ODD, "x")]})
    return District("canary", data).labels("students").set_index("label")


def test_what_is_in_a_label(labels):
    assert labels.index.tolist()[:6] == list(STUDENTS[0]), "as the records have them"
    grade = labels.loc["grade"]
    assert (grade["field"], grade["records"], grade["filled"], grade["share"]) == ("grade", 3, 2, 0.667)
    assert (grade["distinct_values"], grade["shapes"], grade["types"]) == (1, "99", "text")
    assert labels.loc["lastName", "shapes"] == "A'Aaaa | Aa | Aaaaaa"
    assert labels.loc["busStop", ["field", "shapes"]].tolist() == [pd.NA, "A 9 | A 99"]
    assert labels["types"].to_dict() | {"studentId": "text, whole number", "hasIep": "true or false",
                                        "more": "list, object"} == labels["types"].to_dict()  # fmt: skip


def test_since_when_and_until_when_it_is_sent(labels):
    nights = labels[["first_night", "last_night", "is_new"]]
    assert nights.loc["studentId"].tolist() == [date(2026, 11, 21), date(2026, 11, 22), False]
    assert nights.loc["grade"].tolist() == [date(2026, 11, 22), date(2026, 11, 22), True]
    assert nights.loc["locker"].tolist() == [date(2026, 11, 21), date(2026, 11, 21), False]
    assert labels.loc["locker", "records"] == 0
    assert labels.index[-1] == "locker", "what is no longer sent comes last"


@pytest.mark.parametrize("label", ODD)
def test_a_label_may_be_anything(labels, label):
    assert labels.loc[label, ["records", "filled", "field", "shapes"]].tolist() == [1, 1, pd.NA, "a"]


def test_the_labels_of_every_endpoint_of_a_built_run(workbench_district):
    district = workbench_district.open()
    own = district.labels("UDRegUser").set_index("label")
    assert own.loc["studentId", "field"] == "student_id"
    assert own["is_new"].eq(False).all()
    assert (own["last_night"] == date.fromisoformat(f"{district.run_id[:8]}")).all()
    for endpoint in ("School", "Contact", "ContactAddress", "ContactPhone", "StudentContact", "Student"):
        found = district.labels(endpoint)
        assert (found["filled"] <= found["records"]).all()
        assert found["field"].notna().all()
