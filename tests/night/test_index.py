"""The operator's page in the morning: the most urgent first, and silence is no good news."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

from district.folder import DistrictFolder
from extract.outcomes import OPERATOR
from night.decisions.pause import pause, today
from night.pages.index import write_index
from night.record import NightRecord, NightResult
from night.status.words import day_words
from tests.night.index_by_hand import NOW, SECRETARY, district, had, read, reported, run_id_of


def test_the_page_says_who_was_not_published_and_since_when(tmp_path: Path) -> None:
    had(tmp_path, "fine", "published", hours_ago=1)
    had(tmp_path, "stuck", "published", hours_ago=73)
    had(tmp_path, "stuck", "stopped", hours_ago=49)
    had(tmp_path, "stuck", "failed", hours_ago=25)
    had(tmp_path, "stuck", "stopped", hours_ago=1)
    had(tmp_path, "silent", "published", hours_ago=50)
    page = write_index(tmp_path, [district(key) for key in ("fine", "stuck", "silent", "never")])

    index = read(tmp_path)
    assert [(line.district, line.state) for line in index.districts] == [
        ("silent", "no night"),
        ("stuck", "stopped"),
        ("never", "no night"),
        ("fine", "published"),
    ]
    stuck = index.districts[1]
    assert stuck.unpublished_since == NOW - timedelta(hours=49)
    assert stuck.last_good
    assert stuck.last_good.started_at == NOW - timedelta(hours=73)
    text = page.read_text(encoding="utf-8")
    assert "3 of 4 districts not published" in text
    assert "<script" not in text
    assert not re.search(r"\bago\b|within the|today|yesterday", text), "it would not stay true"


def test_a_scheduler_that_stopped_is_visible_whenever_the_page_is_read(tmp_path: Path) -> None:
    had(tmp_path, "early", "published", hours_ago=5)
    had(tmp_path, "late", "published", hours_ago=1)
    had(tmp_path, "silent", "published", hours_ago=50)
    pause(DistrictFolder.of(tmp_path, "summer").make(), today() + timedelta(days=9), None)
    keys = ("early", "late", "silent", "summer", "never")
    page = write_index(tmp_path, [district(key) for key in keys]).read_text(encoding="utf-8")
    index = read(tmp_path)
    due = {line.district: line.run_due for line in index.districts}
    for key, hours in (("early", 5), ("late", 1), ("silent", 50)):
        start, calendar = NOW - timedelta(hours=hours), district(key).calendar
        assert due[key] == calendar.missing_at(calendar.night_of(start), [start])
    assert index.run_due == min(due[key] for key in ("early", "late", "summer"))
    assert due["never"] is None
    assert due["summer"]
    assert due["summer"].astimezone().date() == today() + timedelta(days=10), "a day after its first one"
    local = index.run_due.astimezone()
    hour = (local.hour + 11) % 12 + 1
    half = "a.m." if local.hour < 12 else "p.m."
    said = f"If it is later than {day_words(local.date())}, {hour}:{local:%M} {half} ({local:%Z}), last night"
    assert said in re.sub(r"<[^>]+>", "", page)


def test_who_did_not_run_says_nothing_of_the_last_run(tmp_path: Path) -> None:
    for key in ("silent", "summer"):
        had(tmp_path, key, "held", hours_ago=50, decision="discarded")
        night = DistrictFolder.of(tmp_path, key).all_nights()[-1]
        record = NightRecord.of(night)
        assert record
        record.model_copy(update={"repairs": ["a lock of a killed run"]}).write(night)
    pause(DistrictFolder.of(tmp_path, "summer"), today() + timedelta(days=9), None)
    page = write_index(tmp_path, [district("silent"), district("summer")]).read_text(encoding="utf-8")
    for line in read(tmp_path).districts:
        assert (line.findings, line.decision, line.repairs, line.load) == (None, None, [], None)
    for text in ("it was held", "discarded", "a lock of"):
        assert text not in page
    assert "plus360 night silent" in page


def test_a_record_that_is_a_pipe_does_not_hang_the_page(tmp_path: Path) -> None:
    had(tmp_path, "fine", "published", hours_ago=1)
    had(tmp_path, "odd", "published", hours_ago=50)
    for name in ("night.json", "qa.json"):
        folder = DistrictFolder.of(tmp_path, "odd").night(run_id_of(1)).make().path
        os.mkfifo(folder / name)
    os.mkfifo(DistrictFolder.of(tmp_path, "fine").all_nights()[-1].qa_json)
    write_index(tmp_path, [district("fine"), district("odd")])
    assert {line.district: line.state for line in read(tmp_path).districts} == {
        "fine": "published",
        "odd": "no night",
    }


def test_what_waits_for_a_decision_comes_first(tmp_path: Path) -> None:
    had(tmp_path, "broken", "failed", hours_ago=1)
    reported(tmp_path, "waiting", "held", hours_ago=25, headline="it was held", step="decide")
    had(tmp_path, "waiting", "failed", hours_ago=1)
    had(tmp_path, "decided", "held", hours_ago=1, decision="discarded")
    had(tmp_path, "better", "held", hours_ago=25)
    had(tmp_path, "better", "published", hours_ago=1)
    pause(DistrictFolder.of(tmp_path, "summer").make(), today() + timedelta(days=9), "rollover")
    keys = ("better", "broken", "decided", "summer", "waiting")
    page = write_index(tmp_path, [district(key) for key in keys])

    index = read(tmp_path)
    assert [(line.district, line.state) for line in index.districts] == [
        ("waiting", "failed"),
        ("broken", "failed"),
        ("decided", "held"),
        ("summer", "paused"),
        ("better", "published"),
    ]
    waiting, _, decided, summer, better = index.districts
    assert waiting.held
    assert waiting.held.headline == "it was held"
    assert waiting.held.commands == [
        "plus360 worklist waiting",
        'plus360 release waiting --reason "..."',
        "plus360 discard waiting",
    ]
    assert (waiting.next_step, waiting.next_owner) == ("decide", "plus360 operator")
    assert not decided.held
    assert decided.decision
    assert decided.decision.decision == "discarded"
    assert not better.held
    assert summer.paused_until == today() + timedelta(days=9)
    text = page.read_text(encoding="utf-8")
    assert "3 of 5 districts not published: 1 waits for your decision" in text
    assert f"Paused until {day_words(summer.paused_until)}" in text


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
    assert "Report of the last run of Odd" in page
    assert "The district is not published" in page
    assert "1 districts" not in page


def test_counts_say_what_they_count(tmp_path: Path) -> None:
    """A district without data isn't one with a single finding; the most findings aren't the most urgent."""
    reported(
        tmp_path,
        "many",
        "published",
        hours_ago=1,
        headline="Published: nothing changed.",
        step="fix",
        owner=SECRETARY,
        findings={"students__last_name__required": "error"} | {f"a__b__c{n}": "warn" for n in range(20)},
    )
    reported(
        tmp_path,
        "empty",
        "stopped",
        hours_ago=1,
        headline="Stopped: ContactPhone is not subscribed.",
        step="fix",
        owner="district SIS admin",
        findings={"pull__endpoints__complete": "stop"},
        not_evaluated=45,
    )
    page = write_index(tmp_path, [district("many"), district("empty")]).read_text(encoding="utf-8")
    empty, many = read(tmp_path).districts
    assert (empty.district, empty.findings, empty.not_evaluated) == ("empty", {"stop": 1}, 45)
    assert (many.findings, many.new_findings) == ({"error": 1, "warn": 20}, 21)
    assert (empty.next_step, empty.next_owner) == ("fix", "district SIS admin")
    assert empty.fix_first is None, "the headline says it"
    text = re.sub(r"<[^>]+>", " ", page)
    assert "Blocks the load: 1" in text
    assert "45 checks not evaluated" in text
    assert "Fix first: 12 of 100 fail students__last_name__required" in text
    assert text.count("ContactPhone is not subscribed") == 1


def test_what_is_still_open_keeps_its_cause_and_owner(tmp_path: Path) -> None:
    cause = "Stopped: ContactPhone is not subscribed."
    reported(tmp_path, "elm", "stopped", hours_ago=49, headline=cause, step="fix", owner="district SIS admin")
    reported(tmp_path, "oak", "held", hours_ago=25, headline="Held: many.", step="decide")
    had(tmp_path, "oak", "failed", hours_ago=1)
    page = write_index(tmp_path, [district(key) for key in ("elm", "oak", "never")]).read_text()
    elm, oak, never = read(tmp_path).districts
    assert elm.still_open
    assert (elm.state, elm.next_step) == ("no night", "run_again")
    assert (elm.still_open.headline, elm.still_open.next_owner) == (cause, "district SIS admin")
    assert oak.still_open
    assert (oak.next_step, oak.still_open.next_step) == ("decide", "run_again")
    assert never.still_open is None
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert cause in text
    assert "No run when one was due: Elm." in text
    assert "Never run: Never." in text
    assert "1 waits for your decision, 1 without last night&#39;s run" in text
    assert "Never Not since" not in text


def test_a_held_run_that_release_would_refuse_is_to_be_run_again(tmp_path: Path) -> None:
    """Without a qa.json of this version, no one sees what would be decided."""
    had(tmp_path, "oak", "held", hours_ago=1)
    page = write_index(tmp_path, [district("oak")]).read_text(encoding="utf-8")
    (line,) = read(tmp_path).districts
    assert (line.state, line.held, line.next_step, line.next_owner) == ("held", None, "run_again", OPERATOR)
    assert line.headline.endswith("its results are damaged, or of an earlier version of plus360.")
    assert "Release or discard" not in page


def test_a_held_load_says_what_it_would_do_and_links_the_last_good_report(tmp_path: Path) -> None:
    reported(tmp_path, "oak", "published", hours_ago=49, headline="Published: nothing changed.")
    held = "Held: this load would delete 412 of 1,874 guardians."
    reported(
        tmp_path,
        "oak",
        "held",
        hours_ago=25,
        headline=held,
        step="decide",
        findings={"load__guardians__deleted": "hold"},
    )
    had(tmp_path, "oak", "failed", hours_ago=1)
    page = write_index(tmp_path, [district("oak")]).read_text(encoding="utf-8")
    (line,) = read(tmp_path).districts
    assert line.held
    assert line.held.load
    assert line.held.load.students.delete == 412
    assert line.held.report == f"oak/nights/{run_id_of(25)}/report.html"
    assert line.last_good
    assert "what was published before stays until you decide" in page
    assert line.last_good.report == f"oak/nights/{run_id_of(49)}/report.html"
    assert f'href="{line.held.report}"' in page
    assert f'href="{line.last_good.report}"' in page
    assert page.count(held) == 1
    assert "<code>plus360 worklist oak</code>" in page
