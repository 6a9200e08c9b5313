"""A request and its reply, as the server, the API and the faults pass them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# Which bytes of a reply are sent: all, the first half, none (a reset), all in small pieces, all twice, or the
# body alone, as if it were a whole answer.
Wire = Literal["whole", "half", "reset", "slow", "twice", "raw"]


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        endpoint: the last part of the path if it is one of the seven endpoints, else empty.
        limit: as requested, None if missing or not a number.
        offset: as requested, 0 if missing or not a number.
        host: the Host header.
    """

    method: str
    path: str
    query: str
    endpoint: str
    limit: int | None
    offset: int
    host: str
    authorization: str


@dataclass(frozen=True)
class Window:
    """The records of an endpoint to serve: `limit` records from `offset`, without the first `hidden` ones."""

    offset: int
    limit: int
    hidden: int = 0


@dataclass(frozen=True)
class Reply:
    """A reply, ready to be sent.

    Attributes:
        again: sent after a raw one, again and again.
        pause_seconds: before each piece of a slow one, and before each `again`.
        reason: the reason phrase, where it is not the usual one of its status.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"
    wire: Wire = "whole"
    pause_seconds: float = 0.0
    again: bytes = b""
    reason: str = ""


@dataclass(frozen=True)
class Served:
    """A line of the sandbox's log, without secret, signature or records. Status 0 is a reset connection."""

    method: str
    endpoint: str
    limit: int | None
    offset: int
    status: int
