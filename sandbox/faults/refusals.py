"""Servers that send something else than records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from sandbox.faults.fault import Fault, SometimesFault
from sandbox.server.messages import Call, Reply


@dataclass(kw_only=True)
class ClockOff(Fault):
    """The server's clock is ahead of ours by `minutes`; behind if negative."""

    minutes: float

    def __post_init__(self) -> None:
        """Set it before the sandbox starts."""
        self.clock_offset_seconds = self.minutes * 60


@dataclass(kw_only=True)
class Unauthorized(SometimesFault):
    """401 with a body that says why."""

    says: str = "The profile is not active."

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        return Reply(401, json.dumps({"message": self.says}).encode())


@dataclass(kw_only=True)
class NotFound(SometimesFault):
    """404, like a release that doesn't have the endpoint yet."""

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        return Reply(404, b'{"message":"No HTTP resource was found that matches the request URI."}')


@dataclass(kw_only=True)
class HtmlPage(SometimesFault):
    """200 with an HTML page, such as a maintenance notice or a proxy's sign-in page."""

    title: str = "Maintenance"

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        page = f"<!DOCTYPE html><html><head><title>{escape(self.title)}</title></head><body></body></html>"
        return Reply(200, page.encode(), content_type="text/html; charset=utf-8")


@dataclass(kw_only=True)
class Redirects(SometimesFault):
    """A redirect to the same address over http, or to another host."""

    to: Literal["http", "other host"] = "http"
    status: Literal[301, 302, 307, 308] = 302

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        path = f"{call.path}?{call.query}" if call.query else call.path
        base = f"http://{call.host}" if self.to == "http" else "https://proxy.example.org"
        return Reply(self.status, headers={"Location": base + path})


@dataclass(kw_only=True)
class ServerWords(Fault):
    """A server that says more than it must, in words of its own.

    Attributes:
        headers: added to every reply that is not one of `answers`.
        reason: the reason phrase of those replies.
        answers: whole replies instead of pages, by endpoint.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    answers: Mapping[str, Reply] = field(default_factory=dict)

    def instead(self, call: Call) -> Reply | None:
        """See `Fault`."""
        return self.answers.get(call.endpoint)

    def reply(self, call: Call, reply: Reply) -> Reply:
        """See `Fault`."""
        return replace(reply, headers={**reply.headers, **self.headers}, reason=self.reason)
