"""What the sentences and tables of a shared file say of a school: bands, shares in steps, or too much."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from qa.redaction.schools.shares import SMALLEST_GROUP
from qa.report.words import REASONS

_CODE = r"(?P<school>[0-9]{1,6}|B-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})"
_SCHOOL = re.compile(rf"\bschool {_CODE}(?![\w-])", re.IGNORECASE)
# What a sentence may say of a school. The numbers before "most of them" are the district's.
MOST_OF_THEM = re.compile(rf"(?P<n>[\d,]+)(?: of [\d,]+)? [a-z ]+, most of them at school {_CODE}")
_ALLOWED = (
    MOST_OF_THEM,
    re.compile(rf"At school {_CODE}, this load would delete [\d,]+ to [\d,]+ guardians", re.IGNORECASE),
    re.compile(
        rf"At school {_CODE}, this load would (?:end the enrollment of|delete) more than \d+% of the "
        "(?:students|guardians)",
        re.IGNORECASE,
    ),
)
_BANDS = re.compile(r"(?<![\w,])([\d,]+) ?(?:\u2013|-|to) ?([\d,]+)( ?%)?(?!\w)")
# A step of a share as the heat map has it: 85+ is 85 to 90 percent.
_STEP = re.compile(r"(?<!\w)(\d?[05]\+|<5)(?!\w)")
# A school of which a group has no share.
_SMALL_GROUP = f"fewer than {SMALLEST_GROUP}"
_REASONS = re.compile("|".join(re.escape(text) for text in REASONS.values() if re.search(r"\d", text)))
_NUMBER = re.compile(r"(?<![\w-])\d[\d,.]*(?![\w-])")
# A cell ends with its tag, and so does a sentence.
_BLOCKS = {"td", "th", "li", "p", "dt", "dd", "tr", "caption", "summary", "title", "desc", "text", "div"}
_SENTENCE = re.compile(r"(?<=[.;])\s")


def too_much(text: str) -> Iterator[str]:
    """The schools of which a sentence of a text says more than a band or a step."""
    for sentence in _SENTENCE.split(text):
        schools = [match["school"] for match in _SCHOOL.finditer(sentence)]
        rest = sentence
        for allowed in (*_ALLOWED, _REASONS):
            rest = allowed.sub(" ", rest)
        if schools and _NUMBER.search(_BANDS.sub(_unless_it_is_one, _SCHOOL.sub(" ", rest))):
            yield schools[0]


def too_much_in_page(page: str, schools: Collection[str]) -> Iterator[str]:
    """The schools of which a cell, a row or a sentence of an HTML page says too much.

    Args:
        page: its source.
        schools: the codes that may head a row of a table.
    """
    reader = _Blocks()
    reader.feed(page)
    reader.close()
    for text in reader.texts:
        yield from too_much(text)
    for first, *cells in reader.rows_of_schools:
        school = re.sub(r"^school ", "", first, flags=re.IGNORECASE)
        if school in schools and any(
            cell != _SMALL_GROUP and _NUMBER.search(_STEP.sub(" ", _BANDS.sub(_unless_it_is_one, cell)))
            for cell in cells
        ):
            yield school


def _unless_it_is_one(match: re.Match[str]) -> str:
    """Nothing for a band of ten or a step of five percent; anything else is left."""
    low, high = (int(match[n].replace(",", "")) for n in (1, 2))
    is_one = (low % 5 == 0 and high == low + 5) if match[3] else (low % 10 == 0 and high == low + 9)
    return " " if is_one else match[0]


class _Blocks(HTMLParser):
    """The texts of a page, cell by cell, and the rows of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._tables: list[list[list[str]]] = []
        self._text: list[str] = []
        self._is_style = False
        self._spans: int | None = None  # open ones in a summary, whose own spans are the cells of a line

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "summary":
            self._spans = 0
        self._end_text(tag)
        if tag == "span" and self._spans is not None:
            self._spans += 1
        if tag == "table":
            self._tables.append([])
        if tag == "tr" and self._tables:
            self._tables[-1].append([])
        self._is_style = tag == "style"
        self.texts += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._spans:
            self._spans -= 1
        text = self._end_text(tag)
        if tag == "summary":
            self._spans = None
        if tag in ("td", "th") and self._tables and self._tables[-1]:
            self._tables[-1][-1].append(text)
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self._text.append(data)

    @property
    def rows_of_schools(self) -> list[list[str]]:
        """The rows of the tables whose first column has schools."""
        tables = [rows for rows in self._tables if any(row[:1] == ["School"] for row in rows)]
        return [row for rows in tables for row in rows if row]

    def _end_text(self, tag: str) -> str:
        """The text since the last block began, if a tag ends it."""
        if tag not in _BLOCKS and not (tag == "span" and self._spans == 0):
            return ""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text:
            self.texts.append(text)
        return text
