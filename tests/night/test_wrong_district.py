"""Settings that lead to another district: no child of it is published, whatever its ids are."""

from __future__ import annotations

import subprocess
from typing import NamedTuple

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator, published_files, refused


class Swapped(NamedTuple):
    """What an operator has after a run with the wrong settings.

    Attributes:
        before: what was published before it, by file.
        done: the run.
        checked: `check`, with the same settings.
    """

    operator: Operator
    before: dict[str, str]
    done: subprocess.CompletedProcess[str]
    checked: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def swapped(module_operator: Operator) -> Swapped:
    """Two districts of the same size, with the same student, contact and building ids, published once.

    Then the block of one has the address, the consumer key and the secret of the other.
    """
    ours, other = generated(students=40, seed=1), generated(students=40, seed=2, town="Oak Hill", state="MN")
    with Sandbox(ours) as box, Sandbox(other) as other_box:
        module_operator.knows("maple-grove", box)
        assert module_operator.plus360("night", "maple-grove").returncode == 0
        before = published_files(module_operator, "maple-grove")
        module_operator.knows("maple-grove", other_box)
        done = module_operator.plus360("night", "maple-grove")
        module_operator.knows("oak-hill", other_box)
        checked = module_operator.plus360("check", "maple-grove", "--share", "page.html")
    return Swapped(module_operator, before, done, checked)


def test_its_children_are_not_published(swapped: Swapped) -> None:
    operator = swapped.operator
    assert swapped.done.returncode == 3, swapped.done.stdout
    assert "look like another district's" in swapped.done.stdout
    assert published_files(operator, "maple-grove") == swapped.before
    assert not (operator.nights("maple-grove")[-1] / "export").exists()
    assert "nothing to decide" in refused(operator.plus360("release", "maple-grove"))


def test_the_report_says_what_to_check(swapped: Swapped) -> None:
    qa = swapped.operator.qa("maple-grove")
    assert (qa["verdict"], qa["next_owner"]) == ("stopped", "plus360 operator")
    first, *others = qa["findings"]
    assert first["headline"].startswith("The records look like another district's")
    assert "base_url and consumer_key of maple-grove" in first["remedy"][0]
    assert not [finding["id"] for finding in others if finding["level"] == "hold"], "it explains them all"


def test_check_says_which_district_answers(swapped: Swapped) -> None:
    assert "Oak Hill High School" in swapped.checked.stdout
    assert "maple-grove and oak-hill have the same base_url and consumer_key" in swapped.checked.stderr
    assert "Oak Hill" not in (swapped.operator.folder / "page.html").read_text(encoding="utf-8")
