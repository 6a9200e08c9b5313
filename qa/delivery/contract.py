"""What qa.json says of a delivery: no address, no user, no text that a server sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from qa.contract_types import Code, Moment, Part
from qa.delivery.outcomes import BY_CODE, DELIVERED, DeliveryOutcome

DeliveryState = Literal["delivered", "not_delivered"]


class Delivery(Part):
    """Whether the import of a published run is where the district's settings deliver it."""

    state: DeliveryState
    at: Moment = Field(description="When the manifest was in place there, or when the last attempt ended.")
    outcome: Code = Field(description="What happened: a code of qa.delivery.outcomes.")

    @property
    def words(self) -> str:
        """What happened and what to do, in one line."""
        if self.state == "delivered":
            return "Delivered, accepted by rename"
        return f"Not delivered: {BY_CODE[self.outcome].words}"

    @classmethod
    def of(cls, outcome: DeliveryOutcome, at: datetime) -> Delivery:
        """What a delivery that ended then says."""
        state: DeliveryState = "delivered" if outcome is DELIVERED else "not_delivered"
        return cls(state=state, at=at, outcome=outcome.code)
