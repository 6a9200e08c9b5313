"""What people see of the report in Chromium: on a screen, on a phone, in the dark, enlarged, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from qa.contract import QaDocument
from qa.report.sections import Sections
from qa.report.styles import NOTEBOOK_STYLE, PAGE_STYLES
from qa.report.words import SECTIONS
from tests.conftest import VIOLATIONS
from tests.qa import rich_document

SCREEN = 800
DOCUMENTS: dict[str, Callable[[], QaDocument]] = {
    "ordinary": rich_document.ordinary,
    "held": rich_document.held,
    "discarded": rich_document.discarded,
    "everything fails": rich_document.everything_fails,
    "empty": rich_document.empty,
}


# As it was opened: no test sees what another one opened, or where it had scrolled to.
AS_OPENED = """() => {
    const all = [...document.querySelectorAll("details")];
    window.opened ??= all.map(one => one.open);
    all.forEach((one, nth) => { one.open = window.opened[nth] });
    document.querySelectorAll(".scroll").forEach(one => { one.scrollLeft = 0 });
    history.replaceState(null, "", location.pathname);
    window.scrollTo(0, 0);
}"""


@pytest.fixture(scope="module")
def documents() -> dict[str, QaDocument]:
    return {name: make() for name, make in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, documents: dict[str, QaDocument]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    files = {name: folder / f"{name}.html" for name in DOCUMENTS}
    for name, file in files.items():
        file.write_text(Sections(documents[name], "0" * 64).page("District QA report", PAGE_STYLES))
    return files


@dataclass
class Window:
    """A browser's window on the documents: each is opened once, and shown to test after test."""

    browser: Browser
    files: dict[str, Path]
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def see(self, name: str, width: int = 1280, color_scheme: Literal["light", "dark"] = "light") -> Page:
        """A document as it is when it is opened."""
        if name not in self.pages:
            page = self.pages[name] = self.browser.new_page()
            page.on("request", lambda request: self.asked.append(request.url))
            page.on("console", lambda message: self.messages.append(message.text))
            page.goto(self.files[name].as_uri())
        page = self.pages[name]
        page.set_viewport_size({"width": width, "height": SCREEN})
        page.emulate_media(media="screen", color_scheme=color_scheme)
        page.evaluate(AS_OPENED)
        return page


@pytest.fixture(scope="module")
def window(browser: Browser, files: dict[str, Path]) -> Iterator[Window]:
    window = Window(browser, files)
    yield window
    for page in window.pages.values():
        page.close()


@pytest.fixture
def see(window: Window) -> Iterator[Callable[..., Page]]:
    """Shows a document in a window; nothing may be requested but the file, nor reported by the browser."""
    yield window.see
    assert {url.partition("#")[0] for url in window.asked} <= {
        file.as_uri() for file in window.files.values()
    }
    assert window.messages == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_all_ten_sections_are_there_in_their_order(files, name):
    page = files[name].read_text()
    assert re.findall(r'<section id="([^"]+)"', page) == list(SECTIONS)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an id stands for one thing"
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), "every link leads somewhere"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_check_has_its_place(see, documents, name):
    """A failed check's id is its card, any other's its row."""
    page = see(name)
    inside = {
        part: page.locator(f"{part} [id]").evaluate_all("all => all.map(one => one.id)")
        for part in ("#checks", "#fix-first")
    }
    for check in documents[name].checks:
        assert inside["#checks" if check.state != "failed" else "#fix-first"].count(check.id) == 1, check.id


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_everybody_can_read_it(see, name, scheme):
    page = see(name, color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.slice(0, 9).forEach(one => { one.open = true })")
    results = Axe().run(page, options=VIOLATIONS)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("width", [1280, 640, 375, 320])
def test_nothing_hangs_over_the_edge(see, name, width):
    """640 pixels are 1280 at a zoom of 200%."""
    page = see(name, width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 1024, 768, 640, 375])
