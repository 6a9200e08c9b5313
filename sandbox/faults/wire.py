"""Servers, and proxies in front of them, that fail or break connections."""

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
    """500, 502 or 503, with an HTML page like the one of IIS."""

    status: Literal[500, 502, 503] = 500

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        return Reply(self.status, b"<html><title>Server Error</title></html>", content_type="text/html")


@dataclass(kw_only=True)
class Throttles(SometimesFault):
    """429 or 503 with Retry-After.

    Attributes:
        seconds: how long the client should wait.
        form: the form of Retry-After; `none` omits it.
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
    """The connection is reset without a reply."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="reset")


@dataclass(kw_only=True)
class AnswersTwice(SometimesFault):
    """Each request is answered twice, as if the next one had been made already."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="twice")


@dataclass(kw_only=True)
class HalfBodies(SometimesFault):
    """The connection is closed after half of the body."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="half")


@dataclass(kw_only=True)
class BrokenGzip(SometimesFault):
    """The body is truncated gzip, although its length matches Content-Length."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        compressed = gzip.compress(reply.body, mtime=0)
        headers = {**reply.headers, "Content-Encoding": "gzip"}
        return replace(reply, body=compressed[: len(compressed) // 2], headers=headers)


@dataclass(kw_only=True)
class GzipMembers(SometimesFault):
    """The body is two gzip members, one after the other, as a proxy may send them."""

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        half = len(reply.body) // 2
        compressed = b"".join(gzip.compress(part, mtime=0) for part in (reply.body[:half], reply.body[half:]))
        return replace(reply, body=compressed, headers={**reply.headers, "Content-Encoding": "gzip"})


@dataclass(kw_only=True)
class SlowBytes(SometimesFault):
    """The body is sent in small pieces with a pause before each."""

    pause_seconds: float = 0.05

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, wire="slow", pause_seconds=self.pause_seconds)


@dataclass(kw_only=True)
class Certificate(Fault):
    """The certificate has expired, or is signed by an authority that the client doesn't know."""

    kind: CertificateKind

    def __post_init__(self) -> None:
        """Set it before the sandbox starts."""
        self.certificate_kind = self.kind
