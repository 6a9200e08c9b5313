"""Reads one page: what the server may send as a body, and what not.

A page is a JSON array of records, or an object with that array in it [assumed], with or without a total
beside it; or `null` for no records.
"""

import re
from dataclasses import dataclass, field

from isal import isal_zlib

from extract.api.envelope import enveloped
from extract.api.json_text import DECODER, without_first
from extract.api.sensitive_labels import strip_sensitive
from extract.errors import EndpointError
from extract.outcomes import INCOMPLETE_ANSWER, NO_RECORDS_IN_ANSWER, NOT_UTF8, UNREADABLE, WEB_PAGE

_BOM = b"\xef\xbb\xbf"
_EMPTY = re.compile(rb"\[\s*\]")


@dataclass(frozen=True)
class Page:
    """One page, ready to be landed.

    Attributes:
        content: a JSON array in UTF-8: the records byte for byte as received, without the labels in
            `stripped`.
        rows: how many records; None where they were not counted (landing counts them).
        total: the total in the body; None where it has none.
        digest: names the page as received; equal for equal pages, within this process.
        stripped: sensitive labels that were removed.
        skipped: names the first record, where it was left out because it was received before.
        last: names the last record, where records were counted.
    """

    content: bytes = field(repr=False)
    rows: int | None
    total: int | None
    digest: int
    stripped: frozenset[str]
    skipped: int | None = None
    last: int | None = None


def read_page(body: bytes, endpoint: str, *, count: bool, skip_first: bool = False) -> Page:
    """Reads the body of a 200.

    Args:
        body: as received, unpacked.
        endpoint: the endpoint's name, one of the labels under which an empty array means no records.
        count: parse every record and count them. Without it an array's inside is parsed only when it
            lands, its UTF-8 too; that is what makes a million rows fast.
        skip_first: leave the first record out: it was received with the page before. Needs `count`.

    Raises:
        EndpointError: it is a web page or JSON without records, or it is cut off or damaged.
    """
    content = body.removeprefix(_BOM).strip()
    if content.startswith(b"<"):
        raise EndpointError(WEB_PAGE, status=200)
    try:
        content, records, total = _array(content, endpoint, count=count)
        digest = _digest(content)
        skipped = None
        last = _name_of(records[-1]) if records else None
        if skip_first and records:
            skipped = _name_of(records.pop(0))
            content = without_first(content.decode()).encode()
        content, stripped = strip_sensitive(content)
    except UnicodeDecodeError:
        raise EndpointError(NOT_UTF8, status=200) from None
    except RecursionError:
        raise EndpointError(UNREADABLE, status=200) from None
    except (ValueError, IndexError):
        raise EndpointError(INCOMPLETE_ANSWER, status=200) from None
    return Page(content, None if records is None else len(records), total, digest, stripped, skipped, last)


def _digest(content: bytes) -> int:
    """A checksum, the length and the first records: together they tell pages apart, and cost little."""
    return hash((isal_zlib.crc32(content), len(content), content[:2000]))


def _array(content: bytes, endpoint: str, *, count: bool) -> tuple[bytes, list[object] | None, int | None]:
    """The array of records as bytes and, where it was parsed, as a list; and the total beside it."""
    if content == b"null" or _EMPTY.fullmatch(content):
        return b"[]", [], None
    if content[:1] == b"[" and content[-1:] == b"]":
        return content, _only_records(DECODER.decode(content.decode())) if count else None, None
    if content[:1] == b"{" and content[-1:] == b"}":
        return enveloped(content.decode(), endpoint)
    if content[:1] in (b"[", b"{", b""):
        raise EndpointError(INCOMPLETE_ANSWER, status=200)
    content.decode()  # what is not text has an outcome of its own
    raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)


def _only_records(records: list[object]) -> list[object]:
    if not all(isinstance(record, dict) for record in records):
        raise EndpointError(NO_RECORDS_IN_ANSWER, status=200)
    return records


def _name_of(record: object) -> int:
    """Equal for records with the same labels and values in the same order, within this process."""
    return hash(repr(record))
