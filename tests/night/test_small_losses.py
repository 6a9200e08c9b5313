"""Losses that are each under the limit add up."""

from __future__ import annotations

from tests.night.conftest import Operator, refused
from tests.night.losing_guardians import DELETED, DISTRICT, night, published

CUMULATIVE = "load__deletions__cumulative"


def test_small_losses_add_up_and_a_release_of_all_starts_over(operator: Operator) -> None:
    for number, lost in enumerate(("", "01", "0123")):
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
