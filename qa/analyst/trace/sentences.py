"""Sentences that a notebook shows as text: without quotation marks, and in lines as wide as the page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from qa.analyst.visible import visible

_NONE = "No guardian is added, changed, kept or removed."


class Sentence(str):
    """A text that shows itself as it reads."""

    __slots__ = ()

    def __repr__(self) -> str:
        return visible(self)

    def _repr_html_(self) -> str:  # Jupyter's own hook
        return f"<p>{escape(visible(self))}</p>"


class Sentences(tuple[Sentence, ...]):
    """Several of them, a line each."""

    __slots__ = ()

    def __new__(cls, texts: Iterable[str]) -> Sentences:
        """Take plain texts."""
        return super().__new__(cls, map(Sentence, texts))

    def __repr__(self) -> str:
        return "\n".join(map(repr, self)) or _NONE

    def _repr_html_(self) -> str:  # Jupyter's own hook
        return "".join(one._repr_html_() for one in self) or f"<p>{_NONE}</p>"
