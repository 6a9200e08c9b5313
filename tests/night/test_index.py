"""The operator's page in the morning: the most urgent first, and silence is no good news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from district.folder import DistrictFolder
from district.settings import DistrictSettings
from night.decisions.pause import pause, today
from night.pages.index import Index, write_index
from night.record import NightRecord, NightResult
from qa.contract import RunDecision
from qa.contract_types import Choice, Verdict

NOW = datetime.now(UTC).replace(microsecond=0)


def district(key: str) -> DistrictSettings:
    return DistrictSettings(
        key=key, name=key.title(), base_url="https://hac.example/v1/abc/", consumer_key="OneRoster_ABC_1"
    )


def had(data: Path, key: str, verdict: Verdict, *, hours_ago: int, decision: Choice | None = None) -> None:
    started = NOW - timedelta(hours=hours_ago)
    run_id = started.strftime("%Y%m%dT%H%M%S000Z")
    NightRecord(
        district=key,
        run_id=run_id,
        started_at=started,
        finished_at=started + timedelta(minutes=1),
        verdict=verdict,
        decision=RunDecision(decision=decision, decided_at=NOW) if decision else None,
        headline=f"it was {verdict}",
        rows={},
        exported={},
        seconds={},
    ).write(DistrictFolder.of(data, key).night(run_id).make())


def test_the_page_says_who_was_not_published_and_since_when(tmp_path: Path) -> None:
    had(tmp_path, "fine", "published", hours_ago=1)
    had(tmp_path, "stuck", "published", hours_ago=73)
    had(tmp_path, "stuck", "stopped", hours_ago=49)
    had(tmp_path, "stuck", "failed", hours_ago=25)
    had(tmp_path, "stuck", "stopped", hours_ago=1)
    had(tmp_path, "silent", "published", hours_ago=50)
    page = write_index(tmp_path, [district(key) for key in ("fine", "stuck", "silent", "never")])

    index = Index.model_validate_json((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [(line.district, line.state) for line in index.districts] == [
        ("never", "no night"),
        ("silent", "no night"),
        ("stuck", "stopped"),
        ("fine", "published"),
    ]
    stuck = index.districts[2]
    assert stuck.unpublished_since == NOW - timedelta(hours=49)
    assert stuck.last_good_night == NOW - timedelta(hours=73)
    text = page.read_text(encoding="utf-8")
    assert "3 of 4 districts not published" in text
    assert "3 days ago" in text
    assert "<script" not in text


def test_what_waits_for_a_decision_comes_first(tmp_path: Path) -> None:
    had(tmp_path, "broken", "failed", hours_ago=1)
    had(tmp_path, "waiting", "held", hours_ago=25)
    had(tmp_path, "waiting", "failed", hours_ago=1)
    had(tmp_path, "decided", "held", hours_ago=1, decision="discarded")
    had(tmp_path, "better", "held", hours_ago=25)
    had(tmp_path, "better", "published", hours_ago=1)
    pause(DistrictFolder.of(tmp_path, "summer").make(), today() + timedelta(days=9), "rollover")
    keys = ("better", "broken", "decided", "summer", "waiting")
    page = write_index(tmp_path, [district(key) for key in keys])

    index = Index.model_validate_json((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [(line.district, line.state) for line in index.districts] == [
        ("waiting", "failed"),
        ("broken", "failed"),
        ("decided", "held"),
        ("summer", "paused"),
        ("better", "published"),
    ]
    waiting, _, decided, summer, better = index.districts
    assert waiting.waiting == "it was held"
    assert waiting.decide == ['plus360 release waiting --reason "..."', "plus360 discard waiting"]
    assert not decided.decide
    assert decided.decision
    assert decided.decision.decision == "discarded"
    assert not better.decide
    assert summer.paused_until == today() + timedelta(days=9)
    text = page.read_text(encoding="utf-8")
    assert "3 of 5 districts not published: 1 waits for your decision" in text
    assert f"paused until {summer.paused_until}" in text


def test_a_name_cannot_break_the_page(tmp_path: Path) -> None:
    odd = district("odd").model_copy(update={"name": "<script>alert(1)</script>"})
    assert "<script" not in write_index(tmp_path, [odd]).read_text(encoding="utf-8")


def test_an_attempt_without_a_run_has_nothing_of_the_run_before(tmp_path: Path) -> None:
    had(tmp_path, "odd", "published", hours_ago=1)
    night = DistrictFolder.of(tmp_path, "odd").all_nights()[-1]
    record = NightRecord.of(night)
    assert record
    record.model_copy(update={"repairs": ["a lock of a killed run"]}).write(night)
    night.report.write_text("a report", encoding="utf-8")
    full = NightResult("odd", "failed", "out of file descriptors", recorded=False)
    page = write_index(tmp_path, [district("odd")], {"odd": full}).read_text(encoding="utf-8")
    assert "out of file descriptors" in page
    assert "Repaired" not in page
    assert f"Report of Odd, run of {record.started_at:%Y-%m-%d}" in page
    assert "The district is not published" in page
    assert "1 districts" not in page
