"""The steps of a reply that a fault can change, and which requests a fault applies to."""

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
    """Changes nothing; each fault overrides the steps it needs.

    Attributes:
        endpoints: the fault applies to requests for these only; empty means all.
        random: the fault's own random numbers, seeded by the sandbox.
    """

    endpoints: Sequence[str] = ()
    random: Random = field(default_factory=Random, repr=False)

    # Read once, before the server starts.
    certificate_kind: CertificateKind | None = field(default=None, init=False)
    clock_offset_seconds: float = field(default=0.0, init=False)
    # Whether to call `record` at all: parsing and writing every record is slow.
    rewrites_records: bool = field(default=False, init=False)

    def applies_to(self, call: Call) -> bool:
        """Whether the fault applies to this call; called once for each call."""
        return not self.endpoints or call.endpoint in self.endpoints

    def instead(self, call: Call) -> Reply | None:
        """A reply instead of the server's own."""
        return None

    def window(self, call: Call, window: Window) -> Window:
        """The rows to serve."""
        return window

    def lines(self, call: Call, lines: list[bytes]) -> list[bytes]:
        """The records of a page, each as the bytes of one JSON object."""
        return lines

    def total(self, call: Call, total: int) -> int:
        """The total to report."""
        return total

    def record(self, call: Call, record: Record) -> Record:
        """A record before it is written; called only if `rewrites_records` is set."""
        return record

    def array(self, call: Call, array: bytes) -> bytes:
        """The records of a page, as a JSON array."""
        return array

    def array_label(self, call: Call) -> str | None:
        """The label of the array inside an object; None if the array is the body."""
        return None

    def body(self, call: Call, body: bytes) -> bytes:
        """The body of a page."""
        return body

    def reply(self, call: Call, reply: Reply) -> Reply:
        """The server's own reply, just before it is sent."""
        return reply


@dataclass(kw_only=True)
class SometimesFault(Fault):
    """A fault that applies to some requests only.

    Without a parameter it applies to every request. With several parameters, one match is enough.

    Attributes:
        rate: a random share of the requests.
        every: every n-th request.
        first: the first n requests of each endpoint.
    """

    rate: float = 0.0
    every: int = 0
    first: int = 0
    _seen: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def applies_to(self, call: Call) -> bool:
        """See `Fault`."""
        if not super().applies_to(call):
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
