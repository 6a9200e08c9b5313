"""The words a redacted file may hold although a person bears them: those of our own source, and typed values.

A student called Grade or May makes no leak of a heading that says so. A word counts as ours only where it
stands in a committed file; a number, a date or a code only where the schema of qa.json gives it that type.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from pydantic import BaseModel

from district.folder import NOTEBOOKS, PROJECT
from qa.contract import QaDocument
from qa.redaction.tokens import Grams, grams_of

_SOURCES = (
    "qa/**/*.py",
    "qa/report/templates/**/*.j2",
    "qa/report/templates/**/*.css",
    "dbt_project/models/checks/*.sql",
    "dbt_project/models/checks/*.yml",
    "dbt_project/macros/**/*.sql",
    "dbt_project/seeds/field_labels.csv",
    "district/*.py",
    "extract/**/*.py",
    "night/*.py",
    "night/templates/**/*.j2",
)
_NOTEBOOK = NOTEBOOKS / "district_qa.ipynb"
_CALENDAR = [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr]
# What the report writes beside a number, besides the names of populations and of the calendar.
_UNITS = "of nights check checks endpoints min s utc rows"
# Fields of the contract that are ours by their pattern. Prose, labels and reasons are not among them: these
# must be words of our source.
_TYPED_FIELDS = frozenset({"run_id", "district", "district_name", "pseudonym", "school", "versions"})


class Vocabulary:
    """What explains a word, number or date in the files of one night."""

    def __init__(self, document: QaDocument) -> None:
        self._typed = grams_of("\n".join(_typed_values(document)))
        populations = " ".join(check.population for check in document.checks)
        self._units = {*" ".join([_UNITS, populations, *_CALENDAR]).lower().split()}

    def unexplained(self, grams: Grams) -> Grams:
        """The grams of a file that neither our source nor the night's typed values explain."""
        rest = grams - _source_grams() - self._typed
        return replace(rest, words={words for words in rest.words if not self._is_counting(words)})

    def _is_counting(self, words: str) -> bool:
        """Whether these are numbers of the document with their units: "12 of 962 students", "23 nov 2026"."""
        return all(
            word in self._units or (word.isdigit() and (len(word) < 4 or word in self._typed.words))
            for word in words.split()
        )


@cache
def _source_grams() -> Grams:
    """The grams of our own templates, checks and code."""
    files = [path for pattern in _SOURCES for path in sorted(PROJECT.glob(pattern))]
    cells = json.loads(_NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return grams_of(
        *(file.read_text(encoding="utf-8") for file in files),
        *("".join(cell["source"]) for cell in cells),
        "\n".join(_CALENDAR),
    )


def _typed_values(node: object, name: str = "") -> Iterator[str]:
    """Each number, time and code of a document, as qa.json and the report write it."""
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
    elif name == "said":
        yield from re.findall(r"\d+", str(node))
