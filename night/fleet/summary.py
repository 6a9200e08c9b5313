"""How a command that ran districts ended: for its exit code, for people, and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from night.events import lacks_of
from night.terminal.console import ACT, DONE, RETRY

if TYPE_CHECKING:
    from night.record import NightResult


@dataclass(frozen=True)
class DistrictSummary:
    """How one district's run ended.

    Attributes:
        run_id: null where no run began.
        no_report: why there is no report.
        undelivered: why what was published was not delivered.
        uncopied: why it is not among the Parquet files.
        notebook_faults: which notebooks of the settings failed after the run. They change no exit code.
    """

    district: str
    state: str
    run_id: str | None
    headline: str
    seconds: float
    no_report: str | None = None
    undelivered: str | None = None
    uncopied: str | None = None
    notebook_faults: Sequence[str] = ()

    @classmethod
    def of(cls, result: NightResult) -> DistrictSummary:
        """The summary of a result."""
        return cls(
            result.district,
            result.verdict,
            result.run_id or None,
            result.headline,
            result.seconds,
            result.trouble,
            result.undelivered,
            result.uncopied,
            result.notebook_faults,
        )


@dataclass(frozen=True)
class Summary:
    """The last line of `night --json`. Keys may be added; those that are there keep their meaning.

    Attributes:
        not_due: districts whose tonight is a day without a run.
        finished: with --unfinished, the districts that have a finished run of tonight. They count, too.
        at_work: with --unfinished, those that another command runs now. That one says how they end.
        errors: lines that are about no district's run: why nothing ran, why the index was not written.
    """

    exit_code: int
    districts: Sequence[DistrictSummary] = ()
    not_due: Sequence[str] = ()
    finished: Sequence[DistrictSummary] = ()
    at_work: Sequence[str] = ()
    errors: Sequence[str] = field(default=())

    def to_json(self) -> str:
        """As one line."""
        return json.dumps(asdict(self))


def exit_code_of(results: Iterable[NightResult]) -> int:
    """What runs end with: that a retry may help comes before that a person must act."""
    results = list(results)
    states = {result.verdict for result in results if not result.decided}
    if "failed" in states or any(result.verdict == "published" and lacks_of(result) for result in results):
        return RETRY
    return ACT if states & {"stopped", "held"} else DONE


def needs_someone(result: NightResult) -> bool:
    """Whether a run failed, or a person must act: what --quiet still shows."""
    return exit_code_of([result]) != DONE
