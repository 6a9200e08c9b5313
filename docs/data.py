"""Writes the tables of docs/data.md from what dbt's models and raw.duckdb say of themselves.

Run with `python -m docs.data`. A test fails where the file says something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from dbt.contracts.graph.nodes import GenericTestNode, ModelNode, SeedNode

from district.endpoints import ENDPOINTS
from docs.tables import filled, table
from extract.store.raw_store import FILE_NAME, open_store
from night.parsed_project import parsed_project

MAP = Path(__file__).with_suffix(".md")
# Each endpoint's table is alike: one stands for all.
_ANY_ENDPOINT = "Student"


def endpoints() -> list[str]:
    """What each endpoint is called in both files, and what identifies a row of its mart."""
    return table(
        ("endpoint", "as received", "mart", "key of the mart"),
        ((one.name, f'`latest."{one.name}"`', f"`marts.{one.mart}`", _key(one.mart)) for one in ENDPOINTS),
    )


def marts() -> list[str]:
    """The marts of people and their links, column by column."""
    return [line for model in _models("marts/core") for line in _columns_of(model)]


def load() -> list[str]:
    """The tables of the import, column by column."""
    return [line for model in _models("marts/load") for line in _columns_of(model)]


def raw() -> list[str]:
    """The tables of raw.duckdb, column by column."""
    return [line for table in _raw_tables() for line in table]


def others() -> list[str]:
    """The other tables of the warehouse, each with what a row is."""
    folders = ("load_effects", "profiles", "checks", "staging", "intermediate")
    models = [model for folder in folders for model in _models(folder)]
    tables = [(model.schema, model.name, model.description) for model in models]
    hooks = [one for one in parsed_project().sources.values() if one.source_name == "hooks"]
    tables += [(one.schema, one.name, one.description) for one in hooks]
    seeds = [node for node in parsed_project().nodes.values() if isinstance(node, SeedNode)]
    tables += sorted((seed.schema, seed.name, seed.description) for seed in seeds)
    return table(("table", "rows"), ((f"`{schema}.{name}`", _line(text)) for schema, name, text in tables))


TABLES: dict[str, Callable[[], list[str]]] = {
    "endpoints": endpoints,
    "marts": marts,
    "load": load,
    "raw": raw,
    "others": others,
}


def with_tables(text: str) -> str:
    """The map with every table as the data has it now."""
    return filled(text, TABLES)


def examples(text: str) -> dict[str, str]:
    """The example queries of the map, by their question."""
    return dict(re.findall(r"^\*\*([^*\n]+)\*\*\n\n```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE))


def _models(folder: str) -> Iterator[ModelNode]:
    """The models of a folder that are in the warehouse: by endpoint, then by name."""
    order = {one.mart: place for place, one in enumerate(ENDPOINTS)}
    found = [
        node
        for node in parsed_project().nodes.values()
        if isinstance(node, ModelNode)
        and node.original_file_path.startswith(f"models/{folder}/")
        and node.config.materialized != "ephemeral"
    ]
    yield from sorted(found, key=lambda node: (order.get(node.name, len(order)), node.name))


def _columns_of(model: ModelNode) -> list[str]:
    columns = ((column.name, column.data_type or "", column.description) for column in model.columns.values())
    key = _key(model.name)
    says = f"{_line(model.description)} Key: {key}." if key else model.description
    return _section(f"{model.schema}.{model.name}", says, columns)


def _key(model: str) -> str:
    """The columns that tell a model's rows apart, as the test of its key joins them."""
    for node in parsed_project().nodes.values():
        if isinstance(node, GenericTestNode) and node.name == f"{model}_key":
            columns = re.sub(r"coalesce\((\w+), ''\)", r"\1", str(node.test_metadata.kwargs["column_name"]))
            return ", ".join(f"`{part.strip()}`" for part in columns.split("||") if "'" not in part)
    return ""


def _raw_tables() -> Iterator[list[str]]:
    with TemporaryDirectory() as folder, closing(open_store(Path(folder) / FILE_NAME)) as store:
        hidden = [one.name for one in ENDPOINTS if one.name != _ANY_ENDPOINT]
        tables = store.execute(
            """
            select schema_name, table_name, comment from duckdb_tables()
            where database_name = 'store' and not list_contains($hidden, table_name)
            order by schema_name desc, table_name = 'schema_version', table_name = 'pulls', table_name
            """,
            {"hidden": hidden},
        ).fetchall()
        for schema, table, comment in tables:
            columns = store.execute(
                """
                select column_name, data_type, comment from duckdb_columns()
                where database_name = 'store' and schema_name = ? and table_name = ? order by column_index
                """,
                [schema, table],
            ).fetchall()
            yield _section(
                f'{schema}."{table}"' if table == _ANY_ENDPOINT else f"{schema}.{table}", comment, columns
            )


def _section(name: str, says: str, columns: Iterable[tuple[str, str, str]]) -> list[str]:
    rows = ((f"`{column}`", kind.lower(), _line(text)) for column, kind, text in columns)
    return [f"#### `{name}`", "", _line(says), "", *table(("column", "type", "meaning"), rows), ""]


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    MAP.write_text(with_tables(MAP.read_text(encoding="utf-8")), encoding="utf-8")
