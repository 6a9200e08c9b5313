"""Reads one page: what the server may send as a body, and what not.

A page is a JSON array of records, or an object with that array in it [assumed], with or without a total
beside it; or `null` for no records.
"""

import re
from dataclasses import dataclass, field

from isal import isal_zlib

from extract.api.characters import as_utf8, without_impossible_escapes
from extract.api.envelope import enveloped
from extract.api.json_text import MOST_VALUE_BYTES, elements, read_value, skip_blank
from extract.api.ordinary_pages import OrdinaryPages
from extract.api.sensitive_labels import has_sensitive, is_sensitive, without_sensitive
from extract.errors import EndpointError, ValueTooLargeError
from extract.outcomes import (
    INCOMPLETE_ANSWER,
    NO_RECORDS_IN_ANSWER,
    NOT_JSON,
    NOT_UTF8,
    RECORD_TOO_LARGE,
    TOO_MANY_RECORDS,
    UNREADABLE,
    WEB_PAGE,
)

# A server that ignores `limit` may send all it has; no page of real records has more.
MOST_RECORDS = 250_000
# Bytes that are not UTF-8: a few are damage, more are another encoding, in which every name would be damaged.
_FEW = 3
_SHARE = 100

_BOM = b"\xef\xbb\xbf"
_EMPTY = re.compile(rb"\[\s*\]")


@dataclass(frozen=True)
class Page:
    """One page, ready to be landed.

    Attributes:
        content: a JSON array in UTF-8: the records byte for byte as received, without the labels in
            `stripped` and with `replaced` characters replaced.
        rows: how many records.
        total: the total in the body; None where it has none.
        digest: names the page as received; equal for equal pages, within this process.
        stripped: sensitive labels that were removed.
        skipped: names the first record, where it was left out because it was received before.
        last: names the last record.
        replaced: how many characters could not be read.
    """

    content: bytes = field(repr=False)
    rows: int
    total: int | None
    digest: int
    stripped: frozenset[str] = frozenset()
    skipped: int | None = None
    last: int | None = None
    replaced: int = 0


def read_page(body: bytes, endpoint: str, ordinary: OrdinaryPages, *, skip_first: bool = False) -> Page:
    """Reads the body of a 200.

    Args:
        body: as received, unpacked.
        endpoint: the endpoint's name, one of the labels under which an empty array means no records.
        ordinary: what is known of this endpoint's pages; learns from this one.
        skip_first: leave the first record out: it was received with the page before.

    Raises:
        EndpointError: it is a web page or JSON without records, not JSON, cut off, or too large.
    """
    content = body.removeprefix(_BOM).strip()
    _refuse_other_kinds(content)
    try:
        return _read(content, endpoint, ordinary, skip_first=skip_first)
    except RecursionError:
        raise EndpointError(UNREADABLE, status=200) from None
    except ValueTooLargeError:
        raise EndpointError(RECORD_TOO_LARGE, status=200, kilobytes=MOST_VALUE_BYTES // 2**10) from None
    except (ValueError, IndexError):
        raise EndpointError(NOT_JSON, status=200) from None


def _refuse_other_kinds(content: bytes) -> None:
    """What can't be a page, by its first and last character."""
    first, last = content[:1], content[-1:]
    if first == b"<":
        raise EndpointError(WEB_PAGE, status=200)
    if (first, last) in ((b"[", b"]"), (b"{", b"}")) or content == b"null":
        return
    if first in (b"[", b"{", b""):
        raise EndpointError(INCOMPLETE_ANSWER, status=200)
    is_text = not as_utf8(content)[1]
    raise EndpointError(NO_RECORDS_IN_ANSWER if is_text else NOT_UTF8, status=200)


def _read(content: bytes, endpoint: str, ordinary: OrdinaryPages, *, skip_first: bool) -> Page:
    damaged = impossible = 0
    array, total, rows = _if_ordinary(content, endpoint, ordinary)
    if rows is None:
        content, damaged = as_utf8(content)
        content, impossible = without_impossible_escapes(content)
        array, total = _array(content, endpoint)
    digest = _digest(array)
    skipped = None
    if skip_first and array != b"[]":
        first, end = read_value(array, skip_blank(array, 1))
        skipped = _name_of(first)
        array = _without_first(array, end)
        rows = None if rows is None else rows - 1
    stripped: frozenset[str] = frozenset()
    if rows is None:
        array, rows, last, stripped = _records(array, ordinary)
    elif rows:
        last = _name_of(read_value(array, array.rindex(b"{"))[0])
    else:
        last = None
    if rows > MOST_RECORDS:
        raise EndpointError(TOO_MANY_RECORDS, status=200, records=MOST_RECORDS)
    if damaged > max(_FEW, rows // _SHARE):
        raise EndpointError(NOT_UTF8, status=200)
    return Page(array, rows, total, digest, stripped, skipped, last, damaged + impossible)


def _if_ordinary(
    content: bytes, endpoint: str, ordinary: OrdinaryPages
) -> tuple[bytes, int | None, int | None]:
    """Array, total and rows of an ordinary page; no rows where it must be read by record."""
    start, end = content.find(b"["), content.rfind(b"]") + 1
    array = content[start:end]
    rows = ordinary.rows(array) if 0 <= start < end else None
    total = None
    if rows is not None and start:
        # The object around it is read with a short array in its place.
        short = b"[{}]"
        around, _ = as_utf8(content[:start] + short + content[end:])
        found, _, total = enveloped(around, endpoint)
        rows = rows if found == start else None
    return array, total, rows


def _array(content: bytes, endpoint: str) -> tuple[bytes, int | None]:
    """The array of records, and the total beside it."""
    if content == b"null" or _EMPTY.fullmatch(content):
        return b"[]", None
    if content.startswith(b"["):
        return content, None
    start, end, total = enveloped(content, endpoint)
    return content[start:end] or b"[]", total


def _records(array: bytes, ordinary: OrdinaryPages) -> tuple[bytes, int, int | None, frozenset[str]]:
    """Reads an array by record: what may be stored of it, its rows, its last record, and what was removed."""
    rows = kept_until = 0
    last: object = None
    pieces: list[bytes] = []
    labels: set[str] = set()
    stripped: set[str] = set()
    for record, start, end in elements(array, 0):
        if start == end:
            if end != len(array):
                raise ValueError("not JSON")
            break
        if not isinstance(record, dict):
            raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
        rows += 1
        last = record
        if rows > MOST_RECORDS:
            break
        if not labels.issuperset(record):
            labels.update(record)
            ordinary.learn(label for label in record if not is_sensitive(label))
        if has_sensitive(record):
            kept, removed = without_sensitive(array[start:end])
            pieces += array[kept_until:start], kept
            kept_until = end
            stripped |= removed
    content = b"".join([*pieces, array[kept_until:]]) if pieces else array
    return content, rows, None if last is None else _name_of(last), frozenset(stripped)


def _without_first(array: bytes, end: int) -> bytes:
    """An array without its first element, which ends at `end`."""
    end = skip_blank(array, end)
    return b"[" + array[end + (array[end : end + 1] == b",") :]


def _digest(content: bytes) -> int:
    """A checksum, the length and the first records: together they tell pages apart, and cost little."""
    return hash((isal_zlib.crc32(content), len(content), content[:2000]))


def _name_of(record: object) -> int:
    """Equal for records with the same labels and values in the same order, within this process."""
    return hash(repr(record))
