"""Reads the body of an answer: complete, unpacked, and never more of it than allowed."""

import time
from typing import cast

import urllib3
from isal import isal_zlib

from extract.errors import EndpointError
from extract.outcomes import INCOMPLETE_ANSWER, PAGE_TOO_LARGE, TOO_SLOW, UNREADABLE

_PIECE = 1 << 18
_GZIP = 16 + 15  # zlib's way to say: with gzip's header, the largest window
_BROKEN_GZIP = cast(type[Exception], isal_zlib.error)  # isal's stub calls it an instance


def read_body(response: urllib3.BaseHTTPResponse, *, most_bytes: int, give_up_at: float) -> bytes:
    """The whole body, unpacked.

    Args:
        response: the answer, of which only the headers are read.
        most_bytes: a larger body is refused, packed or unpacked.
        give_up_at: by time.monotonic().

    Raises:
        EndpointError: it is too large or too slow, or packed in a way that was not requested or is damaged.
    """
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise EndpointError(UNREADABLE, status=response.status)
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > most_bytes:
            raise _too_large(response, most_bytes)
        if time.monotonic() > give_up_at:
            raise EndpointError(TOO_SLOW, status=response.status)
        pieces.append(piece)
    body = b"".join(pieces)
    if "gzip" not in packing:
        return body
    try:
        return _unpacked(body, response, most_bytes)
    except _BROKEN_GZIP:
        raise EndpointError(INCOMPLETE_ANSWER) from None


def _unpacked(packed: bytes, response: urllib3.BaseHTTPResponse, most_bytes: int) -> bytes:
    """All members of a gzip file [RFC 1952], with their checksums verified."""
    body = b""
    while packed:
        member = isal_zlib.decompressobj(wbits=_GZIP)
        body += member.decompress(packed, most_bytes + 1 - len(body))
        if len(body) > most_bytes:
            raise _too_large(response, most_bytes)
        if not member.eof:
            raise _BROKEN_GZIP
        packed = member.unused_data.lstrip(b"\0")
    return body


def _too_large(response: urllib3.BaseHTTPResponse, most_bytes: int) -> EndpointError:
    return EndpointError(PAGE_TOO_LARGE, status=response.status, megabytes=most_bytes // 2**20)
