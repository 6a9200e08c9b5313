"""What a nightly run reports while it runs: small facts, no personal values, for a terminal and for a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from night.machine.interruption import end_if_it_came

if TYPE_CHECKING:
    from night.record import NightResult

Step = Literal["prepare", "extract", "build", "check", "report", "publish", "deliver", "notebooks", "done"]
STEPS: tuple[Step, ...] = get_args(Step)

# What an event tells: a step begins, has more rows, waits for something, has ended; how an endpoint answered;
# what was repaired; how the run ended; that it has no report; which notebook failed after it; what the
# command itself has to say.
Kind = Literal[
    "begins", "moves", "waits", "ends", "endpoint", "repaired", "result", "missing", "notebook", "command"
]
Level = Literal["info", "warning", "error"]
# What a published run can lack.
Lack = Literal["no report", "not delivered", "no Parquet files"]

STEP_WORDS: dict[Step, str] = {
    "prepare": "checking what the last run left",
    "extract": "pulling the seven endpoints",
    "build": "building the warehouse with its checks",
    "check": "turning check results into findings",
    "report": "writing the report",
    "publish": "writing down how it ended",
    "deliver": "delivering the import",
    "notebooks": "running the district's notebooks",
    "done": "done",
}


@dataclass(frozen=True)
class NightEvent:
    """Something happened in one district's nightly run, or in the command that runs it.

    Attributes:
        district: its key; empty where the event is the command's own.
        step: of the run; None where it is the command's own.
        detail: in our own words.
        run_id: the run's; with it, others can record how the run ended when its own process can't.
        seconds: a step or the run took, where it ended.
        code: the outcome of an endpoint, or the state of a run.
    """

    district: str
    step: Step | None
    kind: Kind = "moves"
    detail: str = ""
    rows: int = 0
    expected_rows: int | None = None
    run_id: str = ""
    level: Level = "info"
    seconds: float | None = None
    code: str | None = None
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def goes_on(self) -> bool:
        """Whether a step began, or said why it takes longer: it gets its time from here on."""
        return self.kind in ("begins", "waits")


_LEVELS: dict[str, Level] = {
    "published": "info",
    "paused": "info",
    "held": "warning",
    "stopped": "error",
    "failed": "error",
}

Listener = Callable[[NightEvent], None]


def all_of(*listeners: Listener) -> Listener:
    """Several listeners as one, told in their order."""

    def tell(event: NightEvent) -> None:
        for listener in listeners:
            listener(event)

    return tell


def lacks_of(result: NightResult) -> dict[Lack, str]:
    """What is missing of a run, and why."""
    reasons: dict[Lack, str | None] = {
        "no report": result.trouble,
        "not delivered": result.undelivered,
        "no Parquet files": result.uncopied,
    }
    return {what: why for what, why in reasons.items() if why}


def events_of(result: NightResult) -> Iterator[NightEvent]:
    """What a result tells: what was repaired, how the run ended, and why something is missing."""

    def event(kind: Kind, detail: str, level: Level) -> NightEvent:
        return NightEvent(result.district, "done", kind, detail, run_id=result.run_id, level=level)

    for repair in result.repairs:
        yield event("repaired", f"repaired: {repair}", "warning")
    state = result.verdict
    ended = event("result", result.headline, _LEVELS[state])
    yield replace(ended, code=state, seconds=result.seconds)
    for what, why in lacks_of(result).items():
        yield event("missing", f"{what}: {why}", "error")
    for fault in result.notebook_faults:
        yield event("notebook", f"notebook {fault}", "warning")


class Steps:
    """Tells the listener which step is at work, and keeps the seconds of each."""

    def __init__(
        self, district: str, listen: Listener, start: datetime | None = None, *, run_id: str = ""
    ) -> None:
        self.district = district
        self.run_id = run_id
        self.listen = listen
        self.seconds: dict[str, float] = {}
        self._at: Step = STEPS[0]
        self._ahead = datetime.now(UTC) - start if start else timedelta()

    def now(self) -> datetime:
        """The time in the run: for one that is said to start at another moment, counted from there."""
        return datetime.now(UTC) - self._ahead

    @contextmanager
    def step(self, name: Step) -> Iterator[None]:
        """Everything inside belongs to the step; none begins or goes well after an interruption."""
        end_if_it_came()
        began, self._at = time.monotonic(), name
        self.tell("begins")
        try:
            yield
            end_if_it_came()
        finally:
            self.seconds[name] = round(time.monotonic() - began, 3)
        self.tell("ends", seconds=self.seconds[name])

    def wait(self, words: str) -> None:
        """Tell what the step at work waits for."""
        self.tell("waits", words, level="warning")

    def tell(
        self,
        kind: Kind,
        detail: str = "",
        *,
        level: Level = "info",
        code: str | None = None,
        seconds: float | None = None,
        rows: int = 0,
        expected_rows: int | None = None,
    ) -> None:
        """Tell the listener of something in the step at work."""
        self.listen(
            NightEvent(
                self.district, self._at, kind, detail, rows, expected_rows, self.run_id, level, seconds, code
            )
        )
