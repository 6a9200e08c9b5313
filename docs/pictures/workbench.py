"""The analyst's pictures: explore.ipynb in JupyterLab, one student's trace, the cells of docs/analyst.md."""

from __future__ import annotations

from pathlib import Path

import nbformat
from playwright.sync_api import Browser, FloatRect, Locator, Page

from district.folder import DistrictFolder
from docs.pictures.jupyterlab import SHOWN, explored, open_notebook, run_all
from night.cli import app
from qa.analyst import District

_KEY = "maple-grove"
_WINDOW = {"width": 1280, "height": 800}
# What `d.who` shows is a wide table.
_WIDTHS = {"who": 1960, "student": 1640}
_STATUS_BAR = 32
# Its records are kept as last published: they can't be loaded as they are.
_CHECK = "students__birth_date__required"


def take(browser: Browser, data: Path, pictures: Path) -> None:
    """Take them of the demo's district in a data folder."""
    settings = ["--config", str(data / "districts.toml"), "--data", str(data)]
    d = District(_KEY, data)
    record = d.failing(_CHECK).iloc[0]
    app(["trace", _KEY, record.student_id, *settings], standalone_mode=False)
    page = browser.new_page(viewport=_WINDOW)
    page.goto(DistrictFolder.of(data, _KEY).trace(record.student_id, d.run_id).as_uri())
    page.screenshot(path=pictures / "trace.png")
    page.close()
    cells = {"who": f'd.who("{record.pseudonym}")', "student": f'd.student("{record.student_id}")'}
    _write_walkthrough(DistrictFolder.of(data, _KEY).private / "walkthrough.ipynb", list(cells.values()))
    with explored(_KEY, settings, folder=data) as address:
        page = browser.new_page(viewport=_WINDOW)
        open_notebook(page, address)
        run_all(page)
        _show_records(page, d.values("Student", "lastName").value.iloc[0])
        page.screenshot(path=pictures / "explore.png")
        page.close()
        page = browser.new_page(viewport=_WINDOW)
        open_notebook(page, address, "walkthrough.ipynb")
        if page.locator(".jp-FileBrowser").is_visible():
            page.keyboard.press("Control+b")  # more room for the cells
        run_all(page)
        for name, line in cells.items():
            page.set_viewport_size(_WINDOW | {"width": _WIDTHS[name]})
            page.screenshot(path=pictures / f"{name}.png", clip=_around(_cell(page, line)))
        page.close()


def _show_records(page: Page, word: str) -> None:
    """Scroll to the table of the records, in which a word was searched."""
    cell = _cell(page, 'd.records("Student")')
    cell.get_by_role("searchbox").first.fill(word)
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.mouse.move(0, 0)


def _write_walkthrough(file: Path, lines: list[str]) -> None:
    set_up = f'from qa.analyst.jupyter import workbench\n\nd = workbench("{_KEY}")'
    cells = [nbformat.v4.new_code_cell(source) for source in (set_up, *lines)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), file)


def _cell(page: Page, line: str) -> Locator:
    """The cell whose code is this line."""
    code = page.locator(".jp-InputArea-editor", has_text=line)
    return page.locator(f"{SHOWN} .jp-CodeCell").filter(has=code)


def _around(cell: Locator) -> FloatRect:
    """A cell at the top of the window, as far as the window shows it."""
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    cell.page.mouse.move(0, 0)
    left, top, width, height = cell.evaluate(
        "cell => { const {x, y, width, height} = cell.getBoundingClientRect(); return [x, y, width, height] }"
    )
    shown = _WINDOW["height"] - _STATUS_BAR - top
    return {"x": left, "y": top, "width": width, "height": min(height, shown)}
