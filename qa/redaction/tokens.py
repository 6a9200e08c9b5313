"""Splits a document into what a personal value would look like in it, in any disguise.

Words (up to eight in a row), numbers written like phones, dates in any format, hex digits of hashes.
Entities, percent signs, base64 and markup inside a word are undone first; case and accents do not count.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

MAX_WORDS = 8
MIN_HASH_DIGITS = 10  # 40 bits: a shortened hash still points at one person

_WORD = re.compile(r"[^\W_]+")
_TIGHT = re.compile(r"[^\W_]+(?:[-.'\u2019_/][^\W_]+)+")  # O'Brien, mary-ann, 950-146-4726
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TAGS_IN_WORD = re.compile(r"(?<=\w)(?:</?[A-Za-z][^<>]*>)+(?=\w)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_INLINE = (
    "a|abbr|b|bdi|bdo|cite|code|data|dfn|em|font|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr"
)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})\b[^<>]*>", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_HEX = re.compile(rf"(?<![0-9a-z])[0-9a-f]{{{MIN_HASH_DIGITS},64}}(?![0-9a-z])")
_PHONE = re.compile(r"(?<!\w)\+?\(?\d[\d ().\-/\xa0]{5,18}\d(?!\w)")
_FEWEST_DIGITS = 7
_LOCAL_PHONE = re.compile(r"(?<!\w)(\d{3})[-. ](\d{4})(?!\w)")

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s.\-]*{_MONTH}[\s.,\-]*(\d{{4}})(?!\d)")
_MONTH_DAY = re.compile(rf"(?<![a-z]){_MONTH}[\s.\-]*(\d{{1,2}})(?:st|nd|rd|th)?[\s.,\-]+(\d{{4}})(?!\d)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)(\d{8})(?!\d)")


@dataclass
class Tokens:
    """What was found in a text: each set is compared with its own form of the values."""

    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)

    def __sub__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.words - other.words,
            self.numbers - other.numbers,
            self.dates - other.dates,
            self.hashes - other.hashes,
        )


def tokens_of_html(source: str, *texts: str) -> Tokens:
    """The tokens of a page's text, whatever its tags do to a word, and of plain texts."""
    return tokens_of(*_html_readings(source), *texts)


def tokens_of(*texts: str) -> Tokens:
    """The tokens of plain texts. A run of words ends with its line."""
    tokens = Tokens()
    for text in texts:
        for reading in (text, *_decoded(text)):
            _collect(_folded(reading), tokens)
    return tokens


def is_searchable(words: str) -> bool:
    """Whether a value identifies anything by itself: two letters do; "M" and the "12" of a street do not."""
    if any(character.isalpha() for character in words):
        return len(words) >= 2
    return sum(character.isdigit() for character in words) >= 4


def _html_readings(source: str) -> Iterator[str]:
    """The text of a page with split words joined, and with words apart."""
    yield _TAG.sub("\n", _TAGS_IN_WORD.sub(_joined, source))
    yield _TAG.sub("\n", _INLINE_TAG.sub(" ", source))


def _joined(tags: re.Match[str]) -> str:
    """Nothing, where tags split a word: Mi<b>gu</b>el. But two cells with a number each are two numbers."""
    before, after = tags.string[tags.start() - 1], tags.string[tags.end()]
    splits_a_word = before.isalpha() and after.isalpha()
    return "" if splits_a_word or not _INLINE_TAG.sub("", tags.group()) else "\n"


def _decoded(text: str) -> Iterator[str]:
    """What a text says once entities, percent signs and base64 are undone; nothing where it has none."""
    plain = html.unescape(html.unescape(text))
    if plain != text:
        yield plain
    if "%" in text:
        yield unquote(text)
    secrets = []
    for match in set(_BASE64.findall(plain)):
        body = match.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            secret = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode()
        except ValueError:
            continue
        if secret.isprintable():
            secrets.append(secret)
    yield "\n".join(secrets)


def _folded(text: str) -> str:
    """Lower case, without accents, invisible characters and thousands separators."""
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).lower()
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _THOUSANDS.sub("", bare)


def _collect(text: str, tokens: Tokens) -> None:
    for line in set(text.splitlines()):
        words = _WORD.findall(line)
        for start in range(len(words)):
            for end in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
                tokens.words.add(" ".join(words[start:end]))
        for run in _TIGHT.findall(line):
            parts = _WORD.findall(run)
            for start in range(len(parts)):
                for end in range(start + 1, min(start + MAX_WORDS, len(parts)) + 1):
                    tokens.words.add("".join(parts[start:end]))
        tokens.numbers.update(_phones(line))
        tokens.dates.update(_dates(line))
        tokens.hashes.update(_HEX.findall(line))


def _phones(line: str) -> Iterator[str]:
    """Digits of what is written like a phone number, with and without the country code."""
    for match in _PHONE.findall(line):
        digits = re.sub(r"\D", "", match)
        if len(digits) >= _FEWEST_DIGITS:  # "Nov 4, 2026 (2 runs)" is none
            yield digits
            yield digits[-10:]
    for exchange, number in _LOCAL_PHONE.findall(line):
        yield exchange + number


def _dates(line: str) -> Iterator[str]:
    """ISO dates that a text could mean; 03/04/2012 means two of them."""
    for year, _, month, day in _YEAR_FIRST.findall(line):
        yield from _calendar(year, month, day)
    for first, _, second, year in _YEAR_LAST.findall(line):
        for full in (year,) if len(year) == 4 else (f"19{year}", f"20{year}"):
            yield from _calendar(full, first, second)
            yield from _calendar(full, second, first)
    for day, month, year in _DAY_MONTH.findall(line):
        yield from _calendar(year, _MONTHS[month], day)
    for month, day, year in _MONTH_DAY.findall(line):
        yield from _calendar(year, _MONTHS[month], day)
    for digits in _EIGHT_DIGITS.findall(line):
        yield from _calendar(digits[:4], digits[4:6], digits[6:])
        yield from _calendar(digits[4:], digits[:2], digits[2:4])
        yield from _calendar(digits[4:], digits[2:4], digits[:2])


def _calendar(year: str, month: str | int, day: str) -> Iterator[str]:
    try:
        yield date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return
