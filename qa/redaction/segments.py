"""Cuts a text into the longest of our own texts and short numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

# Up to three digits: no value that short says anything by itself.
_NUMBER = re.compile(r"(?<!\w)\d{1,3}(?:\.\d)?(?: (?:%|s|min)|%)?(?!\w)")
_WORD = re.compile(r"\w")
_LETTERS = re.compile(r"[^\W_]+")


class Segments:
    """Our own texts by their first word.

    One regular expression of all of them would do the same, but takes longer to compile than a page to scan.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        spoken = {text for text in texts if _WORD.search(text) and not _NUMBER.fullmatch(text)}
        for text in sorted(spoken, key=len, reverse=True):
            self._by_first[_first(text, 0)].append(text)

    def of(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each of them in a text, none within a word; what is between is not ours."""
        place = 0
        while place < len(text):
            first = _first(text, place)
            # The letters of a word are skipped as a whole.
            end = self._end(text, place, first)
            if end:
                yield place, end
            place = end or place + len(first)

    def _end(self, text: str, place: int, first: str) -> int:
        """Where the longest of them ends that starts at a place; 0 where none does."""
        if first[0].isalnum() and place and _WORD.match(text, place - 1):
            return 0
        for ours in self._by_first.get(first, ()):
            end = place + len(ours)
            if text.startswith(ours, place) and not (ours[-1].isalnum() and _WORD.match(text, end)):
                return end
        number = _NUMBER.match(text, place)
        return number.end() if number else 0


def _first(text: str, place: int) -> str:
    """The letters and digits that a text has at a place, or the one other character."""
    letters = _LETTERS.match(text, place)
    return letters.group() if letters else text[place]
