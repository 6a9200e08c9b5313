"""The words that our own templates put on a page: their literal text, never their logic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from jinja2 import Environment

_GAP = "\ue000"  # stands where a template computes something
_FORMAT_FIELD = re.compile(r"\{[^{}]*\}")


@dataclass
class TemplateText:
    """What templates write themselves: texts between two computed values, attribute values, tags."""

    texts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add_template(self, source: str) -> None:
        """Add the literal parts of a Jinja template of HTML."""
        parser = _Literals(self)
        parser.feed(_without_logic(source))
        parser.close()

    def add_sentences(self, sentences: Iterable[str]) -> None:
        """Add sentences of our own; `{...}` in them stands for a computed value."""
        for sentence in sentences:
            self.add_text(_FORMAT_FIELD.sub(_GAP, sentence))

    def add_text(self, text: str) -> None:
        """Add a literal text, cut where a template computes something."""
        pieces = (" ".join(piece.split()) for piece in text.split(_GAP))
        self.texts.update(piece for piece in pieces if piece)


class _Literals(HTMLParser):
    def __init__(self, found: TemplateText) -> None:
        super().__init__()
        self._found = found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._found.names.add(tag)
        for name, value in attrs:
            self._found.names.add(name.replace(_GAP, ""))
            self._found.add_text(value or "")

    def handle_data(self, data: str) -> None:
        self._found.add_text(data)


def _without_logic(source: str) -> str:
    return "".join(_literal_parts(source))


def _literal_parts(source: str) -> Iterator[str]:
    for _, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            yield value
        elif kind in {"variable_begin", "block_begin"}:
            yield _GAP
