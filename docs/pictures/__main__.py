"""Writes the pictures of our documents: the demo's reports, its index and notebooks, as Chromium shows them.

Run with `make screenshots`. Needs Chromium. Everything in the pictures is invented by the sandbox.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, Page, sync_playwright

from district.folder import DistrictFolder
from docs.pictures import workbench
from night.commands.sandbox import demo

PICTURES = Path(__file__).parent
_WINDOW = {"width": 1280, "height": 800}
_PHONE = {"width": 375, "height": 812}


def main() -> None:
    """Run the demo in a folder of its own, and take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "demo-data"
        demo(data)
        report = DistrictFolder.of(data, "maple-grove").all_nights()[-1].report
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        @contextmanager
        def window(file: Path, **look: object) -> Iterator[Page]:
            page = browser.new_page(**{"viewport": _WINDOW, **look})
            page.goto(file.as_uri())
            yield page
            page.close()

        _take(window, report, data / "index.html")
        workbench.take(browser, data, PICTURES)
        browser.close()


def _take(window: Callable[..., AbstractContextManager[Page]], report: Path, index: Path) -> None:
    with window(report) as page:
        page.screenshot(path=PICTURES / "verdict.png")
        page.locator("details.cause summary").first.click()
        page.mouse.move(0, 0)
        for section in ("fix-first", "completeness"):
            page.goto(f"{report.as_uri()}#{section}")
            page.screenshot(path=PICTURES / f"{section}.png", clip=_around(page, section))
    with window(report, viewport=_PHONE, color_scheme="dark") as page:
        page.screenshot(path=PICTURES / "phone-dark.png")
    with window(index) as page:
        page.screenshot(path=PICTURES / "index.png")


def _around(page: Page, section: str) -> FloatRect:
    """A section on its screen, as far as the window shows it."""
    top, height = page.locator(f"#{section}").evaluate(
        "one => [one.getBoundingClientRect().top - 12, one.getBoundingClientRect().height + 24]"
    )
    return {"x": 40, "y": top, "width": 1200, "height": min(height, _WINDOW["height"] - top)}


if __name__ == "__main__":
    main()
