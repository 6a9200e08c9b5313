"""One request and its answer, as the server, its rules and its faults hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# How the bytes of a reply go over the wire: all of them, the first half, none at all, or drop by drop.
Wire = Literal["whole", "half", "reset", "slow"]


@dataclass(frozen=True)
class Call:
    """A request as it came.

    Attributes:
        endpoint: the last part of the path if it is one of the seven, else empty.
        limit: as asked, None when not asked or not a number.
        offset: as asked, 0 when not asked or not a number.
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
    """The part of an endpoint that is served: `limit` records from `offset`, the first `hidden` not there."""

    offset: int
    limit: int
    hidden: int = 0


@dataclass(frozen=True)
class Reply:
    """An answer, ready to be sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"
    wire: Wire = "whole"
    pause_seconds: float = 0.0


@dataclass(frozen=True)
class Served:
    """A line of the sandbox's log: no secret, no signature, no record. Status 0 is a reset connection."""

    method: str
    endpoint: str
    limit: int | None
    offset: int
    status: int
