"""Removes our own text from a finished file; what is left must contain no personal value."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePath

from district.folder import REDACTED_FILES
from qa.redaction.allowed_text import AllowedText
from qa.redaction.tokens import Tokens, tokens_of, tokens_of_html

_SHORT_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_END_TAG = re.compile(r"</[a-z][a-z0-9]*\s*>", re.IGNORECASE)


def tokens_left(path: PurePath, text: str, allowed: AllowedText) -> Tokens:
    """The tokens of a file's name and text that are not of our own texts; HTML and JSON are read as such."""
    name = "" if path.name in REDACTED_FILES else path.name
    if path.suffix == ".html":
        page = _Page(allowed)
        page.feed(text)
        page.close()
        return tokens_of_html("".join(page.text), "\n".join(page.unseen), name)
    leaves = _json_leaves(json.loads(text), allowed) if path.suffix == ".json" else text.splitlines()
    return tokens_of("\n".join(leaf for leaf in leaves if not allowed.allows(leaf)), name)


class _Page(HTMLParser):
    """Takes a page apart.

    Attributes:
        text: its text without ours, and its tags by name only: what splits a word must still be seen.
        unseen: what no reader sees and is not ours: attributes, comments, declarations.
    """

    def __init__(self, allowed: AllowedText) -> None:
        super().__init__()
        self.text: list[str] = []
        self.unseen: list[str] = []
        self._allowed = allowed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text.append(f"<{tag}>")
        names = [tag, *(name for name, _ in attrs)]
        self.unseen += [name for name in names if not self._allowed.allows_name(name)]
        for name, value in attrs:
            if value and not self._allowed.allows(value):
                # A class is a list of names, each of them ours or not.
                names = value.split() if name == "class" else [value]
                self.unseen += [one for one in names if not self._allowed.allows(one)]

    def parse_endtag(self, i: int) -> int:
        end = super().parse_endtag(i)
        tag = self.rawdata[i:end]
        if not _END_TAG.fullmatch(tag):  # an end tag may carry text that no browser shows
            self.unseen.append(tag)
        return end

    def handle_endtag(self, tag: str) -> None:
        self.text.append(f"</{tag}>")
        if not self._allowed.allows_name(tag):
            self.unseen.append(tag)

    def handle_data(self, data: str) -> None:
        # A short number is kept: three of them in a row may be a phone number.
        if _SHORT_NUMBER.fullmatch(data) or not self._allowed.allows(data):
            self.text.append(html.escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self.unseen.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.unseen.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.unseen.append(data)

    def handle_pi(self, data: str) -> None:
        self.unseen.append(data)


def _json_leaves(node: object, allowed: AllowedText) -> Iterator[str]:
    """Every key that is not ours and every value of a JSON text, escapes undone."""
    if isinstance(node, dict):
        for key, value in node.items():
            if not allowed.allows_name(key):
                yield key
            yield from _json_leaves(value, allowed)
    elif isinstance(node, list):
        for value in node:
            yield from _json_leaves(value, allowed)
    elif isinstance(node, str | int | float) and not isinstance(node, bool):
        yield str(node)
