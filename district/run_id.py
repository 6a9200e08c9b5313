"""A nightly run's id: its start in UTC to the millisecond, such as 20261123T020005123Z. Sorts by time."""

from datetime import UTC, datetime


def new_run_id() -> str:
    """The id of a run that starts now."""
    return run_id_at(datetime.now(UTC))


def run_id_at(start: datetime) -> str:
    """The id of a run that starts at a moment, which is in UTC."""
    return f"{start:%Y%m%dT%H%M%S}{start.microsecond // 1000:03d}Z"


def started_at(run_id: str) -> datetime:
    """The start of a run, which its id spells out (UTC)."""
    return datetime.strptime(run_id[:18], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
