"""`status` says how each district stands now, whatever became of the files that it is read from."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

from district.data_folder import DataFolder
from district.folder import DistrictFolder
from district.settings.days import WEEKDAYS
from night.decisions.pause import pause, resume, today
from night.pages.index import write_index
from night.pages.index_contract import DistrictLine
from night.record import NightResult
from night.status.as_of import as_of
from night.status.standing import standing_of
from night.status.status_file import read_status
from night.status.table import table_of
from qa.delivery.outcomes import DELIVERED, NAME_NOT_FOUND
from tests.night.conftest import Operator, refused
from tests.night.index_by_hand import EFFECTS, NOW, district, had, read, reported

DAY = timedelta(days=1)


def line_of(data: Path, key: str, now: datetime = NOW, **settings: object) -> DistrictLine:
    return as_of(read_status(DistrictFolder.of(data, key)), district(key).model_copy(update=settings), now)


@pytest.mark.parametrize("damage", ["missing", "empty", "other", "pipe", "folder"])
def test_a_status_file_that_says_nothing_costs_nothing(tmp_path: Path, damage: str) -> None:
    reported(tmp_path, "oak", "held", hours_ago=1, headline="Held: many.", step="decide")
    said, file = line_of(tmp_path, "oak"), DistrictFolder.of(tmp_path, "oak").status
    assert file.is_file()
    file.unlink()
    if damage == "pipe":
        os.mkfifo(file)
    elif damage == "folder":
        file.mkdir()
    elif damage != "missing":
        file.write_text("" if damage == "empty" else '{"schema": 99}', encoding="utf-8")
    assert line_of(tmp_path, "oak") == said
    assert (said.state, said.held and said.held.headline) == ("held", "Held: many.")


def test_what_runs_and_decisions_say_is_known_at_once(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path, "oak").make()
    assert line_of(tmp_path, "oak").headline == "It was never run."
    had(tmp_path, "oak", "published", hours_ago=5)
    assert line_of(tmp_path, "oak").state == "published"
    had(tmp_path, "oak", "stopped", hours_ago=1)
    assert line_of(tmp_path, "oak").state == "stopped"
    pause(folder, today() + 3 * DAY, None)
    assert line_of(tmp_path, "oak").state == "paused"
    resume(folder, None)
    assert line_of(tmp_path, "oak").state == "stopped"


def test_a_run_that_left_nothing_is_not_forgotten_by_the_next_page(tmp_path: Path) -> None:
    had(tmp_path, "oak", "published", hours_ago=5)
    locked = NightResult("oak", "failed", "its disk is full", recorded=False)
    write_index(tmp_path, [district("oak")], {"oak": locked})
    write_index(tmp_path, [district("oak")])
    (line,) = read(tmp_path).districts
    assert (line.state, line.headline) == ("failed", "its disk is full")
    had(tmp_path, "oak", "published", hours_ago=-1)
    write_index(tmp_path, [district("oak")])
    assert read(tmp_path).districts[0].state == "published"


def test_a_night_without_a_due_run_is_no_missing_one(tmp_path: Path) -> None:
    had(tmp_path, "oak", "published", hours_ago=50)
    assert line_of(tmp_path, "oak").state == "no night"
    weekday = WEEKDAYS[district("oak").calendar.night_of(NOW - timedelta(hours=50)).weekday()]
    once_a_week = line_of(tmp_path, "oak", run_days=[weekday])
    assert once_a_week.state == "published"
    assert once_a_week.run_due and once_a_week.run_due > NOW + 4 * DAY
    day = NOW.astimezone().date()
    assert line_of(tmp_path, "oak", holidays=[f"{day - 3 * DAY}..{day}"]).state == "published"


def test_a_district_is_late_by_its_own_clock(tmp_path: Path) -> None:
    had(tmp_path, "oak", "published", hours_ago=1)
    zone = ZoneInfo("Pacific/Honolulu")
    due = line_of(tmp_path, "oak", time_zone=zone.key).run_due
    assert due
    assert due.astimezone(zone).hour in range(6, 13)


def test_after_a_pause_its_first_night_is_awaited(tmp_path: Path) -> None:
    had(tmp_path, "oak", "published", hours_ago=500)
    until = today() + 3 * DAY
    pause(DistrictFolder.of(tmp_path, "oak").make(), until, None)

    def at(day: date, hour: int) -> DistrictLine:
        return line_of(tmp_path, "oak", datetime(day.year, day.month, day.day, hour).astimezone())

    assert at(until - DAY, 23).state == "paused"
    assert at(until, 9).state == "published", "its first run may be in the evening"
    assert at(until + DAY, 13).state == "no night"


def test_the_last_page_has_what_was_done_before_it(operator: Operator, tmp_path: Path) -> None:
    """A command that waits for another one's page reads how the districts stand only after that."""
    operator.folder.joinpath("districts.toml").write_text(
        '[districts.oak]\nname = "Oak"\nbase_url = "https://hac.example/v1/abc/"\n'
        'consumer_key = "OneRoster_ABC_1"\n'
        '[districts.elm]\nname = "Elm"\nbase_url = "https://hac.example/v1/abc/"\n'
        'consumer_key = "OneRoster_ABC_1"\ndisabled = true\n',
        encoding="utf-8",
    )
    data = operator.data
    reported(data, "oak", "held", hours_ago=3, headline="Held: many.", step="decide")
    write_index(data, [district("oak")])
    with FileLock(DataFolder(data).index_lock):
        waiting = operator.started("index")
        assert waiting.poll() is None
        had(data, "oak", "failed", hours_ago=1)
    said, errors = waiting.communicate(timeout=60)
    assert (waiting.returncode, errors) == (0, "")
    assert said.endswith("index.html\n")
    assert operator.index()["oak"]["state"] == "failed"
    assert "Disabled in the settings, so not run and not above: elm." in (data / "index.html").read_text()

    shown = operator.plus360("status", "--json")
    assert (shown.returncode, shown.stderr) == (0, "")
    told = json.loads(shown.stdout)
    (oak,) = told["districts"]
    assert told["disabled"] == ["elm"]
    assert (oak["state"], oak["next_step"], oak["at_work"]) == ("failed", "decide", None)
    assert oak["held"]["load"]["students"]["delete"] == EFFECTS.delete
    table = operator.plus360("status", "oak").stdout
    assert "Release or discard it: plus360 worklist oak" in table
    assert "+3 ~40 -412" in table
    assert "Held: many." in table
    assert "elm is not" not in refused(operator.plus360("status", "elmm"))