def test_no_share_of_the_heat_map_runs_into_the_next(see, width):
    page = see("ordinary", width)
    over = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert page.locator(".heat th, .heat td").evaluate_all(over) == []
    schools = page.locator(".heat tbody th").first
    page.locator("#completeness .scroll").evaluate("one => { one.scrollLeft = 999 }")
    assert schools.bounding_box()["x"] < 100, "which school it is stays in view"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_numbers_of_the_first_screen_add_up(see, documents, name):
    document, page = documents[name], see(name)
    causes, checks = (
        [int(number) for number in tally.locator("dd").all_inner_texts()]
        for tally in page.locator(".tally").all()
    )
    assert sum(causes) == len(document.findings)
    assert sum(checks) == len(document.checks)
    assert page.locator(".tally h3").all_inner_texts() == [
        f"Causes to fix: {len(document.findings)}",
        f"Checks: {len(document.checks)}",
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_verdict_fills_the_first_screen_and_no_more(see, documents, name):
    page = see(name)
    box = page.locator("#verdict").bounding_box()
    assert box["y"] + box["height"] <= SCREEN
    assert page.locator("#verdict h2").inner_text() == documents[name].headline


def test_an_ordinary_district_takes_five_screens(see):
    top = see("ordinary").locator("#checks").bounding_box()["y"]
    assert top <= 5 * SCREEN


def test_it_is_small(files):
    assert files["ordinary"].stat().st_size < 150_000
    assert files["everything fails"].stat().st_size < 1_000_000


def test_a_link_to_a_cause_opens_it(see):
    page = see("ordinary")
    detail = page.locator("#fix-first .detail").first
    assert not detail.is_visible()
    page.locator("#verdict .next a").click()
    fixed_first = page.locator(f'[id="{rich_document.ordinary().fix_first}"]')
    assert fixed_first.is_visible()
    headline = page.locator("details.cause", has=fixed_first).locator("summary").bounding_box()
    contents = page.locator(".contents").bounding_box()
    assert headline["y"] >= contents["y"] + contents["height"], "its line is not hidden by the contents"


def test_one_of_many_does_not_look_like_all(see):
    page = see("ordinary")
    parts = {
        line.locator(".what").inner_text(): line.locator(".share .part").bounding_box()["width"]
        / line.locator(".share .track").bounding_box()["width"]
        for line in page.locator("details.cause summary").all()
    }
    assert parts["A student linked to a contact who was not received"] < 0.02
    assert max(parts.values()) < 0.1


def test_print_shows_every_failed_check_with_its_steps(see, documents):
    page = see("everything fails")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 710, "height": 960})  # what Letter leaves between its margins
    for finding in documents["everything fails"].findings:
        detail = page.locator(f'[id="{finding.id}"]')
        assert detail.is_visible(), finding.id
        assert all(step in detail.inner_text() for step in finding.remedy)
    assert page.evaluate("document.documentElement.scrollWidth") <= 710
    tables = page.locator(".scroll").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert max(tables) <= 0, "no table is cut off at the paper's edge"


def test_a_notebook_keeps_its_own_page(browser):
    """The report's CSS, as a notebook has it, changes nothing outside of the report."""
    outside = "<main><h2 class='panel'>JupyterLab</h2><table><tr><td>1</td></tr></table></main>"
    style = f"<style>{NOTEBOOK_STYLE}</style>"
    look = """[...document.querySelectorAll('body, main, main *')].map(one => {
        const style = getComputedStyle(one);
        return [style.margin, style.padding, style.font, style.color, style.background, style.borderTop];
    })"""
    page = browser.new_page()
    page.set_content(outside)
    before = page.evaluate(look)
    sections = Sections(rich_document.ordinary(), "0" * 64)
    page.set_content(f'{outside}{style}<div class="report">{sections.html("verdict")}</div>')
    assert page.evaluate(look) == before
    assert page.locator(".report .verdict").evaluate("one => getComputedStyle(one).display") == "grid"
    page.close()
