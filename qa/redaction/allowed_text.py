"""Which texts of a redacted file are our own: what we render, as whole sentences, and typed values.

A heading "Grade" is no leak even if a student is called Grade, because the heading as a whole is ours. The
name anywhere else is a leak, whatever words our code and comments contain: they are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from district.endpoints import ENDPOINTS
from extract import outcomes
from extract.outcomes import Owner, PullState
from extract.preflight.field_labels import known_labels
from qa import findings
from qa.contract import QaDocument, json_schema
from qa.contract_types import (
    CheckState,
    Choice,
    FailedStep,
    ImportFile,
    Level,
    NextStep,
    StrippedLabel,
    Verdict,
)
from qa.delivery import outcomes as delivery_outcomes
from qa.delivery.contract import DeliveryState
from qa.load import findings as load_findings
from qa.load import words as load_words
from qa.load.contract import Effect, KeptAs
from qa.profile.contract import Group, LabelState, Shape
from qa.redaction.segments import Segments
from qa.redaction.template_text import TemplateText
from qa.redaction.tokens import is_searchable, tokens_of
from qa.report import words
from qa.report.tables.night_charts import published_chart
from qa.verdict import gate, headline

_TEMPLATES = Path(words.__file__).with_name("templates")
_CODES = (
    Level, CheckState, PullState, Verdict, Choice, Owner, FailedStep, StrippedLabel,
    Effect, KeptAs, ImportFile, NextStep, Group, LabelState, Shape, DeliveryState,
)  # fmt: skip
# Fields of qa.json that only our settings, clock, packages or random generator fill.
_TYPED_FIELDS = frozenset({
    "run_id", "baseline_run_id", "district", "district_name", "versions", "checks_sha256", "pseudonym",
    "school", "scope",
})  # fmt: skip
# Numbers of schools: the report writes the last number of a band, too.
_BANDS = frozenset({"records_from", "n_from"})
_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"\d")
_ONE_DECIMAL = re.compile(r"(?<!\w)\d{1,3}\.\d(?!\w)")


class AllowedText:
    """The texts that may stand in one run's redacted files whatever the people in it are called."""

    def __init__(
        self, document: QaDocument, check_texts: Iterable[str] = (), sentences: Iterable[str] = ()
    ) -> None:
        """Collect them.

        Args:
            document: the run, for its counts, times and codes. Its sentences are not taken as ours.
            check_texts: titles, reasons and fix steps of the checks, as dbt's yml has them.
            sentences: further sentences of ours; `{...}` in them stands for a computed value.
        """
        ours = TemplateText()
        ours.add_sentences(sentences)
        self._literals = _literals().texts | ours.texts
        texts = {*check_texts}
        texts |= {text.replace(load_findings.DISTRICT, document.district) for text in texts}
        texts |= {text[:1].lower() + text[1:] for text in texts}  # in the headline, after the verdict
        self._values = _vocabulary() | texts | {*_fields_of(texts)} | {*_typed_values(document)}
        self._values |= {*_computed(document)}
        self._segments = Segments(self._literals | self._values)
        self._rows: dict[str, bool] = {}
        self._tokens_of_values = tokens_of(*filter(_DIGIT.search, self._values))

    def allows(self, text: str) -> bool:
        """Whether a whole text (of a cell, an attribute, a string of JSON) is ours.

        It is one of our texts or values, or a row of them: "No birth date: 12 of 962 students (1.2%)".
        """
        text = " ".join(text.split())
        if text in self._literals or text in self._values:
            return True
        if text not in self._rows:
            self._rows[text] = self._is_row(text) and self._adds_no_number(text)
        return self._rows[text]

    def allows_name(self, name: str) -> bool:
        """Whether a tag, an attribute or a key of JSON is one that we write."""
        return name in _literals().names or name in _keys()

    def _is_row(self, text: str) -> bool:
        """Whether there is nothing but our texts and values, with punctuation between."""
        end, last = 0, ""
        for start, its_end in self._segments.of(text):
            between, part = text[end:start], text[start:its_end]
            if _WORD.search(between) or (not between.strip() and self._reads_on(last, part)):
                return False
            end, last = its_end, part
        return not _WORD.search(text[end:])

    def _reads_on(self, before: str, after: str) -> bool:
        """Whether two words follow each other that we do not put together: no cell of ours says "Key New"."""
        same_kind = (before in self._literals) == (after in self._literals)
        return same_kind and before[-1:].isalpha() and after[0].isalpha()

    def _adds_no_number(self, text: str) -> bool:
        """Whether its numbers are not a long one, a date, a phone number or a hash that is not ours."""
        # "370.5" is a place in a chart; its four digits in a row would look like a number.
        rest = tokens_of(_ONE_DECIMAL.sub(" ", text)) - self._tokens_of_values
        long = [word for word in rest.words if word.isdigit() and is_searchable(word)]
        return not (long or rest.numbers or rest.dates or rest.hashes)


