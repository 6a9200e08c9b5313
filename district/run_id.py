"""A nightly run's id: its start in UTC to the millisecond, such as 20261123T020005123Z. Sorts by time."""

from datetime import UTC, datetime


def new_run_id() -> str:
    """The id of a run that starts now."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"


def started_at(run_id: str) -> datetime:
    """The start of a run, which its id spells out (UTC)."""
    return datetime.strptime(run_id[:18], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
