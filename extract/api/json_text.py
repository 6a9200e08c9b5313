"""Edits JSON as text: what is not removed stays byte for byte as the server sent it."""

import json
import re
from collections.abc import Callable

# Numbers stay text: nothing is computed with them, and a number of a million digits costs nothing.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def skip_blank(text: str, at: int) -> int:
    """The place of the first character from `at` on that is not blank."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


def members(text: str) -> list[tuple[str, object, int, int]]:
    """Label, value, and the value's start and end, of each member of the object that `text` is.

    Raises:
        ValueError: it is not an object of JSON.
        IndexError: it is cut off.
    """
    found: list[tuple[str, object, int, int]] = []
    at = skip_blank(text, 1)
    while text[at : at + 1] != "}":
        if found:
            if text[at : at + 1] != ",":
                raise ValueError("not JSON")
            at = skip_blank(text, at + 1)
        label, at = DECODER.raw_decode(text, at)
        at = skip_blank(text, at)
        if not isinstance(label, str) or text[at : at + 1] != ":":
            raise ValueError("not JSON")
        start = skip_blank(text, at + 1)
        value, end = DECODER.raw_decode(text, start)
        found.append((label, value, start, end))
        at = skip_blank(text, end)
    if at != len(text) - 1:
        raise ValueError("not JSON")
    return found


def without_first(array: str) -> str:
    """An array of JSON without its first element."""
    _, end = DECODER.raw_decode(array, skip_blank(array, 1))
    end = skip_blank(array, end)
    return "[" + array[end + (array[end] == ",") :]


def without_members(text: str, is_unwanted: Callable[[str], bool]) -> tuple[str, set[str]]:
    """JSON without the members whose label is unwanted, at any depth; and these labels.

    Raises:
        ValueError: it is not JSON.
        IndexError: it is cut off.
        RecursionError: it is nested too deeply.
    """
    removed: set[str] = set()
    kept, _ = _value(text, skip_blank(text, 0), is_unwanted, removed)
    return kept, removed


def _value(text: str, at: int, is_unwanted: Callable[[str], bool], removed: set[str]) -> tuple[str, int]:
    """What is kept of the value at `at`, and where the value ends."""
    match text[at]:
        case "{":
            return _container(text, at, "}", is_unwanted, removed)
        case "[":
            return _container(text, at, "]", is_unwanted, removed)
        case _:
            _, end = DECODER.raw_decode(text, at)
            return text[at:end], end


def _container(
    text: str, at: int, closing: str, is_unwanted: Callable[[str], bool], removed: set[str]
) -> tuple[str, int]:
    """An object or array; blanks and commas of what is kept stay as they are."""
    opening, kept = text[at], []
    start = at + 1
    at = skip_blank(text, start)
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
        end = skip_blank(text, at)
        if keep:
            kept.append(before + value + text[at:end])
        if text[end] == closing:
            return opening + ",".join(kept) + closing, end + 1
        if text[end] != ",":
            raise ValueError("not JSON")
        start = end + 1
        at = skip_blank(text, start)


def _label(text: str, at: int) -> tuple[str, int]:
    """The label at `at`, and where its value starts."""
    match = _STRING.match(text, at)
    if match is None:
        raise ValueError("not JSON")
    at = skip_blank(text, match.end())
    if text[at] != ":":
        raise ValueError("not JSON")
    return str(json.loads(match.group(), strict=False)), skip_blank(text, at + 1)
