"""The hooks that a server's answer goes through, and when a fault befalls a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock

from sandbox.population.source import Record
from sandbox.server.messages import Call, Reply, Window
from sandbox.server.tls import CertificateKind


@dataclass(kw_only=True)
class Fault:
    """A server as it should be; each fault overrides the hooks that it needs.

    Attributes:
        endpoints: only requests for these are befallen; empty means all.
        random: the fault's own chance, seeded by the sandbox.
    """

    endpoints: Sequence[str] = ()
    random: Random = field(default_factory=Random, repr=False)

    # Asked once, before the server starts.
    certificate_kind: CertificateKind | None = field(default=None, init=False)
    clock_offset_seconds: float = field(default=0.0, init=False)
    # Whether `record` is to be asked at all: it costs reading and writing every line.
    rewrites_records: bool = field(default=False, init=False)

    def concerns(self, call: Call) -> bool:
        """Whether the fault befalls this call; asked once for each call and fault."""
        return not self.endpoints or call.endpoint in self.endpoints

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

    def array(self, call: Call, array: bytes) -> bytes:
        """The records of a page, as a JSON array."""
        return array

    def array_label(self, call: Call) -> str | None:
        """What the array lies under; None if the array is the body."""
        return None

    def body(self, call: Call, body: bytes) -> bytes:
        """The body of a page."""
        return body

    def reply(self, call: Call, reply: Reply) -> Reply:
        """A reply of the server's rules, just before it is sent."""
        return reply


@dataclass(kw_only=True)
class SometimesFault(Fault):
    """A fault that befalls some requests only.

    Without a parameter it befalls every request. With several, any of them will do.

    Attributes:
        rate: share of the requests, by chance.
        every: each n-th request.
        first: the first n requests of each endpoint.
    """

    rate: float = 0.0
    every: int = 0
    first: int = 0
    _seen: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def concerns(self, call: Call) -> bool:
        """See `Fault`."""
        if not super().concerns(call):
            return False
        if not (self.rate or self.every or self.first):
            return True
        with self._lock:
            self._seen[call.endpoint] += 1
            return (
                self.random.random() < self.rate
                or bool(self.every and self._seen.total() % self.every == 0)
                or self._seen[call.endpoint] <= self.first
            )
