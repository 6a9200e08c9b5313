"""What an analyst reads of the files: comments in the warehouse, docs/data.md, and the queries in it."""

from __future__ import annotations

import json
import re
from typing import Any

import duckdb
import pytest

from docs.data import MAP, examples, with_tables
from sandbox import generated
from tests.dbt_project.districts import IMPORT, District, records_of

EXAMPLES = examples(MAP.read_text(encoding="utf-8"))
# A student who is new and refused; one who was published and is refused now.
SECOND = "20261124T020005123Z"
NEW, KEPT = "900001", "900002"


def answer(district: District, question: str) -> list[tuple[Any, ...]]:
    """What the map's query answers in a district's new warehouse."""
    return district.query(EXAMPLES[question].rstrip().rstrip(";"))


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> District:
    """A district whose second run refuses two students, of whom only one was ever published."""
    rows = {
        endpoint: [json.loads(line) for line in lines]
        for endpoint, lines in records_of(generated(40, seed=5)).items()
    }
    student = rows["Student"][0]
    kept, new = student | {"studentId": KEPT}, student | {"studentId": NEW}
    district = District(tmp_path_factory.mktemp("refusing"))
    district.land(rows | {"Student": [*rows["Student"], kept]}).build(*IMPORT).publish()
    refused = [one | {"birthdate": None} for one in (kept, new)]
    return district.land(rows | {"Student": [*rows["Student"], *refused]}, SECOND).build()


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
    guardians = dict(answer(small, "How many guardians does each student have?"))
    assert len(guardians) == 300
    links = small.query("select count(*) from marts.student_contacts where contact_type = 'G'")
    assert [(sum(guardians.values()),)] == links


def test_guardians_who_share_a_phone_are_guardians(small: District) -> None:
    groups = answer(small, "Which guardians share a phone number?")
    known = {contact for (contact,) in small.query("select contact_id from marts.contacts where is_guardian")}
    assert groups
    assert all(len(contacts) > 1 and known.issuperset(contacts) for _number, contacts in groups)


def test_who_is_not_in_the_import_and_who_is_in_it_as_last_published(refusing: District) -> None:
    missing = answer(refusing, "Which students are not in the import, and why?")
    assert [(row[0], row[3]) for row in missing] == [(NEW, "students__birth_date__required")]
    kept = answer(refusing, "Which students are in the import as last published, and why?")
    assert [(row[0], row[4]) for row in kept] == [(KEPT, "students__birth_date__required")]


def test_a_key_has_all_its_columns() -> None:
    text = MAP.read_text(encoding="utf-8")
    keys = dict(re.findall(r"^#### `([\w.]+)`\n\n.*? Key: (.*)\.$", text, re.MULTILINE))
    assert keys["marts.import_carried"] == "`import`, `student_id`, `contact_id`"


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
