"""Recognizes an ordinary page in one pass of a regular expression, without reading its records.

An ordinary page is an array of flat records, in strict JSON and UTF-8, that have only labels which were read
and judged before. Nothing has to be checked, removed or replaced in it, so almost all pages are read this
fast; every other page is read record by record.
"""

import json
import re
import threading
from collections.abc import Collection, Iterable

from pydantic_core import SchemaValidator, core_schema

from extract.api.json_text import MOST_VALUE_BYTES
from extract.errors import EndpointError
from extract.outcomes import TOO_MANY_LABELS

# Hundreds of district-defined fields are usual; a build takes minutes for some ten thousand labels.
MOST_LABELS = 2_000
# Matching takes as much memory as the page, or up to four times as much: larger ones are read by record.
_MOST_BYTES = 2**23
# With more labels, the engine's tables outgrow its cache, and reading by record is faster.
_MOST_LITERALS = 400

_BLANK = r"[ \t\r\n]*"
_HEX = "[0-9a-fA-F]"
# Any \u but NUL and surrogates, or both surrogates of a pair.
_ESCAPE = (
    rf'\\(?:["\\/bfnrt]|u(?:[1-9a-ce-fA-CE-F]{_HEX}{{3}}|[dD][0-7]{_HEX}{{2}}|0[1-9a-fA-F]{_HEX}{{2}}'
    rf"|00[1-9a-fA-F]{_HEX}|000[1-9a-fA-F]|[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}))"
)
# No braces: so each brace of the page begins or ends a record, and counting them counts the records.
_TEXT = rf'"(?:[^"\\{{}}\x00-\x1f]|{_ESCAPE})*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_VALUE = f"(?:{_TEXT}|{_NUMBER}|true|false|null)"


class OrdinaryPages:
    """What an ordinary page of one endpoint is. Shared by the threads that read its pages."""

    def __init__(self) -> None:
        """Knows no label yet: the first page is read by record."""
        self._labels: dict[str, None] = {}  # in the order in which they were seen
        self._matched: int = 0  # labels that the matcher knows
        self._matcher: SchemaValidator | None = None
        self._lock = threading.Lock()

    def rows(self, array: bytes) -> int | None:
        """How many records an array has if it is an ordinary page; else None."""
        with self._lock:
            if self._matched < len(self._labels):
                self._matcher, self._matched = _matcher(self._labels), len(self._labels)
            matcher = self._matcher
        if matcher is None or len(array) > _MOST_BYTES or not matcher.isinstance_python(array):
            return None
        if len(array) > MOST_VALUE_BYTES and max(map(len, array.split(b"}"))) > MOST_VALUE_BYTES:
            return None
        return array.count(b"{")

    def learn(self, labels: Iterable[str]) -> None:
        """Adds labels of a record that was read, and that may be stored.

        Raises:
            EndpointError: the endpoint has more labels than any district defines.
        """
        with self._lock:
            self._labels.update(dict.fromkeys(labels))
            if len(self._labels) > MOST_LABELS:
                raise EndpointError(TOO_MANY_LABELS, status=200, labels=MOST_LABELS)

    @property
    def labels(self) -> list[str]:
        """The labels that were learned, in that order."""
        with self._lock:
            return list(self._labels)


def _matcher(labels: Collection[str]) -> SchemaValidator | None:
    """Pydantic brings a regex engine that takes the same time for each byte, whatever it reads."""
    if len(spelled := _spellings(labels)) > _MOST_LITERALS:
        return None
    literals = "|".join(map(_literal, sorted(spelled)))
    # The labels stand in it once, which keeps its tables small: a member is followed by another one, or ends
    # its record; a record is followed by another one, or ends the page.
    member = f'"(?:{literals})"{_BLANK}:{_BLANK}{_VALUE}{_BLANK}'
    after_record = rf"\}}{_BLANK}(?:,{_BLANK}\{{{_BLANK}|\]$)"
    page = rf"^\[{_BLANK}\{{{_BLANK}(?:{member}(?:,{_BLANK}|{after_record}))+$"
    return SchemaValidator(core_schema.str_schema(pattern=page, regex_engine="rust-regex"))


def _spellings(labels: Iterable[str]) -> set[str]:
    """Labels as they may stand between their quotes; one with braces is in no ordinary page."""
    plain = [label for label in labels if not {*"{}"} & {*label}]
    return {
        json.dumps(label, ensure_ascii=ascii_only)[1:-1] for label in plain for ascii_only in (True, False)
    }


def _literal(text: str) -> str:
    """Each character that may mean something in a pattern, by its number."""
    return re.sub("[^0-9A-Za-z]", lambda one: f"\\x{{{ord(one[0]):x}}}", text)
