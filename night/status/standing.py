"""How every district stands now: what `status` shows, and prints for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night.lock import Work, work_of
from night.pages.index_contract import DistrictLine
from night.status.as_of import as_of
from night.status.status_file import read_status
from night.status.urgency import urgency
from qa.contract_types import Moment
from qa.delivery.outcomes import INTERRUPTED


class DistrictStanding(DistrictLine):
    """One district now.

    Attributes:
        published_age_seconds: since the start of the last published run; null where there is none.
        at_work: the command that is at work on it.
    """

    published_age_seconds: int | None = None
    at_work: Work | None = None


class Standing(BaseModel):
    """`status --json`: every district that is not disabled, the most urgent first."""

    model_config = ConfigDict(extra="forbid")

    as_of: Moment
    districts: list[DistrictStanding]
    disabled: list[str]


def standing_of(districts: Iterable[DistrictSettings], data: Path, now: datetime) -> Standing:
    """How districts stand at a moment; one whose files can't be read is as one that was never run."""
    asked = list(districts)
    lines = [_standing_of(one, DistrictFolder.of(data, one.key), now) for one in asked if not one.disabled]
    return Standing(
        as_of=now,
        districts=sorted(lines, key=urgency),
        disabled=sorted(one.key for one in asked if one.disabled),
    )


def _without_delivery_to_make(line: DistrictLine) -> DistrictLine:
    """The same while a command is at work, which may be delivering: another one can't now.

    Until a delivery has ended, its run's qa.json says that it was interrupted.
    """
    if line.next_step == "deliver":
        line = line.model_copy(update={"next_step": "nothing", "next_owner": None})
    if line.delivery and line.delivery.outcome == INTERRUPTED.code:
        line = line.model_copy(update={"delivery": None})
    return line


def _standing_of(district: DistrictSettings, folder: DistrictFolder, now: datetime) -> DistrictStanding:
    line, work = as_of(read_status(folder), district, now), work_of(folder)
    if work:
        line = _without_delivery_to_make(line)
    age = int((now - line.last_good.started_at).total_seconds()) if line.last_good else None
    return DistrictStanding.model_construct(**dict(line), published_age_seconds=age, at_work=work)
