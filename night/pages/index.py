"""All districts at a glance: data/index.html for the operator, data/index.json for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from district.folder import DataFolder, DistrictFolder
from district.private_files import write_private
from district.settings import DistrictSettings
from night.pages.render import render_page
from night.record import NightRecord
from qa.contract import QaDocument
from qa.contract_types import Moment

# A configured district whose last run started longer ago than this had no nightly run: a day and some slack.
OVERDUE_AFTER = timedelta(hours=26)

State = Literal["published", "held", "stopped", "failed", "paused", "no night"]
# What the operator must look at first comes first.
ORDER: tuple[State, ...] = ("no night", "failed", "stopped", "held", "published")


class DistrictLine(BaseModel):
    """One district on the page. Times are UTC."""

    model_config = ConfigDict(extra="forbid")

    district: str
    name: str
    state: State
    headline: str
    run_id: str | None = None
    last_night: Moment | None = None
    unpublished_since: Moment | None = None
    last_good_night: Moment | None = None
    findings: int | None = None
    new_findings: int | None = None
    fix_first: str | None = None
    report: str | None = None
    """Path of the report, relative to the index."""


class Index(BaseModel):
    """The page: every configured district, the most urgent first."""

    schema_version: Literal[1] = 1
    written_at: Moment
    districts: list[DistrictLine]


def write_index(data: Path, scheduled: Sequence[DistrictSettings]) -> Path:
    """Write index.json and index.html for all configured districts; returns the path of the page."""
    now = datetime.now(UTC)
    lines = [district_line(data, district, now) for district in scheduled]
    lines.sort(key=lambda line: (ORDER.index(line.state), line.district))
    index = Index(written_at=now, districts=lines)
    folder = DataFolder(data)
    write_private(folder.index_json, index.model_dump_json(indent=2) + "\n")
    page = folder.index_page
    write_private(page, render_page("index.html.j2", index=index, now=now))
    return page


def district_line(data: Path, district: DistrictSettings, now: datetime) -> DistrictLine:
    """What the page says about one district, read from its recorded runs."""
    folder = DistrictFolder.of(data, district.key)
    nights = NightRecord.of_district(folder)
    if not nights:
        return DistrictLine(
            district=district.key, name=district.name, state="no night", headline="it was never run"
        )
    last = nights[-1]
    published = [night for night in nights if night.verdict == "published"]
    unpublished = [night for night in nights if not published or night.started_at > published[-1].started_at]
    overdue = now - last.started_at > OVERDUE_AFTER
    night = folder.night(last.run_id)
    line = DistrictLine(
        district=district.key,
        name=district.name,
        state="no night" if overdue else last.verdict,
        headline="no run when one was due" if overdue else last.headline,
        run_id=last.run_id,
        last_night=last.started_at,
        unpublished_since=unpublished[0].started_at if unpublished else None,
        last_good_night=published[-1].started_at if published else None,
        report=night.report.relative_to(data.resolve()).as_posix() if night.report.exists() else None,
    )
    if not night.qa_json.exists():
        return line
    document = QaDocument.from_file(night.qa_json)
    by_id = {finding.id: finding.headline for finding in document.findings}
    return line.model_copy(
        update={
            "findings": len(document.findings),
            "new_findings": sum(finding.new for finding in document.findings),
            "fix_first": by_id.get(document.fix_first or ""),
        }
    )
