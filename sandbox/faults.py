"""How a server can misbehave: named switches with parameters, each a few hooks into an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.exchange import Call, Reply, Window
from sandbox.source import Record
from sandbox.tls import Certificate


class Fault:
    """A server without faults; each fault overrides the hooks that it needs."""

    rewrites_records = False
    certificate: Certificate | None = None
    clock_offset_seconds = 0.0

    def concerns(self, call: Call) -> bool:
        """Whether this call is one that the fault befalls."""
        return True

    def instead(self, call: Call) -> Reply | None:
        """An answer given before the server's rules are even asked."""
        return None

    def window(self, call: Call, window: Window) -> Window:
        """The part of the endpoint that is served."""
        return window

    def total(self, call: Call, total: int) -> int:
        """The number of records that the server claims to have."""
        return total

    def record(self, call: Call, record: Record) -> Record:
        """A record before it is written; asked only if `rewrites_records`."""
        return record

    def body(self, call: Call, body: bytes) -> bytes:
        """The body of a page."""
        return body

    def reply(self, call: Call, reply: Reply) -> Reply:
        """Any reply of the server's rules, just before it is sent."""
        return reply


FAULTS: dict[str, type[Fault]] = {}


def make_faults(named: Mapping[str, Mapping[str, Any]], seed: int) -> list[Fault]:
    """The faults named, each with its parameters."""
    return [FAULTS[name](**parameters) for name, parameters in named.items()]
