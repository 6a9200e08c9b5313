"""Labels that nobody should hold: taken out of a page before anything of it touches the disk.

Most pages have none, so a page's bytes are first searched for what such a label could look like; only a page
that looks suspicious is taken apart, and only the label and its value are left out of it: every other byte
stays.
"""

import json
import re

# Parts of a label with the quotes and colon that close it, without case, underscores, hyphens and blanks.
SENSITIVE = ('ssn":', "socialsecurity", 'webpassword":', 'loginid":', 'lockercombination":')

_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")
_IGNORED = b"_- \t\r\n"
# A first look goes by the rarer letters alone: twice as quick as the second look, and hardly ever mistaken.
_SKIPPED = bytes(set(range(256)) - set(b":bcdgklmnswBCDGKLMNSW"))
_FIRST_LOOK = tuple(part.encode().translate(_LOWER, _SKIPPED) for part in SENSITIVE)
_SECOND_LOOK = tuple(part.encode() for part in SENSITIVE)
# A label may be written with escapes (\u0073sn): an escaped ASCII character near the end of a string that a
# colon follows. "Near", so that a page of nothing but escapes does not cost the square of its length.
_ESCAPED_LABEL = re.compile(rb'\\u00[2-7][0-9A-Fa-f](?:[^"\\]|\\.){0,99}"\s*:', re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# Numbers stay text: nothing is computed with them, and a number of a million digits costs nothing.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)


def strip_sensitive(content: bytes) -> tuple[bytes, frozenset[str]]:
    """Leaves sensitive labels and their values out of JSON text, at any depth.

    Args:
        content: JSON in UTF-8.

    Returns:
        The JSON, otherwise byte for byte as it was, and the labels that were left out, as they were spelled.

    Raises:
        ValueError: the page looks suspicious, and is not JSON.
        RecursionError: it looks suspicious, and is nested too deeply to be taken apart.
    """
    if not _suspicious(content):
        return content, frozenset()
    found: set[str] = set()
    try:
        text = content.decode()
        cleaned, _ = _clean(text, _blank(text, 0), found)
    except IndexError:
        raise ValueError("not JSON") from None
    return (cleaned.encode(), frozenset(found)) if found else (content, frozenset())


def is_sensitive(label: str) -> bool:
    """Whether a label, in any spelling, is one that nobody should hold."""
    flat = f'{label}":'.encode(errors="replace").translate(_LOWER, _IGNORED)
    return any(part in flat for part in _SECOND_LOOK)


def _suspicious(content: bytes) -> bool:
    if b"\\" in content and _ESCAPED_LABEL.search(content):
        return True
    consonants = content.translate(_LOWER, _SKIPPED)
    if not any(part in consonants for part in _FIRST_LOOK):
        return False
    flat = content.translate(_LOWER, _IGNORED)
    return any(part in flat for part in _SECOND_LOOK)


def _clean(text: str, at: int, found: set[str]) -> tuple[str, int]:
    """The value at `at` without sensitive members, and where it ends."""
    match text[at]:
        case "{":
            return _clean_container(text, at, "}", found)
        case "[":
            return _clean_container(text, at, "]", found)
        case _:
            _, end = _DECODER.raw_decode(text, at)
            return text[at:end], end


def _clean_container(text: str, at: int, closing: str, found: set[str]) -> tuple[str, int]:
    """An object or array without sensitive members; blanks and commas of what is kept stay as they are."""
    opening, kept = text[at], []
    start = at + 1
    at = _blank(text, start)
    if text[at] == closing:
        return text[start - 1 : at + 1], at + 1
    while True:
        keep = True
        if closing == "}":
            label = _STRING.match(text, at)
            if label is None:
                raise ValueError("not JSON")
            name = json.loads(label.group(), strict=False)
            at = _blank(text, label.end())
            if text[at] != ":":
                raise ValueError("not JSON")
            at = _blank(text, at + 1)
            if is_sensitive(name):
                found.add(name[:60])
                keep = False
        before = text[start:at]
        value, at = _clean(text, at, found)
        end = _blank(text, at)
        if keep:
            kept.append(before + value + text[at:end])
        if text[end] == closing:
            return opening + ",".join(kept) + closing, end + 1
        if text[end] != ",":
            raise ValueError("not JSON")
        start = end + 1
        at = _blank(text, start)


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
