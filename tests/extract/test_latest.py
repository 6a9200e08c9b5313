"""The schema `latest` of raw.duckdb: the last run alone, a column for each label, whatever it is called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from district.checkout import DBT_PROJECT
from district.endpoints import ENDPOINTS
from extract.store.label_columns import MOST_LABELS, column_names, identifier, label_text, records_query
from extract.store.raw_store import FILE_NAME, SCHEMA_VERSION, open_store, read_store
from extract.store.retention import KEPT_RUNS, prune
from tests.land_records import land_records

RUN, NEXT = "20261123T020005123Z", "20261124T020005123Z"
HOSTILE = [
    *("", " ", "a", "A", "a_2", "ß", "SS", "ss", "İ", "run_id", "POSITION", "payload", "texts", 'q"u', "x.y"),
    *(
        "$x",
        "é",
        "É",
        "a/b",
        "a~b",
        "o'b",
        "*",
        "0",
        "n\0x",
        "\n",
        "😀",
        "[0]",
        "/",
        "~",
        "#",
        "-1",
        "--",
        ";",
    ),
]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def land(raw: Path, run_id: str, **records: list[dict[str, Any]]) -> None:
    land_records(raw, run_id, records)


def opened_alone(raw: Path, sql: str) -> list[tuple[Any, ...]]:
    """As the command line of DuckDB opens the file."""
    with duckdb.connect(str(raw), read_only=True) as con:
        return con.execute(sql).fetchall()


def columns(raw: Path, view: str) -> list[str]:
    return [name for (name, *_) in opened_alone(raw, f'describe latest."{view}"')]


@settings(max_examples=200)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_each_label_is_a_column_whatever_it_is_called(labels: list[str]) -> None:
    labels = list(dict.fromkeys([*labels, *HOSTILE]))
    record = {label: f"value {number}" for number, label in enumerate(labels)}
    with duckdb.connect() as con:
        con.execute("create table raw (run_id varchar, position bigint, landed_at timestamp, payload json)")
        con.execute("insert into raw values ('run', 7, null, ?)", [json.dumps(record)])
        con.execute(f"create view v as {records_query('raw', labels)}")
        assert con.execute("from v").fetchall() == [(7, *record.values(), None, "run", json.dumps(record))]
        each = [f"{label_text(label)} as {identifier(name)}" for label, name in column_names(labels).items()]
        con.execute(f"create view w as select {', '.join(each)} from raw")
        assert con.execute("from w").fetchall() == [tuple(record.values())]


def test_labels_that_differ_only_in_case_are_told_apart(raw: Path) -> None:
    land(raw, RUN, School=[{"grade": "1", "GRADE": "2", "position": "x"}])
    assert columns(raw, "School") == [
        *("position", "grade", "GRADE_2", "position_2", "landed_at", "run_id", "payload"),
    ]
    assert opened_alone(raw, 'select grade, "GRADE_2", position, position_2 from latest."School"') == [
        ("1", "2", 0, "x")
    ]


def test_only_the_last_run_is_shown_with_its_own_labels(raw: Path) -> None:
    land(raw, RUN, Student=[{"id": 1, "old": "x"}], School=[{"building": 1}])
    land(raw, NEXT, Student=[{"id": 2}, {"id": 3, "new": None}])
    assert opened_alone(raw, 'select id, run_id from latest."Student"') == [("2", NEXT), ("3", NEXT)]
    assert columns(raw, "Student") == ["position", "id", "new", "landed_at", "run_id", "payload"]
    assert columns(raw, "School") == ["position", "landed_at", "run_id", "payload"]
    assert opened_alone(raw, "select distinct run_id from latest.pulls") == [(NEXT,)]


def test_a_run_that_was_interrupted_is_not_shown(raw: Path) -> None:
    land(raw, RUN, Student=[{"id": 1}])
    with open_store(raw) as store:
        store.execute(f"insert into plus360.pulls by name select '{NEXT}' as run_id, * exclude (run_id) "
                      "from plus360.pulls where endpoint in ('School', 'Student')")  # fmt: skip
        store.execute(
            """insert into plus360."Student" values (?, 'Student', 0, now()::timestamp, '{"id": 2}')""",
            [NEXT],
        )
    open_store(raw).close()
    assert opened_alone(raw, 'select id from latest."Student"') == [("1",)]


def test_a_pull_shows_what_it_received(pull: Any) -> None:
    pulled = pull(faults={"not_found": {"endpoints": ["Contact"]}})
    raw = pulled.directory / FILE_NAME
    record = json.loads(pulled.records("Student")[0])
    assert columns(raw, "Student") == ["position", *record, "landed_at", "run_id", "payload"]
    shown = opened_alone(raw, 'select * exclude (position, landed_at, run_id, payload) from latest."Student"')
    expected = [tuple(json.loads(line).values()) for line in pulled.records("Student")]
    assert shown == [tuple(None if v is None else str(v) for v in values) for values in expected]
    assert columns(raw, "Contact") == ["position", "landed_at", "run_id", "payload"]
    assert opened_alone(raw, 'from latest."Contact"') == []


def test_what_outlived_the_last_run_is_shown_after_retention(raw: Path) -> None:
    for number in range(KEPT_RUNS + 2):
        land(raw, f"202611{number + 1:02d}T020005123Z", Student=[{f"label{number}": 1}])
    with open_store(raw) as store:
        prune(store)
    assert columns(raw, "Student")[1] == f"label{KEPT_RUNS + 1}"
    with open_store(raw) as store:
        store.execute("delete from plus360.pulls where run_id = ?", [f"202611{KEPT_RUNS + 2:02d}T020005123Z"])
    read_store(raw).close()
    assert columns(raw, "Student")[1] == f"label{KEPT_RUNS}"


def test_a_file_of_an_earlier_version_has_the_views_once_it_is_read(raw: Path) -> None:
    land(raw, RUN, Student=[{"id": 1}])
    with open_store(raw) as store:
        store.execute("drop schema latest cascade")
        store.execute("update plus360.schema_version set version = ?", [SCHEMA_VERSION - 1])
    read_store(raw).close()
    assert opened_alone(raw, 'select id from latest."Student"') == [("1",)]


def test_a_new_file_has_empty_views(raw: Path) -> None:
    open_store(raw).close()
    assert opened_alone(raw, 'from latest."Student"') == opened_alone(raw, "from latest.pulls") == []


def test_the_views_work_under_any_name_of_the_file(raw: Path) -> None:
    land(raw, RUN, Student=[{"id": 1}])
    with duckdb.connect() as con:
        con.execute(f"attach '{raw}' as something_else (read_only)")
        assert con.execute('select id from something_else.latest."Student"').fetchall() == [("1",)]


def test_more_labels_than_a_table_should_have_stay_in_the_payload(raw: Path) -> None:
    land(raw, RUN, Student=[{f"label{number}": number for number in range(MOST_LABELS + 100)}])
    assert len(columns(raw, "Student")) == MOST_LABELS + 4
    assert opened_alone(raw, "select payload ->> 'label599' from latest.\"Student\"") == [("599",)]


def test_every_table_and_column_says_what_it_is(raw: Path) -> None:
    land(raw, RUN, Student=[{"id": 1, "n\0x": 2}])
    for kind, name in (("tables", "table_name"), ("views", "view_name"), ("columns", "column_name")):
        silent = f"select schema_name, {name} from duckdb_{kind}() where not internal and comment is null"
        assert opened_alone(raw, silent) == []


def described() -> Iterator[tuple[tuple[str, str, str], str]]:
    """What dbt's sources say of the tables, and of their columns, of raw.duckdb."""
    for file in sorted((DBT_PROJECT / "models" / "staging").glob("*/sources.yml")):
        for source in yaml.safe_load(file.read_text())["sources"]:
            if source["database"] != "raw_store":
                continue
            for table in source["tables"]:
                place = source["schema"], table["name"]
                yield (*place, ""), table["description"].strip()
                for column in table["columns"]:
                    yield (*place, column["name"]), column["description"].strip()


def test_dbts_sources_say_the_same(raw: Path) -> None:
    open_store(raw).close()
    said = {
        (schema, table, column): comment
        for schema, table, column, comment in opened_alone(
            raw,
            "select schema_name, table_name, '', comment from duckdb_tables() union all "
            "select schema_name, table_name, column_name, comment from duckdb_columns()",
        )
    }
    sources = dict(described())
    assert len(sources) > 7 * len(ENDPOINTS)
    assert {place: said.get(place) for place in sources} == sources
