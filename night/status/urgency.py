"""The order of the districts on the operator's page."""

from __future__ import annotations

from datetime import UTC, datetime

from extract.outcomes import OPERATOR
from night.pages.index_contract import DistrictLine


def urgency(line: DistrictLine) -> tuple[int, datetime, str]:
    """First what only the operator can do, and what gets worse while no one does it.

    A run that is missing comes first: the scheduler may have stopped, and then nothing below it is of last
    night. A held load waits for the operator alone. A failed run can be run again, and an import delivered
    again, before the day begins. What is stopped for the operator comes before what others fix. Among equals,
    who was not published for longest.
    """
    kinds = (
        line.state == "no night" and line.last_night is not None,
        line.held is not None,
        line.state == "failed",
        line.next_step == "deliver",
        line.state == "stopped" and line.next_owner == OPERATOR,
        line.state == "stopped",
        line.state == "held",
        line.state == "no night",
        line.state == "paused",
        True,
    )
    return kinds.index(True), line.unpublished_since or datetime.max.replace(tzinfo=UTC), line.district
