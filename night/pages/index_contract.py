"""The shape of index.json: all districts at a glance, for programs. Times are UTC."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from extract.outcomes import Owner
from qa.contract_types import Choice, Count, Day, Level, Moment, NextStep, RunId, Verdict
from qa.delivery.contract import Delivery
from qa.load.contract import Effects

State = Literal["published", "held", "stopped", "failed", "paused", "no night"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class RunDecided(_Part):
    """What a person decided last on a held run of the district."""

    run_id: RunId
    decision: Choice
    decided_at: Moment


class Totals(_Part):
    """What a run's load did, or would do, by file; null where it has no such file."""

    students: Effects
    guardians: Effects | None


class HeldLoad(_Part):
    """The run that waits for a decision.

    Attributes:
        report: path of its report, relative to the index; null where it has none.
        compare: the folder with its files, relative to the index, where nothing was delivered before: a
            person compares them with what the receiving system has.
        commands: that name whom it affects, and that decide on it.
    """

    run_id: RunId
    started_at: Moment
    headline: str
    load: Totals | None
    report: str | None
    compare: str | None = None
    commands: list[str]


class StillOpen(_Part):
    """What an earlier run, or the last one, asks for besides the line's next step.

    Attributes:
        headline: of that run; null where the line has it.
    """

    started_at: Moment
    headline: str | None
    next_step: NextStep
    next_owner: Owner | None


class LastGood(_Part):
    """The last published run.

    Attributes:
        report: path of its report, relative to the index; null where it has none.
    """

    run_id: RunId
    started_at: Moment
    report: str | None


class DistrictLine(_Part):
    """One district.

    Attributes:
        run_id: the last run.
        run_due: if it is later than this, a nightly run is missing; null where none was ever due.
        next_owner: who takes the next step; null where there is none.
        still_open: what else is to be done: a run is missing and the one before was stopped, or the last run
            failed while an earlier one waits for a decision.
        held: the run that waits for a decision, which may be an earlier one.
        findings: failed checks by level; null where the last run checked nothing.
        resolved: checks that failed when last evaluated and passed in the last run.
        not_evaluated: checks that could not be evaluated: what they would have found is unknown.
        fix_first: what to fix first, where the headline says something else.
        delivery: of the last published run, where the settings ask for one.
        repairs: what the last run found left by a run or program that was killed, and repaired.
        report: path of the last run's report, relative to the index.
    """

    district: str
    name: str
    state: State
    headline: str
    next_step: NextStep
    next_owner: Owner | None = None
    run_id: RunId | None = None
    verdict: Verdict | None = None
    run_due: Moment | None = None
    still_open: StillOpen | None = None
    held: HeldLoad | None = None
    decision: RunDecided | None = None
    paused_until: Day | None = None
    last_night: Moment | None = None
    unpublished_since: Moment | None = None
    last_good: LastGood | None = None
    load: Totals | None = None
    findings: dict[Level, Count] | None = None
    new_findings: Count | None = None
    resolved: Count | None = None
    not_evaluated: Count | None = None
    fix_first: str | None = None
    report: str | None = None
    delivery: Delivery | None = None
    repairs: list[str] = []


class Index(_Part):
    """The page: every configured district, the most urgent first.

    Attributes:
        run_due: if it is later than this, a nightly run of some district is missing.
        disabled: keys of the districts that the settings disable: they are not run, and not in `districts`.
    """

    schema_: Literal[3] = Field(default=3, alias="schema")
    written_at: Moment
    run_due: Moment | None
    districts: list[DistrictLine]
    disabled: list[str] = []
