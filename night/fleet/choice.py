"""Which districts run tonight, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from district.folder import DistrictFolder, NightFolder
from district.settings import DistrictSettings
from night.lock import work_of, work_words
from night.record import NightRecord, NightResult
from qa.verdict.document_file import DocumentError, read_document

INDEX_VARIABLE = "JOB_COMPLETION_INDEX"
# A held run stays the one that is decided on through the day that follows, whenever the next night begins.
_A_WORKING_DAY = timedelta(hours=20)
# As long as the retries of a night go on. A run by hand in the afternoon before it does not replace it.
_RETRIES = timedelta(hours=6)


class Shard(NamedTuple):
    """A share of all districts: the `number`-th of `of`, from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str, environment: Mapping[str, str]) -> Shard:
        """The shard "2/8"; "/8" and "8" leave its number to the index that Kubernetes gives a job.

        Raises:
            ValueError: it isn't written like that, or there is no such shard, or no index.
        """
        match = re.fullmatch(r"(?:([0-9]{1,6})?/)?([0-9]{1,6})", text)
        if match is None:
            raise ValueError("is not a share")
        index = environment.get(INDEX_VARIABLE, "")
        if not match[1] and not re.fullmatch("[0-9]{1,6}", index):
            raise ValueError("has no number")
        number = int(match[1] or int(index) + 1)
        shard = cls(number, int(match[2]))
        if not 1 <= shard.number <= shard.of:
            raise ValueError("is not one of so many")
        return shard

    def part(self, districts: Iterable[DistrictSettings]) -> list[DistrictSettings]:
        """The districts of this shard: the same on every machine with the same settings."""
        return sorted(districts, key=lambda district: district.key)[self.number - 1 :: self.of]


@dataclass(frozen=True)
class Choice:
    """The districts of one command.

    Attributes:
        chosen: those that run, in this order.
        not_due: those whose tonight is a day without a run.
        finished: how the runs of those ended that have a finished one of tonight, where only the others run.
        at_work: those that another command runs now, where only the unfinished ones run.
    """

    chosen: Sequence[DistrictSettings]
    not_due: Sequence[DistrictSettings] = ()
    finished: Sequence[NightResult] = ()
    at_work: Sequence[DistrictSettings] = ()

    @classmethod
    def due(cls, districts: Iterable[DistrictSettings], now: datetime) -> Choice:
        """Those of the districts whose tonight has a run."""
        districts = list(districts)
        due = {district.key for district in districts if _is_due(district, now)}
        return cls(
            [district for district in districts if district.key in due],
            [district for district in districts if district.key not in due],
        )

    def unfinished(self, data: Path, now: datetime) -> Choice:
        """The same without the districts that have a finished run of tonight, or are at work on one."""
        at_work = [district for district in self.chosen if _is_at_work(data, district)]
        others = [district for district in self.chosen if district not in at_work]
        records = {district.key: finished_run(data, district, now) for district in others}
        return replace(
            self,
            chosen=[district for district in others if records[district.key] is None],
            finished=[_result_of(record) for record in records.values() if record],
            at_work=at_work,
        )

    def longest_first(self, data: Path) -> Choice:
        """The same, the longest of the last runs first: so none begins alone at the end."""
        return replace(self, chosen=sorted(self.chosen, key=lambda district: -_last_seconds(data, district)))


def finished_run(data: Path, district: DistrictSettings, now: datetime) -> NightRecord | None:
    """The run because of which nothing is left to run of a district tonight; None where something is.

    It is the last one, ended in the last hours, and did not fail; or a person decides on it. A run that was
    published without its report, or not delivered, is worth another one.
    """
    calendar = district.calendar
    tonight = calendar.night_of(now)
    nights = DistrictFolder.of(data, district.key).all_nights()
    for night in reversed(nights):
        record = NightRecord.of(night)
        if record is None:  # it was killed
            continue
        if record.verdict == "held" and record.decision is None:
            return record if now - record.started_at < _A_WORKING_DAY else None
        is_of_tonight = calendar.night_of(record.started_at) == tonight
        if record.verdict != "failed":
            is_recent = is_of_tonight and now - record.finished_at < _RETRIES
            has_all = record.verdict != "published" or _has_all(night, district)
            return record if is_recent and night == nights[-1] and has_all else None
        if not is_of_tonight:
            return None
    return None


def _is_at_work(data: Path, district: DistrictSettings) -> bool:
    """Whether another command runs a district: the lock says so, not what a killed one left."""
    folder = DistrictFolder.of(data, district.key)
    work = work_of(folder)
    return work is not None and work.command == "night" and work_words(folder) is not None


def _has_all(night: NightFolder, district: DistrictSettings) -> bool:
    """Whether a published run has its report, and was delivered where the settings ask for it."""
    if not night.report.exists() or district.delivery is None:
        return night.report.exists()
    with suppress(OSError, DocumentError):
        delivery = read_document(night)[0].delivery
        return delivery is not None and delivery.state == "delivered"
    return False


def _is_due(district: DistrictSettings, now: datetime) -> bool:
    calendar = district.calendar
    return calendar.is_run_night(calendar.night_of(now))


def _last_seconds(data: Path, district: DistrictSettings) -> float:
    """How long the last run took; longer than any where no run says."""
    for night in reversed(DistrictFolder.of(data, district.key).all_nights()):
        if record := NightRecord.of(night):
            return sum(record.seconds.values())
    return float("inf")


def _result_of(record: NightRecord) -> NightResult:
    """How a run ended that another command ran."""
    seconds = round(sum(record.seconds.values()), 1)
    return NightResult(
        record.district,
        record.verdict,
        record.headline,
        decided=record.decision is not None,
        run_id=record.run_id,
        seconds=seconds,
    )
