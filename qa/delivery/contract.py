"""What qa.json says of a delivery: no address, no user, no text that a server sent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from qa.contract_types import Code, Moment, Part
from qa.delivery.outcomes import BY_CODE, DELIVERED


class Delivery(Part):
    """Whether the import of a published run is where the district's settings deliver it."""

    state: Literal["delivered", "not_delivered"]
    at: Moment = Field(description="When the manifest was in place there, or when the last attempt ended.")
    outcome: Code = Field(description="What happened: a code of qa.delivery.outcomes.")

    @property
    def is_delivered(self) -> bool:
        """Whether the receiving system has the import."""
        return self.outcome == DELIVERED.code

    @property
    def words(self) -> str:
        """What happened and what to do, in one line."""
        return BY_CODE[self.outcome].words
