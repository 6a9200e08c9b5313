"""Reads JSON strictly, one value at a time, and edits it as text.

A page is read record by record: however many there are, no more than one is in memory as objects. What is not
removed or replaced stays byte for byte as the server sent it.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extract.errors import ValueTooLargeError

# Larger than any record of a person: 500 fields of 255 characters have 130 KB.
MOST_VALUE_BYTES = 2**19
_FIRST_WINDOW = 2**12

_BLANK = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BLANK_TEXT = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Array:
    """What is told of an array that is too large to be kept as objects.

    Attributes:
        elements: how many.
        objects: how many of them are objects.
    """

    elements: int
    objects: int


def _no_constant(name: str) -> object:
    raise ValueError("NaN and Infinity are not JSON")


# Numbers stay text: nothing is computed with them, and a number of many digits costs nothing.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)


def skip_blank(content: bytes, at: int) -> int:
    """The place of the first byte from `at` on that is not blank."""
    match = _BLANK.match(content, at)
    return match.end() if match else at


def read_value(content: bytes, at: int) -> tuple[object, int]:
    """The value that starts at `at`, and where it ends.

    Raises:
        ValueError: it is not JSON in UTF-8, or cut off.
        RecursionError: it is nested too deeply.
        ValueTooLargeError: it is larger than any record.
    """
    size = _FIRST_WINDOW
    while True:
        is_all = at + size >= len(content)
        text, _ = codecs.utf_8_decode(content[at : at + size], "strict", is_all)
        try:
            value, end = _DECODER.raw_decode(text)
        except ValueError:
            if is_all:
                raise
        else:
            if is_all or end < len(text):  # a number may go on behind the window
                return value, at + (end if text.isascii() else len(text[:end].encode()))
        if size >= MOST_VALUE_BYTES:
            raise ValueTooLargeError("a value is larger than any record")
        size = min(size * 8, MOST_VALUE_BYTES)


def elements(content: bytes, at: int) -> Iterator[tuple[object, int, int]]:
    """Value, start and end of each element of the array that starts at `at`; then None and the array's end.

    Raises:
        ValueError: it is not JSON, or cut off.
        RecursionError: it is nested too deeply.
        ValueTooLargeError: an element is larger than any record.
    """
    at = skip_blank(content, at + 1)
    if content[at : at + 1] == b"]":
        yield None, at + 1, at + 1
        return
    while True:
        value, end = read_value(content, at)
        yield value, at, end
        end = skip_blank(content, end)
        following = content[end : end + 1]
        if following == b"]":
            yield None, end + 1, end + 1
            return
        if following != b",":
            raise ValueError("not JSON")
        at = skip_blank(content, end + 1)


def members(content: bytes) -> Iterator[tuple[str, object, int, int]]:
    """Label, value, and the value's start and end, of each member of an object; an array as an `Array`.

    Raises:
        ValueError: it is not an object of JSON.
        RecursionError: it is nested too deeply.
        ValueTooLargeError: a value, or an element of an array, is larger than any record.
    """
    at = skip_blank(content, 1)
    is_first = True
    while content[at : at + 1] != b"}":
        if not is_first:
            if content[at : at + 1] != b",":
                raise ValueError("not JSON")
            at = skip_blank(content, at + 1)
        is_first = False
        label, at = read_value(content, at)
        at = skip_blank(content, at)
        if not isinstance(label, str) or content[at : at + 1] != b":":
            raise ValueError("not JSON")
        start = skip_blank(content, at + 1)
        value, end = (
            _summary(content, start) if content[start : start + 1] == b"[" else read_value(content, start)
        )
        yield label, value, start, end
        at = skip_blank(content, end)
    if at != len(content) - 1:
        raise ValueError("not JSON")


def _summary(content: bytes, at: int) -> tuple[Array, int]:
    count = objects = end = 0
    for value, start, end in elements(content, at):
        count += start < end
        objects += isinstance(value, dict)
    return Array(count, objects), end


def without_members(text: str, is_unwanted: Callable[[str], bool]) -> tuple[str, set[str]]:
    """JSON without the members whose label is unwanted, at any depth; and these labels.

    Raises:
        ValueError: it is not JSON.
        IndexError: it is cut off.
        RecursionError: it is nested too deeply.
    """
    removed: set[str] = set()
    kept, _ = _value(text, _skip(text, 0), is_unwanted, removed)
    return kept, removed


def _skip(text: str, at: int) -> int:
    match = _BLANK_TEXT.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, is_unwanted: Callable[[str], bool], removed: set[str]) -> tuple[str, int]:
    """What is kept of the value at `at`, and where the value ends."""
    match text[at]:
        case "{":
            return _container(text, at, "}", is_unwanted, removed)
        case "[":
            return _container(text, at, "]", is_unwanted, removed)
        case _:
            _, end = _DECODER.raw_decode(text, at)
            return text[at:end], end


def _container(
    text: str, at: int, closing: str, is_unwanted: Callable[[str], bool], removed: set[str]
) -> tuple[str, int]:
    """An object or array; blanks and commas of what is kept stay as they are."""
    opening, kept = text[at], []
    start = at + 1
    at = _skip(text, start)
    if text[at] == closing:
        return text[start - 1 : at + 1], at + 1
    while True:
        keep = True
        if closing == "}":
            label, at = _label(text, at)
            if is_unwanted(label):
                removed.add(label)
                keep = False
        before = text[start:at]
        value, at = _value(text, at, is_unwanted, removed)
        end = _skip(text, at)
        if keep:
            kept.append(before + value + text[at:end])
        if text[end] == closing:
            return opening + ",".join(kept) + closing, end + 1
        if text[end] != ",":
            raise ValueError("not JSON")
        start = end + 1
        at = _skip(text, start)


def _label(text: str, at: int) -> tuple[str, int]:
    """The label at `at`, and where its value starts."""
    match = _STRING.match(text, at)
    if match is None:
        raise ValueError("not JSON")
    at = _skip(text, match.end())
    if text[at] != ":":
        raise ValueError("not JSON")
    return str(json.loads(match.group(), strict=False)), _skip(text, at + 1)
