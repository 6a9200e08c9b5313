"""Losses that are each under the limit add up."""

from __future__ import annotations

from pathlib import Path

from tests.night.conftest import refused
from tests.night.kept_nights import after_a_good_night
from tests.night.losing_guardians import DELETED, DISTRICT, night, published
from tests.shared_between_workers import SharedFolders

CUMULATIVE = "load__deletions__cumulative"


def test_small_losses_add_up_and_a_release_of_all_starts_over(shared: SharedFolders, tmp_path: Path) -> None:
    operator = after_a_good_night(shared, tmp_path)
    for number, lost in enumerate(("01", "0123")):
        done = night(operator, f"night-{number}", lost=lost)
        assert done.returncode == 0, done.stdout + done.stderr
    before = published(operator)
    assert night(operator, "too-many", lost="012345").returncode == 3
    assert {hold["rule"] for hold in operator.qa(DISTRICT)["load"]["holds"]} == {CUMULATIVE}
    assert published(operator) == before
    refused(operator.plus360("release", "--all", "--rule", DELETED))
    done = operator.plus360("release", "--all", "--rule", CUMULATIVE, "--reason", "they moved away")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " removed, " in done.stdout
    assert published(operator) == operator.nights(DISTRICT)[-1]
    done = night(operator, "some-more", lost="0123456")
    assert done.returncode == 0, done.stdout + done.stderr
