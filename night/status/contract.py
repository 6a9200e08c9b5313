"""The shape of status.json: what a district's runs said, whatever time it is."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from night.pages.index_contract import DistrictLine
from qa.contract_types import Day, Moment

# What a fingerprint is made of: names, and times at which files were written.
Fingerprint = list[str | int | None]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Attempt(_Part):
    """A run that left no night.json: its district was locked, or its disk full.

    Attributes:
        at: when it ended.
    """

    at: Moment
    state: Literal["published", "held", "stopped", "failed"]
    headline: str
    repairs: list[str] = []


class DistrictStatus(_Part):
    """What the runs of a district and the decisions on it said.

    Attributes:
        fingerprint: of the files that this was read from: with another one, they say something else now.
        line: what the last runs said; nothing in it depends on the time.
        starts: of the last runs, the oldest first.
        attempt: what came after the last run and left no night.json.
        pause_ends: the first day that was not paused any more, of the last pause; it may be over.
        resumed_at: when a person ended that pause before.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    fingerprint: Fingerprint = []
    line: DistrictLine
    starts: list[Moment] = []
    attempt: Attempt | None = None
    pause_ends: Day | None = None
    resumed_at: Moment | None = None
