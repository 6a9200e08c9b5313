"""Reads one page: what the server may send as a body, and what it may not.

A page is a JSON array of records, or an object with that array under `data`, `records` or the endpoint's name
[assumed], in any case, with or without a total beside it; or `null` for no records.
"""

import re
from dataclasses import dataclass, field

from isal import isal_zlib

from extract.api.json_text import DECODER, members, without_first
from extract.api.sensitive_labels import strip_sensitive
from extract.errors import BrokenError, RefusedError, TransientError

_BOM = b"\xef\xbb\xbf"
_ARRAY_NAMES = {"data", "records"}
_TOTAL_NAMES = {"total", "totalcount", "totalrecords", "xtotalcount"}
_EMPTY = re.compile(rb"\[\s*\]")
_HALF = "half an answer came: the JSON is cut off or damaged"


@dataclass(frozen=True)
class Page:
    """One page, ready to be landed.

    Attributes:
        content: a JSON array in UTF-8: the records byte for byte as they came, without the labels in
        `stripped`.
        rows: how many records; None where they were not counted (landing counts them).
        total: the total that the body told; None where it told none.
        digest: names the page as it came; equal for equal pages, within this process.
        stripped: sensitive labels that were left out.
        skipped: names the first record, where it was left out because it came before.
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
        body: as it came, decompressed.
        endpoint: the endpoint's name, one of the names under which its array may stand.
        count: parse every record and count them. Without it an array's inside is only looked at when it
            lands, its UTF-8 too; that is what makes a million rows quick.
        skip_first: leave the first record out: it came with the page before. Needs `count`.

    Raises:
        RefusedError: it is a web page, or JSON without records.
        TransientError: it is cut off or damaged.
    """
    content = body.removeprefix(_BOM).strip()
    if content.startswith(b"<"):
        raise RefusedError(web_page(content), 200)
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
        raise TransientError(
            "the answer is not UTF-8 text. Open a case with PowerSchool support, and give them this line", 200
        ) from None
    except RecursionError:
        raise BrokenError("the answer is nested too deeply to be read", 200) from None
    except (ValueError, IndexError):
        raise TransientError(_HALF, 200) from None
    return Page(content, None if records is None else len(records), total, digest, stripped, skipped, last)


def _digest(content: bytes) -> int:
    """A checksum, the length and the first records: together they tell pages apart, and cost little."""
    return hash((isal_zlib.crc32(content), len(content), content[:2000]))


def web_page(content: bytes) -> str:
    """Says that a web page came in place of data, with its title."""
    match = re.search(rb"<title[^>]*>(.*?)</title>", content[:65536], re.IGNORECASE | re.DOTALL)
    title = " ".join(match.group(1).decode(errors="replace").split())[:80] if match else ""
    titled = f'titled "{title}"' if title else "without a title"
    return (
        f"a web page {titled} came in place of data: a maintenance page, or a proxy's log-in page. "
        "Open the base URL in a browser on this machine, and ask the district's network staff to let it "
        "through"
    )


def whole_number(value: object) -> int | None:
    """A total as servers write it: a number, or a text of digits; None for anything else."""
    text = str(value).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _array(content: bytes, endpoint: str, *, count: bool) -> tuple[bytes, list[object] | None, int | None]:
    """The array of records as bytes and, where it was parsed, as it is; and the total beside it."""
    if content == b"null" or _EMPTY.fullmatch(content):
        return b"[]", [], None
    if content[:1] == b"[" and content[-1:] == b"]":
        return content, _only_records(DECODER.decode(content.decode())) if count else None, None
    if content[:1] == b"{" and content[-1:] == b"}":
        return _enveloped(content.decode(), endpoint)
    if content[:1] in (b"[", b"{", b""):
        raise TransientError(_HALF if content else "an empty answer came", 200)
    content.decode()  # what is no text at all is told as such
    raise RefusedError("the answer is neither an array nor an object of JSON", 200)


def _only_records(records: list[object]) -> list[object]:
    if not all(isinstance(record, dict) for record in records):
        raise RefusedError(
            "the answer holds something other than records: an array of objects is expected", 200
        )
    return records


def _name_of(record: object) -> int:
    """Equal for records with the same labels and values in the same order, within this process."""
    return hash(repr(record))


def _enveloped(text: str, endpoint: str) -> tuple[bytes, list[object], int | None]:
    names = _ARRAY_NAMES | {endpoint.lower()}
    array: tuple[bytes, list[object]] | None = None
    total = None
    for label, value, start, end in members(text):
        name = label.lower().replace("_", "").replace("-", "")
        if name in names and isinstance(value, list):
            array = text[start:end].encode(), _only_records(value)
        elif name in names and value is None:
            array = b"[]", []
        elif name in _TOTAL_NAMES:
            total = whole_number(value)
    if array is None:
        raise RefusedError(
            f"the answer is JSON without records: an array, or one under data, records or {endpoint}, "
            "is expected",
            200,
        )
    return *array, total
