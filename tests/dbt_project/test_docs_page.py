"""`plus360 docs`: one page that needs no network, and tells of no district or machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from district.checkout import DBT_PROJECT
from night.cli import app


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    result = CliRunner().invoke(app, ["docs", "--no-browser", "--data", str(data)])
    assert result.exit_code == 0, result.output
    (found,) = data.glob("dbt/docs-*.html")
    assert result.output.replace("\n", "") == str(found)
    return found


def test_it_is_made_once(page: Path) -> None:
    made = page.stat().st_mtime_ns
    result = CliRunner().invoke(app, ["docs", "--no-browser", "--data", str(page.parent.parent)])
    assert result.exit_code == 0
    assert page.stat().st_mtime_ns == made
    assert page.stat().st_mode & 0o077 == 0


def test_it_names_no_place_of_this_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert str(DBT_PROJECT.parent) not in text
    assert str(page.parent) not in text
    assert str(Path.home()) + "/" not in text


def test_it_shows_the_projects_own_overview_and_its_columns_offline(page: Path, browser: Browser) -> None:
    with browser.new_context(offline=True) as context:
        shown = context.new_page()
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(page.as_uri())
        shown.get_by_text("from the seven endpoints of the PLUS 360 API").wait_for()
        shown.goto(f"{page.as_uri()}#!/model/model.plus360.students")
        shown.get_by_text("M or F; null where the code is neither.").first.wait_for()
        types = shown.locator("tr.column-row td:nth-child(2)").all_inner_texts()
        assert {"varchar", "boolean", "date"} <= {kind.strip() for kind in types}
        assert "" not in types
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_it_could_send_nothing_even_with_a_network(page: Path, browser: Browser) -> None:
    shown = browser.new_page()
    refused: list[str] = []
    shown.on("console", lambda message: refused.append(message.text))
    shown.goto(page.as_uri())
    sent = shown.evaluate("() => fetch('http://127.0.0.1:9/').then(() => 'sent', error => String(error))")
    assert sent != "sent"
    assert any(
        "'http://127.0.0.1:9/' violates the following Content Security Policy" in text for text in refused
    )
    image = "() => new Promise(end => { const image = new Image(); image.onload = () => end('sent'); "
    image += "image.onerror = () => end('refused'); image.src = 'http://127.0.0.1:9/pixel'; })"
    assert shown.evaluate(image) == "refused"
    assert any("'http://127.0.0.1:9/pixel' violates" in text for text in refused)
    shown.close()
