"""The words a redacted file may hold although a person bears them: those of our own source, and typed values.

A student called Grade or May makes no leak of a heading that says so. A word counts as ours only where it
stands in a committed file; a number, a date or a code only where the schema of qa.json gives it that type.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from qa.contract import QaDocument
from qa.grams import Grams, grams_of

_PROJECT = Path(__file__).resolve().parent.parent
_SOURCES = (
    "qa/*.py",
    "qa/templates/**/*.j2",
    "qa/templates/**/*.css",
    "dbt_project/models/checks/*.sql",
    "dbt_project/models/checks/*.yml",
    "dbt_project/macros/**/*.sql",
    "dbt_project/seeds/field_labels.csv",
    "extract/endpoints.py",
    "night/*.py",
    "night/templates/**/*.j2",
)
_NOTEBOOK = _PROJECT / "notebooks" / "district_qa.ipynb"
# Fields of the contract that are ours by their pattern. Prose, labels and reasons are not among them: these
# must be words of our source.
_TYPED_FIELDS = frozenset({"run_id", "district", "district_name", "pseudonym", "school", "versions"})


@cache
def static_grams() -> Grams:
    """The grams of our own templates, checks and code, and of the calendar."""
    texts = [
        path.read_text(encoding="utf-8") for pattern in _SOURCES for path in sorted(_PROJECT.glob(pattern))
    ]
    cells = json.loads(_NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    texts += ["".join(cell["source"]) for cell in cells]
    texts += [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr]
    return grams_of(*texts)


def document_grams(document: QaDocument) -> Grams:
    """The grams of a document's typed values, each as qa.json and the report write it."""
    return grams_of("\n".join(_typed_values(document)))


def _typed_values(node: object, name: str = "") -> Iterator[str]:
    if isinstance(node, BaseModel):
        for key in type(node).model_fields:
            yield from _typed_values(getattr(node, key), key)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _typed_values(value, name if name in _TYPED_FIELDS else key)
    elif isinstance(node, list):
        for value in node:
            yield from _typed_values(value, name)
    elif isinstance(node, datetime):
        yield f"{node:%Y-%m-%dT%H:%M:%SZ}"
    elif isinstance(node, date):
        yield f"{node:%Y-%m-%d}"
    elif isinstance(node, float):
        yield f"{node}\n{node:.1f}"
    elif isinstance(node, int) or name in _TYPED_FIELDS:
        yield str(node)
