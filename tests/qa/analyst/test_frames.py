"""Results of queries as DataFrames: one kind of blank, whatever the type."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from qa.analyst.frames import frame_of

# Of each type of DuckDB that a table of ours or a query may have.
VALUES = {
    "text": "'a'",
    "json": "'\"a\"'::json",
    "choice": "'a'::enum('a', 'b')",
    "whole": "1",
    "sum": "5::hugeint",
    "decimal": "1.5::decimal(10, 2)",
    "flag": "true",
    "day": "date '9999-12-31'",
    "time": "timestamp '2026-11-23 02:00:05'",
    "zoned": "timestamptz '2026-11-23 02:00:05+00'",
    "span": "interval 1 day",
    "list": "['x', 'y']",
    "struct": "{'a': 1}",
    "untyped": "null",
}


def asked(query: str) -> pd.DataFrame:
    return frame_of(duckdb.execute(query))


@pytest.fixture
def frame() -> pd.DataFrame:
    values = ", ".join(f"{sql} as {name}" for name, sql in VALUES.items())
    nothing = ", ".join(["null"] * len(VALUES))
    return asked(f"select {values} union all select {nothing}")


@pytest.mark.parametrize("name", VALUES)
def test_what_is_missing_is_pd_na(frame, name):
    assert frame[name][1] is pd.NA


def test_values_keep_their_kind(frame):
    assert frame["day"][0] == date(9999, 12, 31)
    assert frame["list"][0] == ["x", "y"]
    assert frame["struct"][0] == {"a": 1}
    assert [str(frame[name].dtype) for name in ("text", "choice", "whole", "sum", "decimal", "flag")] == [
        "string", "string", "Int64", "Int64", "Float64", "boolean",
    ]  # fmt: skip


def test_blank_text_is_missing_and_other_text_stays_as_it_is():
    frame = asked("select unnest(['', '  ', ' a ']) as text")
    assert frame["text"].isna().tolist() == [True, True, False]
    assert frame["text"][2] == " a "


def test_an_empty_result_has_its_columns():
    frame = asked("select 1 as a, 'x' as b, [1] as c limit 0")
    assert frame.columns.tolist() == ["a", "b", "c"]
    assert frame.empty


def test_two_columns_of_one_name_stay_two():
    assert asked("select 1 as a, 'x' as a").shape == (1, 2)
