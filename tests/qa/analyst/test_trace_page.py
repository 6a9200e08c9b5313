"""A trace as people see it in Chromium: on a screen, on a phone, in the dark; hostile values do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from qa.analyst.visible import cut, visible
from tests.conftest import VIOLATIONS
from tests.qa.analyst import traced_district as of
from tests.qa.analyst.traced_district import SECOND, TracedDistrict

STUDENTS = {"kept": of.NO_BIRTH_DATE, "hostile": of.HOSTILE, "gone": of.GONE, "quarantined": of.SENT_TWICE}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, traced_district: TracedDistrict) -> dict[str, Path]:
    analyst = traced_district.at(SECOND)
    folder = tmp_path_factory.mktemp("pages")
    pages = {name: folder / f"{name}.html" for name in STUDENTS}
    for name, page in pages.items():
        page.write_text(analyst.trace(STUDENTS[name]).html(), encoding="utf-8")
    notebook = folder / "notebook.html"
    cells = [analyst.trace(student)._repr_html_() for student in STUDENTS.values()]
    head = '<!doctype html><html lang="en"><title>Cells</title><main>'
    notebook.write_text(head + "".join(cells) + "</main></html>", encoding="utf-8")
    return pages | {"notebook": notebook}


@pytest.fixture
def see(browser: Browser, files: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Opens a page in a window; nothing may be requested but the file, nor reported by the browser."""
    pages, asked, messages = [], [], []

    def see(name: str, width: int = 1280, **context: object) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, **context)
        pages.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.on("dialog", lambda dialog: messages.append(dialog.message))
        page.goto(files[name].as_uri())
        return page

    yield see
    assert set(asked) <= {file.as_uri() for file in files.values()}
    assert messages == []
    for page in pages:
        page.close()


def test_the_first_screen_has_the_answer_and_says_that_it_is_private(see):
    page = see("kept")
    assert page.get_by_role("note").inner_text() == (
        "This page shows personal data. Keep it in the district's private folder."
    )
    headline = page.locator(".headline")
    assert "as last published, because the Date of Birth can't be loaded" in headline.inner_text()
    assert headline.bounding_box()["y"] < 300
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "Night by night",
        "Checks that fail",
        "Quarantined, refused, kept",
        "In the import, and what the load does",
        "Field by field",
        "As received",
    ]
    assert page.locator("details").count() > 5
    assert page.locator("script, link, img, iframe").count() == 0


def test_a_record_opens_as_json_in_lines(see):
    page = see("kept")
    last = page.locator("details:has(pre)").first
    assert not last.locator("pre").is_visible()
    last.locator("summary").click()
    assert '\n  "studentId": "700101",' in last.locator("pre").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*STUDENTS, "notebook"])
def test_everybody_can_read_it(see, name, scheme):
    page = see(name, color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.slice(0, 9).forEach(one => { one.open = true })")
    of_a_cell = {"rules": {"page-has-heading-one": {"enabled": False}}} if name == "notebook" else {}
    results = Axe().run(page, options=VIOLATIONS | of_a_cell)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", STUDENTS)
@pytest.mark.parametrize("width", [1280, 640, 375])
def test_nothing_hangs_over_the_edge(see, name, width):
    page = see(name, width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_values_are_shown_and_do_nothing(see, files):
    page = see("hostile")
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    text = page.locator("body").inner_text()
    assert of.SCRIPT in text, "as text"
    assert "⟨U+202E⟩Ann" in text
    assert of.RIGHT_TO_LEFT not in files["hostile"].read_text(encoding="utf-8")
    assert "… (cut: 1,000,000 characters in all)" in text
    assert files["hostile"].stat().st_size < 300_000


def test_all_of_it_is_on_paper(see):
    page = see("kept")
    page.emulate_media(media="print")
    assert page.locator(".headline").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_what_cannot_be_seen_is_named():
    assert visible("a\u202eb\x1b[2Jc\u200bd") == "a⟨U+202E⟩b⟨U+001B⟩[2Jc⟨U+200B⟩d"
    assert cut("é" * 301) == "é" * 300 + "… (cut: 301 characters in all)"
    assert cut("é" * 300) == "é" * 300
