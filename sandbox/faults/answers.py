"""Servers, and boxes in front of them, that speak no proper HTTP: the bytes that they send, by name."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sandbox.faults.fault import SometimesFault
from sandbox.server.messages import Call, Reply

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_EMPTY_MEMBER = gzip.compress(b"", mtime=0)
_CHILD = b"grace-child"


@dataclass(frozen=True)
class Answer:
    """What is sent, and what is sent again and again after it until the client hangs up."""

    first: bytes
    again: bytes = b""
    pause_seconds: float = 0.0


def _with_length(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    lines = [*headers, b"Content-Length: %d" % (len(body) if length is None else length)]
    return _OK + b"\r\n".join(lines) + b"\r\n\r\n" + body


def _status(line: bytes, *headers: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\n" % line + b"".join(
        b"%s\r\n" % one for one in (*headers, b"Content-Length: 0", b"")
    )


@cache
def answers() -> Mapping[str, Answer]:
    """All of them; the large ones are made once."""
    members = _EMPTY_MEMBER * (2**22 // len(_EMPTY_MEMBER))
    return {
        # never done
        "header_drips": Answer(_OK + b"X-Name: ", b"a", 0.02),
        "headers_drip": Answer(_OK, b"X-Name: a\r\n", 0.02),
        "continues_forever": Answer(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
        "trailers_forever": Answer(_CHUNKED + b"2\r\n[]\r\n0\r\n", b"X-Name: a\r\n", 0.001),
        "chunks_forever": Answer(_CHUNKED + b"1\r\n[\r\n", b"1000\r\n" + b" " * 4096 + b"\r\n"),
        "body_without_end": Answer(_OK + b"\r\n[", b" " * 4096),
        # not HTTP, or not for long
        "not_http": Answer(b"SSH-2.0-OpenSSH_9.6\r\n"),
        "no_status": Answer(b"HTTP/1.1 twohundred OK\r\n\r\n[]"),
        "header_too_long": Answer(_OK + b"X-Name: " + b"a" * 70_000),
        "too_many_headers": Answer(_OK + b"X-Name: a\r\n" * 500 + b"\r\n[]"),
        "nothing": Answer(b""),
        # lengths that are wrong
        "length_too_long": Answer(_with_length(b"[]", length=100)),
        "length_too_short": Answer(_with_length(b'[{"building":"1"}]', length=5)),
        "two_lengths": Answer(_with_length(b"[]", b"Content-Length: 5")),
        "no_chunk": Answer(_CHUNKED + b"zz\r\n[]\r\n0\r\n\r\n"),
        "chunk_cut_off": Answer(_CHUNKED + b"ff\r\n[]"),
        "negative_chunk": Answer(_CHUNKED + b"-5\r\n[]"),
        # compression that is wrong
        "gzip_bomb": Answer(_with_length(gzip.compress(b" " * 2**26), b"Content-Encoding: gzip")),
        "gzip_of_nothings": Answer(_with_length(members, b"Content-Encoding: gzip")),
        "gzip_in_name_only": Answer(_with_length(b"[]", b"Content-Encoding: gzip")),
        "gzip_twice": Answer(_with_length(b"[]", b"Content-Encoding: gzip, gzip")),
        "brotli": Answer(_with_length(b"[]", b"Content-Encoding: br")),
        # statuses and headers that are wrong
        "redirect_nowhere": Answer(_status(b"302 Found", b"Location: https://[" + _CHILD)),
        "redirect_to_a_name": Answer(_status(b"302 Found", b"Location: https://" + _CHILD + b".example/")),
        "no_content": Answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "part_of_it": Answer(_status(b"206 Partial Content")),
        "another_protocol": Answer(_status(b"101 Switching Protocols", b"Upgrade: websocket")),
        "status_999": Answer(_status(b"999 " + _CHILD)),
        "strange_date": Answer(_status(b"401 Unauthorized", b"Date: Mon, 99 Foo 20xx 99:99:99 +99999999")),
    }  # fmt: skip


@dataclass(kw_only=True)
class RawAnswer(SometimesFault):
    """The answer is bytes that are no proper HTTP; the connection is closed after them.

    Attributes:
        name: a key of `answers()`.
    """

    name: str

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        answer = answers()[self.name]
        return Reply(0, answer.first, wire="raw", again=answer.again, pause_seconds=answer.pause_seconds)
