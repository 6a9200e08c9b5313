"""A situation: a district whose last load was good, and what the next nightly runs receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, Unpack

from bench.load_gate.rows import Change

Expected = Literal["not published", "published", "published or released"]
# A night in the school year, away from any rollover window.
SCHOOL_NIGHT = "2026-11-04"


class More(TypedDict, total=False):
    """The attributes of a situation that most leave out."""

    starts: str
    is_first: bool
    may_delete: int | None
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Night:
    """What one nightly run receives.

    Attributes:
        change: of the records of the night before; None where nothing changed.
        afresh: the records are those of the good night with the change, whatever the nights between received.
        refused: endpoints that the server refuses.
        settings: of the district from this night on.
        then: what a person decides if the run is held.
    """

    change: Change | None = None
    afresh: bool = False
    refused: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    then: Literal["discard", "release"] | None = None


@dataclass(frozen=True)
class Situation:
    """What happens in a district, and what must become of its last load.

    Attributes:
        name: as in the table.
        district: `sample`, or a generated one: `300`, or `300/2` with another seed.
        nights: after the good one.
        expected: "published or released" is fine if it is published, and if it is held and a release works.
        starts: the day of the good night.
        is_first: there is no good night before: the first of `nights` is the district's first.
        may_delete: the most guardians that the load may delete. None: any number.
        settings: of the district, from the good night on.
    """

    name: str
    district: str
    nights: tuple[Night, ...]
    expected: Expected
    starts: str = SCHOOL_NIGHT
    is_first: bool = False
    may_delete: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_harmful(self) -> bool:
        return self.expected == "not published"


def harmful(name: str, district: str, *nights: Change | Night, **more: Unpack[More]) -> Situation:
    return Situation(name, district, _nights(nights), "not published", **more)


def ordinary(name: str, district: str, *nights: Change | Night, **more: Unpack[More]) -> Situation:
    return Situation(name, district, _nights(nights), "published", **more)


def with_release(name: str, district: str, *nights: Change | Night, **more: Unpack[More]) -> Situation:
    """A large change that is true: whoever knows of it may be asked."""
    return Situation(name, district, _nights(nights), "published or released", **more)


def _nights(nights: tuple[Change | Night, ...]) -> tuple[Night, ...]:
    return tuple(night if isinstance(night, Night) else Night(night) for night in nights)
