"""What a nightly run reports while it runs: small facts, no personal values, for a terminal and for a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Step = Literal["extract", "build", "check", "publish", "report", "done"]
STEPS: tuple[Step, ...] = ("extract", "build", "check", "publish", "report", "done")


@dataclass(frozen=True)
class NightEvent:
    """One step of one district's nightly run began or moved on."""

    district: str
    step: Step
    detail: str = ""
    rows: int = 0
    expected_rows: int | None = None
    begins: bool = False
    """True on the first event of a step: what a log without a live display prints."""


Listener = Callable[[NightEvent], None]
