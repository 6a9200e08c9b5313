"""Reads the body of an answer: complete, unpacked, and never more of it than allowed."""

import re
from typing import cast

import urllib3
from isal import isal_zlib

from extract.errors import EndpointError
from extract.outcomes import INCOMPLETE_ANSWER, PAGE_TOO_LARGE, UNREADABLE

_PIECE = 1 << 18
_GZIP = 16 + 15  # zlib's way to say: with gzip's header, the largest window
_FIRST_STEP = 1 << 12
# Each member costs time, even an empty one, and a page can hold a million; no server needs so many.
_MOST_MEMBERS = 10_000
_PADDING = re.compile(rb"\0*")
_BROKEN_GZIP = cast(type[Exception], isal_zlib.error)  # isal's stub calls it an instance


def read_body(response: urllib3.BaseHTTPResponse, *, most_bytes: int) -> bytes:
    """The whole body, unpacked.

    Args:
        response: the answer, of which only the headers are read.
        most_bytes: a larger body is refused, packed or unpacked.

    Raises:
        EndpointError: it is too large, or packed in a way that was not requested or is damaged.
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
        pieces.append(piece)
    body = b"".join(pieces)
    if "gzip" not in packing or not body:
        return body
    try:
        return _unpacked(body, response, most_bytes)
    except _BROKEN_GZIP:
        raise EndpointError(INCOMPLETE_ANSWER) from None


def _unpacked(packed: bytes, response: urllib3.BaseHTTPResponse, most_bytes: int) -> bytes:
    """All members of a gzip file [RFC 1952], with their checksums verified."""
    pieces: list[bytes] = []
    size = at = 0
    for _ in range(_MOST_MEMBERS):
        member = isal_zlib.decompressobj(wbits=_GZIP)
        # In pieces that grow: each small member would copy all that is after it, otherwise.
        step = _FIRST_STEP
        while not member.eof:
            piece = packed[at : at + step]
            if not piece:
                raise _BROKEN_GZIP
            pieces.append(member.decompress(piece, most_bytes + 1 - size))
            size += len(pieces[-1])
            if size > most_bytes:
                raise _too_large(response, most_bytes)
            at += len(piece) - len(member.unused_data)
            step *= 16
        padding = _PADDING.match(packed, at)
        at = padding.end() if padding else at
        if at == len(packed):
            return b"".join(pieces)
    raise _BROKEN_GZIP


def _too_large(response: urllib3.BaseHTTPResponse, most_bytes: int) -> EndpointError:
    return EndpointError(PAGE_TOO_LARGE, status=response.status, megabytes=most_bytes // 2**20)
