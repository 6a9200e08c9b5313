"""The operator's page in a browser: on a phone, in the dark, on paper, and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from district.folder import DistrictFolder
from night.decisions.pause import pause, today
from night.pages.index import write_index
from tests.conftest import VIOLATIONS
from tests.night.index_by_hand import SECRETARY, district, had, reported


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district in each state, with everything that a line can say."""
    data = tmp_path_factory.mktemp("data")
    findings = {"students__last_name__required": "error", "contacts__email__valid": "warn"}
    reported(data, "fine", "published", hours_ago=1, headline="Published: nothing changed.")
    reported(
        data,
        "some-to-fix",
        "published",
        hours_ago=1,
        headline="Published: 4 students added, 6 changed, none removed.",
        step="fix",
        owner=SECRETARY,
        findings=findings,
        not_evaluated=3,
    )
    reported(data, "waiting", "published", hours_ago=49, headline="Published: nothing changed.")
    reported(
        data,
        "waiting",
        "held",
        hours_ago=25,
        headline="Held: this load would delete 412 of 1,874 guardians, most of them at school 107.",
        step="decide",
    )
    had(data, "waiting", "failed", hours_ago=1)
    had(data, "decided", "held", hours_ago=1, decision="discarded")
    had(data, "stuck-for-a-very-long-time-with-a-very-long-key-indeed", "stopped", hours_ago=1)
    had(data, "silent", "published", hours_ago=50)
    pause(DistrictFolder.of(data, "summer").make(), today() + timedelta(days=9), None)
    keys = [path.name for path in data.iterdir()]
    return write_index(data, [district(key) for key in (*keys, "never")])


@pytest.fixture
def page(browser: Browser, index: Path) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(index.as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_anyone_can_read_it(page: Page, colors: str, width: int) -> None:
    page.emulate_media(color_scheme=colors)
    page.set_viewport_size({"width": width, "height": 900})
    found = Axe().run(page, options=VIOLATIONS).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [375, 640, 1280])
def test_nothing_is_beside_the_screen(page: Page, width: int) -> None:
    """640 pixels are a laptop's screen at 200 %."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_each_value_has_its_label(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    heads = page.locator("table.districts thead th").all_text_contents()[1:]
    for row in page.locator("table.districts tbody tr").all():
        labels = row.locator(".label")
        assert labels.all_text_contents() == heads
        assert all(label.is_visible() for label in labels.all())
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not page.locator(".label").first.is_visible()


def test_dark_is_dark_and_paper_is_white(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(18, 22, 28)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
