"""What all tests share: where the project and the public sample district are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.shared_between_workers import shared  # noqa: F401 - the fixture

# On how many inputs hypothesis tries a property; `pytest --hypothesis-profile=nightly` takes its time.
settings.register_profile("usual", max_examples=1_000, deadline=None)
settings.register_profile("nightly", max_examples=100_000, deadline=None)
settings.load_profile("usual")

# A proxy of this machine is none of the tests' business: they talk to loopback.
for name in ("https_proxy", "HTTPS_PROXY"):
    os.environ.pop(name, None)

PROJECT = Path(__file__).resolve().parent.parent
GRAND_BEND = Path(os.environ.get("PLUS360_GRAND_BEND", PROJECT.parent / "shared" / "data" / "grand-bend"))

# What every page of ours must satisfy, by the names of axe's groups of rules.
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe is asked for: to describe all elements that are right takes longer than to find those that are not.
VIOLATIONS = {"runOnly": WCAG_AA, "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for a module's tests: it must be there in CI."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        message = "Chromium is not installed: nobody looked at the page"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def grand_bend_records() -> Path:
    """The folder of the public sample district: one NDJSON file an endpoint."""
    if not GRAND_BEND.is_dir():
        pytest.skip("the Grand Bend sample is not here; PLUS360_GRAND_BEND names its folder")
    return GRAND_BEND
