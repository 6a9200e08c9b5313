"""Servers, and what lies before them, that fail or break off."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from email.utils import formatdate
from time import time
from typing import Literal

from sandbox.faults.fault import Fault, SometimesFault
from sandbox.server.messages import Call, Reply
from sandbox.server.tls import CertificateKind


@dataclass(kw_only=True)
class ServerErrors(SometimesFault):
    """500, 502 or 503, with a page of HTML as IIS has it."""

    status: Literal[500, 502, 503] = 500

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        return Reply(self.status, b"<html><title>Server Error</title></html>", content_type="text/html")


@dataclass(kw_only=True)
class Throttles(SometimesFault):
    """429 or 503 with Retry-After.

    Attributes:
        seconds: how long the client is to wait.
        form: of Retry-After; `none` leaves it out.
    """

    status: Literal[429, 503] = 429
    seconds: int = 1
    form: Literal["seconds", "date", "none"] = "seconds"

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        value = formatdate(time() + self.seconds, usegmt=True) if self.form == "date" else str(self.seconds)
        headers = {} if self.form == "none" else {"Retry-After": value}
        return Reply(self.status, b'{"message":"Too many requests."}', headers)


@dataclass(kw_only=True)
class Resets(SometimesFault):
    """The connection is reset instead of answered."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="reset")


@dataclass(kw_only=True)
class HalfBodies(SometimesFault):
    """The connection is closed after half of the body."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="half")


@dataclass(kw_only=True)
class BrokenGzip(SometimesFault):
    """The body is gzip, of the length announced, and broken off in its middle."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        packed = gzip.compress(reply.body, mtime=0)
        headers = {**reply.headers, "Content-Encoding": "gzip"}
        return replace(reply, body=packed[: len(packed) // 2], headers=headers)


@dataclass(kw_only=True)
class GzipMembers(SometimesFault):
    """The body is gzip of two members, one after the other, as a proxy may join them."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        half = len(reply.body) // 2
        packed = b"".join(gzip.compress(part, mtime=0) for part in (reply.body[:half], reply.body[half:]))
        return replace(reply, body=packed, headers={**reply.headers, "Content-Encoding": "gzip"})


@dataclass(kw_only=True)
class SlowBytes(SometimesFault):
    """The body comes in small pieces with a pause before each."""

    pause_seconds: float = 0.05

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="slow", pause_seconds=self.pause_seconds)


@dataclass(kw_only=True)
class Certificate(Fault):
    """The certificate has expired, or is signed by an authority that the client was not given."""

    kind: CertificateKind

    def __post_init__(self) -> None:
        """Tell the sandbox before it starts."""
        self.certificate_kind = self.kind
