"""What an analyst reads of the files: comments in the warehouse, docs/data.md, and the queries in it."""

from __future__ import annotations

import duckdb
import pytest

from docs.data import MAP, examples, with_tables
from tests.dbt_project.districts import District

EXAMPLES = examples(MAP.read_text(encoding="utf-8"))


def test_the_map_says_what_the_models_say() -> None:
    text = MAP.read_text(encoding="utf-8")
    assert with_tables(text) == text, "python -m docs.data"


def test_the_map_has_examples() -> None:
    assert len(EXAMPLES) >= 14


@pytest.mark.parametrize("question", EXAMPLES)
def test_each_example_runs_on_files_as_any_tool_opens_them(small: District, question: str) -> None:
    with duckdb.connect(str(small.folder.new_warehouse), read_only=True) as con:
        con.execute(f"attach '{small.folder.raw}' as raw_store (read_only)")
        assert con.execute(EXAMPLES[question]).description


def test_the_first_example_counts_the_guardians(small: District) -> None:
    guardians = dict(small.query(EXAMPLES["How many guardians does each student have?"].rstrip().rstrip(";")))
    assert len(guardians) == 300
    links = small.query("select count(*) from marts.student_contacts where contact_type = 'G'")
    assert [(sum(guardians.values()),)] == links


def test_every_table_and_column_of_the_warehouse_says_what_it_is(small: District) -> None:
    with duckdb.connect(str(small.folder.new_warehouse), read_only=True) as con:
        for kind, name in (("tables", "table_name"), ("views", "view_name"), ("columns", "column_name")):
            silent = f"select schema_name, {name} from duckdb_{kind}() where not internal and "
            assert con.execute(f"{silent} coalesce(comment, '') = ''").fetchall() == []
        said = con.execute(
            "select comment from duckdb_columns() where table_name = 'students' and column_name = 'gender'"
        ).fetchall()
        assert said == [("M or F; null where the code is neither.",)]


def test_every_view_of_the_warehouse_works_when_it_is_opened_alone(small: District) -> None:
    with duckdb.connect(str(small.folder.new_warehouse), read_only=True) as con:
        views = con.execute("select schema_name, view_name from duckdb_views() where not internal").fetchall()
        assert views
        for schema, view in views:
            con.execute(f"from {schema}.{view}").fetchall()
