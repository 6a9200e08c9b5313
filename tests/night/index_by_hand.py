"""Runs of districts as the index page reads them: night.json and qa.json, without any pull."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night.pages.index_contract import Index
from night.record import NightRecord
from qa.contract import Check, Night, QaDocument, Run, RunDecision, ScanExtent
from qa.contract_types import CheckState, Choice, Level, NextStep, Verdict
from qa.failing.contract import Finding
from qa.load.contract import Effects, Load
from tests.qa.rich_parts import NOTHING_KNOWN

NOW = datetime.now(UTC).replace(microsecond=0)
SECRETARY = "district secretary"


def district(key: str) -> DistrictSettings:
    return DistrictSettings(
        key=key, name=key.title(), base_url="https://hac.example/v1/abc/", consumer_key="OneRoster_ABC_1"
    )


def run_id_of(hours_ago: int) -> str:
    return (NOW - timedelta(hours=hours_ago)).strftime("%Y%m%dT%H%M%S000Z")


def read(data: Path) -> Index:
    return Index.model_validate_json((data / "index.json").read_text(encoding="utf-8"))


def had(data: Path, key: str, verdict: Verdict, *, hours_ago: int, decision: Choice | None = None) -> None:
    """A run that left its night.json and nothing else."""
    started = NOW - timedelta(hours=hours_ago)
    NightRecord(
        district=key,
        run_id=run_id_of(hours_ago),
        started_at=started,
        finished_at=started + timedelta(minutes=1),
        verdict=verdict,
        decision=RunDecision(decision=decision, decided_at=NOW) if decision else None,
        headline=f"it was {verdict}",
        rows={},
        exported={},
        seconds={},
    ).write(DistrictFolder.of(data, key).night(run_id_of(hours_ago)).make())


def reported(
    data: Path,
    key: str,
    verdict: Verdict,
    *,
    hours_ago: int,
    headline: str,
    step: NextStep = "nothing",
    owner: Any = None,
    findings: dict[str, Level] | None = None,
    not_evaluated: int = 0,
) -> None:
    """A run with a report and a qa.json, in which these checks failed and so many were not evaluated."""
    had(data, key, verdict, hours_ago=hours_ago)
    night = DistrictFolder.of(data, key).night(run_id_of(hours_ago))
    levels = findings or {}
    checks = [_check(check_id, level, "failed") for check_id, level in levels.items()]
    checks += [_check(f"other__check__{n}", "warn", "not_evaluated") for n in range(not_evaluated)]
    passed = [] if not_evaluated and not levels else [_check("good__check__passes", "warn", "passed")]
    document = QaDocument(
        district=key,
        district_name=key.title(),
        run_id=night.run_id,
        started_at=NOW - timedelta(hours=hours_ago),
        finished_at=NOW - timedelta(hours=hours_ago),
        verdict=verdict,
        headline=headline,
        verdict_reason=headline,
        verdict_since=NOW - timedelta(hours=hours_ago),
        next_step=step,
        next_owner=owner,
        fix_first=next(iter(levels), None),
        decision=None,
        last_good=None,
        load=Load(baseline_run_id=None, students=EFFECTS, guardians=EFFECTS, fields=[], holds=[]),
        checks=checks + passed,
        findings=[_finding(check_id, level) for check_id, level in levels.items()],
        nights=[Night(date=NOW.date(), run_id=None, verdict=None)] * 14,
        run=Run(versions={}, checks_sha256=None, scan=ScanExtent(columns=1, values=100)),
        **NOTHING_KNOWN,
    )
    night.qa_json.write_text(document.to_json(), encoding="utf-8")
    night.report.write_text("a report", encoding="utf-8")


EFFECTS = Effects(
    before=1_874,
    add=3,
    update=40,
    same=1_419,
    carried=2,
    departed=1,
    delete=412,
    moved_in=0,
    moved_out=0,
    now=1_465,
)


def _check(check_id: str, level: Level, state: CheckState) -> Check:
    return Check(
        id=check_id,
        level=level,
        state=state,
        failed=12,
        total=100,
        title="A check",
        population="records",
        owner=SECRETARY,
        trend=[None] * 14,
    )


def _finding(check_id: str, level: Level) -> Finding:
    return Finding(
        id=check_id,
        level=level,
        headline=f"12 of 100 fail {check_id}",
        failed=12,
        total=100,
        population="records",
        since=NOW,
        nights=1,
        new=True,
        owner=SECRETARY,
        why="Why.",
        remedy=[],
        trend=[None] * 14,
        blocks=[],
        examples=[],
    )
