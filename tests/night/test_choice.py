"""Which districts run tonight, in which order, and what that means for the exit code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from district.folder import DistrictFolder
from district.run_id import run_id_at
from district.settings import DistrictSettings
from night.fleet.choice import INDEX_VARIABLE, Choice, Shard, finished_run
from night.fleet.summary import exit_code_of, needs_someone
from night.lock import locked
from night.record import NightRecord, NightResult
from qa.contract import RunDecision

# Four in the morning in Chicago: tonight's night is Thursday, November 26.
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)


def district(key: str = "oak-hill", **settings: object) -> DistrictSettings:
    return DistrictSettings.model_validate(
        {
            "key": key,
            "name": key,
            "base_url": "https://hac.example.org/plus360api/v1/abc/",
            "consumer_key": "OneRoster_ABC_123",
            "time_zone": "America/Chicago",
            **settings,
        }
    )


def ran(data: Path, hours_ago: float, verdict: str, *, key: str = "oak-hill", seconds: float = 1) -> None:
    """A run of a district that began so long ago, with its report."""
    night = DistrictFolder.of(data, key).night(run_id_at(NOW - timedelta(hours=hours_ago))).make()
    night.report.touch()
    record = NightRecord.of_failed(night, "It rained.")
    record.model_copy(update={"verdict": verdict, "seconds": {"build": seconds}}).write(night)


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 12])
def test_every_district_is_in_one_shard(shards: int) -> None:
    districts = [district(f"d{number:02}") for number in range(10)]
    parts = [Shard.parse(f"{number}/{shards}", {}).part(districts) for number in range(1, shards + 1)]
    # Another order of the settings changes nothing.
    assert parts == [Shard(number, shards).part(districts[::-1]) for number in range(1, shards + 1)]
    assert sorted(one.key for part in parts for one in part) == [one.key for one in districts]
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("text", ["/8", "8"])
def test_kubernetes_counts_from_zero(text: str) -> None:
    assert Shard.parse(text, {INDEX_VARIABLE: "0"}) == (1, 8)
    assert Shard.parse(text, {INDEX_VARIABLE: "7"}) == (8, 8)
    for index in ("", "8", "-1", "x", "1_0", " 1", "²"):
        with pytest.raises(ValueError):
            Shard.parse(text, {INDEX_VARIABLE: index})


@pytest.mark.parametrize("text", ["", "0/8", "9/8", "1/0", "-1/8", "1/8/2", "1.5/8", "a/b", "1 / 8", "²/8"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Shard.parse(text, {INDEX_VARIABLE: "0"})


def test_a_district_is_due_on_its_run_days_by_its_own_clock() -> None:
    due = [district("every-day"), district("thursdays", run_days=["Thu"])]
    # In Auckland it is eleven at night on Friday.
    not_due = [
        district("fridays", run_days=["Fri"]),
        district("thanksgiving", holidays=["2026-11-26..2026-11-27"]),
        district("auckland", run_days=["Thu"], time_zone="Pacific/Auckland"),
    ]
    choice = Choice.due([*due, *not_due], NOW)
    assert ([*choice.chosen], [*choice.not_due]) == (due, not_due)


@pytest.mark.parametrize(
    ("runs", "finished"),
    [
        ([], False),
        ([(2, "published")], True),
        ([(2, "stopped")], True),
        ([(2, "held")], True),
        ([(2, "failed")], False),
        ([(5, "published")], True),
        ([(5, "stopped")], True),
        ([(15, "published")], False),  # at one in the afternoon, by hand: tonight's night had begun
        ([(15, "stopped")], False),  # and was fixed since
        ([(15, "held")], True),
        ([(17, "published")], False),  # at eleven in the morning: the night before
        ([(17, "stopped")], False),
        ([(17, "held")], True),  # people still decide on it
        ([(26, "held")], False),
        ([(26, "published"), (2, "failed")], False),
        ([(3, "failed"), (2, "published")], True),
        ([(3, "published"), (2, "failed")], False),
        ([(3, "held"), (2, "failed")], True),
        ([(3, "held"), (2, "published"), (1, "failed")], False),
    ],
)
def test_what_is_left_to_run_tonight(
    tmp_path: Path, runs: list[tuple[float, str]], *, finished: bool
) -> None:
    for hours_ago, verdict in runs:
        ran(tmp_path, hours_ago, verdict)
    assert (finished_run(tmp_path, district(), NOW) is not None) == finished


def test_a_decided_a_killed_and_an_unreported_run_are_no_reason_to_wait(tmp_path: Path) -> None:
    ran(tmp_path, 17, "held")
    night = DistrictFolder.of(tmp_path, "oak-hill").all_nights()[0]
    record = NightRecord.of(night)
    assert record
    decision = RunDecision(decision="discarded", decided_at=NOW)
    record.model_copy(update={"decision": decision}).write(night)
    assert finished_run(tmp_path, district(), NOW) is None
    decided = record.model_copy(update={"decision": decision, "started_at": NOW, "finished_at": NOW})
    decided.write(night)
    (result,) = Choice([district()]).unfinished(tmp_path, NOW).finished
    assert (result.verdict, exit_code_of([result]), needs_someone(result)) == ("held", 0, False)

    ran(tmp_path, 2, "published")
    assert finished_run(tmp_path, district(), NOW)
    killed = DistrictFolder.of(tmp_path, "oak-hill").night(run_id_at(NOW)).make()
    assert finished_run(tmp_path, district(), NOW) is None
    killed.path.rmdir()
    DistrictFolder.of(tmp_path, "oak-hill").all_nights()[-1].report.unlink()
    assert finished_run(tmp_path, district(), NOW) is None


def test_the_unfinished_run_longest_first_and_the_finished_still_count(tmp_path: Path) -> None:
    keys = ["short", "long", "new", "stopped"]
    ran(tmp_path, 26, "published", key="short", seconds=2)
    ran(tmp_path, 26, "published", key="long", seconds=200)
    ran(tmp_path, 1, "stopped", key="stopped", seconds=9)
    choice = Choice.due([district(key) for key in keys], NOW).unfinished(tmp_path, NOW)
    assert [one.key for one in choice.longest_first(tmp_path).chosen] == ["new", "long", "short"]
    assert [(result.district, result.headline) for result in choice.finished] == [("stopped", "It rained.")]
    assert exit_code_of([NightResult("new", "published", ""), *choice.finished]) == 3


def test_what_another_command_runs_now_is_left_to_it(tmp_path: Path) -> None:
    ran(tmp_path, 26, "published")
    folder = DistrictFolder.of(tmp_path, "oak-hill").make()
    with locked(folder, "night"):
        choice = Choice([district()]).unfinished(tmp_path, NOW)
        left = folder.at_work.read_text(encoding="utf-8")
    assert (choice.chosen, choice.finished, choice.at_work) == ([], [], [district()])
    folder.at_work.write_text(left, encoding="utf-8")  # of a killed one: nothing holds the lock
    assert Choice([district()]).unfinished(tmp_path, NOW).chosen == [district()]


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([], 0),
        ([("published", {}), ("paused", {})], 0),
        ([("published", {}), ("held", {})], 3),
        ([("stopped", {}), ("held", {}), ("failed", {})], 1),
        ([("published", {"trouble": "no room"}), ("held", {})], 1),
        ([("published", {"undelivered": "no connection"})], 1),
        ([("held", {"trouble": "no room"})], 3),
    ],
)
def test_the_exit_code_says_whether_a_retry_may_help(results: list[tuple[str, dict]], code: int) -> None:
    assert exit_code_of([NightResult("oak-hill", verdict, "", **more) for verdict, more in results]) == code
