"""How the districts stand, in the words that the operator's page and `status` share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from district.network.hours import clock_time
from extract.outcomes import ADMIN, OPERATOR, SECRETARY, SUPPORT, Owner
from night.pages.index_contract import DistrictLine
from qa.contract_types import NextStep

STEPS: dict[NextStep, str] = {
    "decide": "Release or discard it",
    "fix": "Fix it",
    "run_again": "Run it",
    "deliver": "Deliver it",
    "nothing": "Nothing to do",
}
# What to type for a step.
COMMANDS: dict[NextStep, str] = {
    "decide": "plus360 worklist {key}",
    "run_again": "plus360 night {key}",
    "deliver": "plus360 deliver {key}",
}
# Of a first delivery, what comes before the decision.
COMPARE = "Compare {files} with the special-programs system"
OWNERS: dict[Owner, str] = {
    SECRETARY: "School secretary",
    ADMIN: "District SIS admin",
    SUPPORT: "PowerSchool support",
    OPERATOR: "You",
}


def step_words(line: DistrictLine, step: NextStep) -> str:
    """A step in words; what is to be fixed is in the report, where the run has one."""
    has_report = line.report is not None and line.state in (line.verdict, "no night")
    return f"{STEPS[step]}, as the report says" if step == "fix" and has_report else STEPS[step]


def title_of(lines: Sequence[DistrictLine]) -> str:
    """How many districts were published, and how many wait or lack a run, in a line."""
    total = len(lines)
    paused = sum(line.state == "paused" for line in lines)
    published = sum(line.state == "published" for line in lines)
    deciding = sum(line.held is not None for line in lines)
    bad = total - paused - published
    if total == 1:
        said = f"The district is {'not published' if bad else 'paused' if paused else 'published'}"
    elif bad:
        said = f"{bad} of {total} districts not published"
    elif paused:
        said = f"{published} of {total} districts published, {paused} paused"
    else:
        said = f"All {total} districts published"
    if deciding:
        said += f": {deciding} {'waits' if deciding == 1 else 'wait'} for your decision"
    missing = sum(line.state == "no night" and line.last_night is not None for line in lines)
    if missing:
        said += f"{',' if deciding else ':'} {missing} without last night's run"
    return said


def pause_words(key: str, until: object) -> str:
    """What the operator reads of a district that is paused until a day, and how to end the pause."""
    return f"paused until {until}. To resume now: plus360 resume {key}"


def day_words(day: date) -> str:
    """Such as "Wed Nov 25", with the year where it is not this one."""
    year = "" if day.year == datetime.now().astimezone().year else f", {day.year}"
    return f"{day:%a %b} {day.day}{year}"


def moment_of(moment: datetime) -> str:
    """Such as "Wed Nov 25, 6:00 a.m.", by this machine's clock: the one by which the scheduler runs."""
    local = moment.astimezone()
    return f"{day_words(local.date())}, {clock_time(local.time())}"
