"""What the page and `status` say is true of the district at hand: no report, no decision, no year too few."""

from __future__ import annotations

from pathlib import Path

from extract.outcomes import OPERATOR
from night.decisions.pause import today
from night.pages.index import write_index
from night.status.standing import standing_of
from night.status.table import table_of
from night.status.words import day_words
from tests.night.index_by_hand import NOW, district, had, reported


def test_what_was_decided_waits_for_no_one_and_a_first_load_keeps_nothing(tmp_path: Path) -> None:
    holds = {"load__guardians__deleted": "hold"}
    for key, verdict in (("first", "held"), ("freed", "published")):
        reported(tmp_path, key, verdict, hours_ago=1, headline="So many.", step="decide", findings=holds)
    lines = [district("first"), district("freed")]
    page = write_index(tmp_path, lines).read_text(encoding="utf-8")
    assert "nothing is published until you decide" in page
    assert "published before" not in page
    first, freed = (page.partition(f'id="{key}"')[2].partition("</tr>")[0] for key in ("first", "freed"))
    assert ("To decide on: 1" in first, "Decided on: 1" in first) == (True, False)
    assert ("To decide on: 1" in freed, "Decided on: 1" in freed) == (False, True)


def test_without_a_report_none_is_named(tmp_path: Path) -> None:
    had(tmp_path, "elm", "stopped", hours_ago=1)
    reported(tmp_path, "oak", "stopped", hours_ago=1, headline="Stopped: many.", step="fix", owner=OPERATOR)
    page = write_index(tmp_path, [district("elm"), district("oak")]).read_text(encoding="utf-8")
    assert page.count("Fix it, as the report says") == 1
    table = {text for text, _ in table_of(standing_of([district("elm")], tmp_path, NOW))}
    assert not [text for text in table if "report" in text]


def test_a_day_of_another_year_has_its_year() -> None:
    this = today()
    assert day_words(this) == f"{this:%a %b} {this.day}"
    assert day_words(this.replace(year=this.year + 1, day=15)).endswith(f" 15, {this.year + 1}")
