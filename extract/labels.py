"""Labels that nobody should hold: taken out of a page before anything of it touches the disk.

Most pages have none, so a page's bytes are first searched for what such a label could look like; only a page
that looks suspicious is taken apart, and only the label and its value are left out of it: every other byte
stays.
"""

import json
import re

# Compared without case, underscores, hyphens and blanks; a label that ends in one of them counts
# (studentSsn).
SENSITIVE = (
    "ssn",
    "socialsecuritynumber",
    "socialsecurity",
    "webpassword",
    "loginid",
    "lockercombination",
)

_IGNORED = "_- \t\r\n"
_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")
_NEEDLES = tuple(f'{label}":'.encode() for label in SENSITIVE)
# A label may be written with escapes (\u0073sn): an escaped ASCII character in a string that a colon follows.
_ESCAPED_LABEL = re.compile(rb'\\u00[2-7][0-9A-Fa-f](?:[^"\\]|\\.)*"\s*:', re.DOTALL)
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
        ValueError: the page looks suspicious, and is not JSON (or nested too deeply to be read).
    """
    if not _suspicious(content):
        return content, frozenset()
    found: set[str] = set()
    try:
        cleaned, _ = _clean(content.decode(), _blank(content.decode(), 0), found)
    except (RecursionError, IndexError):
        raise ValueError("not JSON, or nested too deeply") from None
    return (cleaned.encode(), frozenset(found)) if found else (content, frozenset())


def is_sensitive(label: str) -> bool:
    """Whether a label, in any spelling, is one that nobody should hold."""
    return label.lower().translate({ord(character): None for character in _IGNORED}).endswith(SENSITIVE)


def _suspicious(content: bytes) -> bool:
    flat = content.translate(_LOWER, _IGNORED.encode())
    if any(needle in flat for needle in _NEEDLES):
        return True
    return b"\\" in content and _ESCAPED_LABEL.search(content) is not None


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
                found.add(name)
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