@cache
def _literals() -> TemplateText:
    """What the templates, the words of the report and the sentences of qa/ write themselves."""
    found = TemplateText()
    for path in sorted(_TEMPLATES.rglob("*.j2")):
        found.add_template(path.read_text(encoding="utf-8"))
    for path in sorted(_TEMPLATES.rglob("*.css")):
        found.add_text(path.read_text(encoding="utf-8"))
    found.add_sentences(
        chain(
            words.ALL_WORDS,
            gate.SENTENCES,
            headline.SENTENCES,
            findings.SENTENCES,
            load_findings.SENTENCES,
            load_words.SENTENCES,
            load_words.HEADINGS,
            outcomes.sentences(),
            delivery_outcomes.sentences(),
        )
    )
    return found


@cache
def _keys() -> frozenset[str]:
    schema = json_schema()
    parts = [schema, *schema["$defs"].values()]
    return frozenset(key for part in parts for key in part.get("properties", {}))


@cache
def _vocabulary() -> frozenset[str]:
    """Codes of ours: endpoints, fields, labels of the API, reasons, levels, states."""
    fields = [(row["endpoint"], row["field"], row["label"]) for row in known_labels()]
    return frozenset(
        [
            *(endpoint.name for endpoint in ENDPOINTS),
            *(endpoint.subscription for endpoint in ENDPOINTS),
            *(field for _, field, _ in fields),
            *load_words.FIELDS,
            *(f"{endpoint}.{name}" for endpoint, *names in fields for name in names),
            *(code for codes in _CODES for code in get_args(codes)),
            *outcomes.BY_CODE,
            *delivery_outcomes.BY_CODE,
            *words.REASONS,
            *words.COMPLETENESS_FIELDS,
            *(label for _, _, label in fields),
        ]
    )


def _fields_of(check_texts: Iterable[str]) -> Iterator[str]:
    """The middle of each check's id: what the check is about where no single column is, as guardian_phone."""
    yield from (field for text in check_texts for field in re.findall(r"^[a-z_]+__([a-z_]+)__[a-z_]+$", text))


def _typed_values(node: object, name: str = "") -> Iterator[str]:
    """Each number, time and code of a document, as qa.json and the report write it."""
    if isinstance(node, BaseModel):
        for key in type(node).model_fields:
            yield from _typed_values(getattr(node, key), key)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _typed_values(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _typed_values(value, name)
    elif isinstance(node, datetime):
        yield from words.times_of(node)
    elif isinstance(node, date):
        yield from (f"{node:%Y-%m-%d}", words.short_day_of(node))
    elif isinstance(node, float):
        yield from (str(node), f"{node:.1f}", f"{100 * node:.1f}")
    elif isinstance(node, int) and node >= 1000:  # shorter ones are allowed whatever they count
        yield from (str(node), f"{node:,}")
        if name in _BANDS:
            yield f"{node + 9:,}"
    elif isinstance(node, str) and name in _TYPED_FIELDS:
        yield node
        yield node.removeprefix("school:")


def _computed(document: QaDocument) -> Iterator[str]:
    """The numbers that the report computes: records without a value, scales."""
    blank = (one.total - one.filled for one in document.completeness if one.total and one.filled is not None)
    chart = published_chart(document)
    scale = (line.value for line in chart.scale) if chart else ()
    yield from (f"{number:,}" for number in (*blank, *scale))
