"""What a district's run asks for, where something else comes first."""

from __future__ import annotations

from night.pages.index_contract import DistrictLine, StillOpen


def still_open(line: DistrictLine, headline: str | None) -> StillOpen | None:
    """What a line's run asks for, where something else comes first."""
    if line.last_night is None:
        return None
    return StillOpen(
        started_at=line.last_night,
        headline=headline,
        next_step=line.next_step,
        next_owner=line.next_owner,
    )
