"""All districts at a glance: data/index.html for the operator, data/index.json for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from district.data_folder import DataFolder
from district.errors import Plus360Error
from district.folder import DistrictFolder
from district.links import refuse_damage
from district.private_files import write_private
from district.settings import DistrictSettings
from night.decisions.history import paused_until
from night.decisions.pause import pause_words, today
from night.pages.render import render_page
from night.record import NightRecord, NightResult
from qa.contract import QaDocument
from qa.contract_types import Choice, Day, Moment, RunId, Verdict
from qa.load.contract import Effects

# A configured district whose last run started longer ago than this had no nightly run: a day and some slack.
OVERDUE_AFTER = timedelta(hours=26)

State = Literal["published", "held", "stopped", "failed", "paused", "no night"]
# What waits for a decision comes first, then what the operator must look at first.
ORDER: tuple[State, ...] = ("no night", "failed", "stopped", "held", "paused", "published")
RELEASE = 'plus360 release {district} --reason "..."'
DISCARD = "plus360 discard {district}"


class RunDecided(BaseModel):
    """What a person decided last on a held run of the district."""

    model_config = ConfigDict(extra="forbid")

    run_id: RunId
    decision: Choice
    decided_at: Moment


class Totals(BaseModel):
    """What the last run's load did, or would do, by file; null where it has no such file."""

    model_config = ConfigDict(extra="forbid")

    students: Effects
    guardians: Effects | None


class DistrictLine(BaseModel):
    """One district on the page. Times are UTC.

    Attributes:
        waiting: what the run that waits for a decision would do, where the headline is of something later.
        decide: the commands that decide on the run that waits for it; empty where none waits.
        repairs: what the last run found left by a run or program that was killed, and repaired.
        report: path of the report, relative to the index.
    """

    model_config = ConfigDict(extra="forbid")

    district: str
    name: str
    state: State
    headline: str
    run_id: str | None = None
    verdict: Verdict | None = None
    waiting: str | None = None
    decide: list[str] = []
    decision: RunDecided | None = None
    paused_until: Day | None = None
    last_night: Moment | None = None
    unpublished_since: Moment | None = None
    last_good_night: Moment | None = None
    load: Totals | None = None
    findings: int | None = None
    new_findings: int | None = None
    fix_first: str | None = None
    report: str | None = None
    repairs: list[str] = []


class Index(BaseModel):
    """The page: every configured district, the most urgent first."""

    schema_version: Literal[2] = 2
    written_at: Moment
    districts: list[DistrictLine]


def write_index(
    data: Path, scheduled: Sequence[DistrictSettings], unrecorded: Mapping[str, NightResult] | None = None
) -> Path:
    """Write index.json and index.html for all configured districts; returns the path of the page.

    Args:
        data: the folder of all districts.
        scheduled: the configured ones.
        unrecorded: by its district's key, how a run ended that left no night.json to read.
    """
    now = datetime.now(UTC)
    lines = [_line(data, district, now, (unrecorded or {}).get(district.key)) for district in scheduled]
    lines.sort(key=lambda line: (not line.decide, ORDER.index(line.state), line.district))
    index = Index(written_at=now, districts=lines)
    folder = DataFolder(data)
    write_private(folder.index_json, index.model_dump_json(indent=2) + "\n")
    page = folder.index_page
    write_private(page, render_page("index.html.j2", index=index, now=now))
    return page


def _line(data: Path, district: DistrictSettings, now: datetime, ended: NightResult | None) -> DistrictLine:
    line = district_line(data, district, now)
    return _of_attempt(line, ended) if ended else line


def _of_attempt(line: DistrictLine, ended: NightResult) -> DistrictLine:
    """The line of an attempt that made no run: what the run before it found and repaired is not of it.

    That run's report, and what waits for a decision, stay: the page says of which day they are.
    """
    waiting = line.waiting or (line.headline if line.decide else None)
    return line.model_copy(
        update={
            "state": ended.verdict,
            "headline": ended.headline,
            "waiting": waiting,
            "load": None,
            "findings": None,
            "new_findings": None,
            "fix_first": None,
            "repairs": list(ended.repairs),
        }
    )


def district_line(data: Path, district: DistrictSettings, now: datetime) -> DistrictLine:
    """What the page says about one district, read from its recorded runs."""
    folder = DistrictFolder.of(data, district.key)
    until = _paused_until(folder)
    nights = NightRecord.of_district(folder)
    if not nights:
        state: State = "paused" if until else "no night"
        words = pause_words(district.key, until) if until else "it was never run"
        return DistrictLine(
            district=district.key, name=district.name, state=state, headline=words, paused_until=until
        )
    last = nights[-1]
    published = [night for night in nights if night.verdict == "published"]
    unpublished = [night for night in nights if not published or night.started_at > published[-1].started_at]
    waiting = _waiting(nights)
    night = folder.night(last.run_id)
    line = DistrictLine(
        district=district.key,
        name=district.name,
        state=last.verdict,
        headline=last.headline,
        run_id=last.run_id,
        verdict=last.verdict,
        decide=[text.format(district=district.key) for text in (RELEASE, DISCARD)] if waiting else [],
        decision=_last_decision(nights),
        paused_until=until,
        last_night=last.started_at,
        unpublished_since=unpublished[0].started_at if unpublished else None,
        last_good_night=published[-1].started_at if published else None,
        report=night.report.relative_to(data.resolve()).as_posix() if night.report.exists() else None,
        repairs=list(last.repairs),
    )
    if until:
        line = line.model_copy(update={"state": "paused", "headline": pause_words(district.key, until)})
    elif now - last.started_at > OVERDUE_AFTER:
        line = line.model_copy(update={"state": "no night", "headline": "no run when one was due"})
    if waiting and line.headline != waiting.headline:
        line = line.model_copy(update={"waiting": waiting.headline})
    try:
        document = QaDocument.from_file(night.qa_json)
    except (OSError, ValueError):  # it ended before there was any, or it is damaged
        return line
    by_id = {finding.id: finding.headline for finding in document.findings}
    load = document.load
    return line.model_copy(
        update={
            "load": Totals(students=load.students, guardians=load.guardians) if load else None,
            "findings": len(document.findings),
            "new_findings": sum(finding.new for finding in document.findings),
            "fix_first": by_id.get(document.fix_first or ""),
        }
    )


def _paused_until(folder: DistrictFolder) -> date | None:
    """The first day on which a paused district runs again, where that can be read."""
    with suppress(Plus360Error):
        refuse_damage(folder)
        return paused_until(folder, today())
    return None


def _waiting(nights: Sequence[NightRecord]) -> NightRecord | None:
    """The held run that waits for a decision: failed runs after it say nothing about the records."""
    latest = next((night for night in reversed(nights) if night.verdict != "failed"), None)
    return latest if latest and latest.verdict == "held" and latest.decision is None else None


def _last_decision(nights: Sequence[NightRecord]) -> RunDecided | None:
    for night in reversed(nights):
        if night.decision:
            return RunDecided(run_id=night.run_id, **night.decision.model_dump())
    return None