def test_what_is_at_work_is_said(tmp_path: Path) -> None:
    folder = DistrictFolder.of(tmp_path, "oak").make()
    work = {"command": "night", "process": os.getpid(), "since": datetime.now(UTC).isoformat()}
    folder.at_work.write_text(json.dumps(work), encoding="utf-8")
    (line,) = standing_of([district("oak")], tmp_path, NOW).districts
    assert line.at_work and line.at_work.command == "night"
    work["process"] = 2**22 + 1  # no process has such a number
    folder.at_work.write_text(json.dumps(work), encoding="utf-8")
    assert standing_of([district("oak")], tmp_path, NOW).districts[0].at_work is None


def test_the_age_of_what_is_published_is_that_of_its_run(tmp_path: Path) -> None:
    had(tmp_path, "oak", "published", hours_ago=30)
    had(tmp_path, "oak", "failed", hours_ago=1)
    (line,) = standing_of([district("oak")], tmp_path, NOW).districts
    assert line.published_age_seconds == 30 * 3600


def test_an_import_that_was_not_delivered_is_to_be_delivered(tmp_path: Path) -> None:
    for key in ("elm", "oak"):
        reported(tmp_path, key, "published", hours_ago=1, headline="Published: nothing changed.")
    qa_json = DistrictFolder.of(tmp_path, "oak").all_nights()[-1].qa_json
    qa = json.loads(qa_json.read_text(encoding="utf-8"))
    at = "2026-11-27T02:14:00Z"
    for state, outcome, step, order in (
        ("not_delivered", NAME_NOT_FOUND, "deliver", ["oak", "elm"]),
        ("delivered", DELIVERED, "nothing", ["elm", "oak"]),
    ):
        qa["delivery"] = {"state": state, "at": at, "outcome": outcome.code}
        qa_json.write_text(json.dumps(qa), encoding="utf-8")
        standing = standing_of([district("elm"), district("oak")], tmp_path, NOW)
        assert [line.district for line in standing.districts] == order
        oak = standing.districts[order.index("oak")]
        assert (oak.next_step, oak.state) == (step, "published")
        page = write_index(tmp_path, [district("elm"), district("oak")]).read_text(encoding="utf-8")
        table = " ".join(text for text, _ in table_of(standing))
        for text in (page, table):
            assert ("plus360 deliver oak" in text) == (step == "deliver")
            assert ("Delivered, accepted by rename" in text) == (state == "delivered")
