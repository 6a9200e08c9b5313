"""dbt's documentation as one page that needs no network and sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from dbt.artifacts.schemas.catalog import CatalogTable, ColumnMetadata, TableMetadata
from dbt.cli.main import dbtRunner
from dbt.constants import CATALOG_FILENAME, MANIFEST_FILE_NAME
from dbt.contracts.graph.nodes import ManifestNode, SeedNode, SourceDefinition

from district.checkout import DBT_PROJECT
from district.credentials import without_secrets
from district.data_folder import DataFolder
from district.private_files import draft_of, make_private_folder
from district.temporary import temporary_folder
from night.parsed_project import (
    DISTRICT_DIR,
    FOLDERS,
    QUIET,
    NotParsedError,
    fingerprint,
    parsed_project,
    raise_interruption,
    writing_to,
)

# With an empty catalog, dbt opens no database: the page tells of the models, and of no district.
_GENERATE = ["docs", "generate", "--static", "--no-compile", "--empty-catalog"]
_WRITTEN = "static_index.html"
# dbt's page has a script that can report who looks at what. It is off, and nothing could be sent anyway.
_NOTHING_IS_SENT = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
_HEAD = "<head>"


def docs_page(data: DataFolder) -> Path:
    """The page of the project as it is now; made where it is not there yet.

    Raises:
        NotParsedError: dbt can't make it.
    """
    page = data.dbt_docs(fingerprint())
    if page.exists():
        return page
    options = [option for option in QUIET if option != "--no-write-json"]
    with temporary_folder() as target, without_secrets(**{DISTRICT_DIR: str(DBT_PROJECT)}):
        project = parsed_project(data).deepcopy()
        project.write(str(target / MANIFEST_FILE_NAME))  # which dbt reads again for the page
        result = dbtRunner(manifest=project).invoke([*_GENERATE, *options, *FOLDERS, *writing_to(target)])
        raise_interruption(result)
        written = target / _WRITTEN
        if not written.exists():
            raise NotParsedError("dbt could not write the documentation of dbt_project/")
        empty = (target / CATALOG_FILENAME).read_text(encoding="utf-8")
        catalog = json.loads(empty)
        catalog |= {"nodes": _tables(project.nodes.values()), "sources": _tables(project.sources.values())}
        text = written.read_text(encoding="utf-8").replace(empty, json.dumps(catalog))
        if _HEAD not in text:
            raise NotParsedError("dbt wrote a documentation page of another kind")
        policy = f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_IS_SENT}">'
        text = text.replace(_HEAD, _HEAD + policy, 1)
        make_private_folder(page.parent)
        with draft_of(page) as draft:
            # Where the project is on this machine is nobody's business.
            draft.write_text(text.replace(str(DBT_PROJECT), DBT_PROJECT.name), encoding="utf-8")
    for other in page.parent.glob("docs-*.html"):
        if other != page:
            other.unlink(missing_ok=True)
    return page


def _tables(nodes: Iterable[ManifestNode | SourceDefinition]) -> dict[str, object]:
    """What dbt would read in a warehouse of each table whose columns have a type: of others, it says none."""
    typed = {node.unique_id: (node, _types(node)) for node in nodes}
    return {
        name: CatalogTable(
            metadata=TableMetadata(type=_kind(node), schema=node.schema, name=node.name),
            columns={
                column: ColumnMetadata(type=kind, index=place, name=column)
                for place, (column, kind) in enumerate(types.items())
            },
            stats={},
            unique_id=name,
        ).to_dict()
        for name, (node, types) in typed.items()
        if any(types.values())
    }


def _types(node: ManifestNode | SourceDefinition) -> dict[str, str]:
    """The columns with the type that the contract, or a seed's settings, give them."""
    of_seed = node.config.column_types if isinstance(node, SeedNode) else {}
    return {name: column.data_type or of_seed.get(name, "") for name, column in node.columns.items()}


def _kind(node: ManifestNode | SourceDefinition) -> str:
    kind = str(node.config.get("materialized"))
    return kind if kind in ("view", "ephemeral") else "table"
