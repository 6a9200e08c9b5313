"""What can be measured of any report: its size, what it fetches, whom it names, whether all can read it."""

from __future__ import annotations

import base64
import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

SCREEN = {"width": 1280, "height": 800}
_AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Values that say who a student is. Names are left out: many of them are ordinary words, in any report.
_PERSONAL = """
    with students as (from marts.students)

    select student_id from students
    union
    select state_student_id from students
    union
    select strftime(birth_date, '%Y-%m-%d') from students
    union
    select strftime(birth_date, '%m/%d/%Y') from students
    union
    select physical_street_line from students
"""


@dataclass(frozen=True)
class Examined:
    """What was measured of one report.

    Attributes:
        kilobytes: of the page; in a site, of the page of one run.
        fetched: requests that it makes beyond itself.
        without_script: share of its text that is there with scripts turned off.
        personal: personal values in its source, also in attributes, entities and base64.
        violations: elements that violate WCAG AA, by rule.
    """

    kilobytes: int
    scripts: int
    fetched: int
    without_script: float
    personal: int
    violations: Counter[str]
    screens: float


def personal_values(warehouse: Path) -> set[str]:
    """What identifies the students of a warehouse, as text; a short value could be anything."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        values = [str(value) for (value,) in con.execute(_PERSONAL).fetchall() if value]
    return {value for value in values if len(value) >= 6}


def examine(browser: Browser, page: Path, values: set[str], picture: Path) -> Examined:
    """Measure a report, and take a picture of its first screen.

    Nothing is fetched: requests to other hosts are counted and refused.
    """
    source = page.read_text(encoding="utf-8")
    fetched: list[str] = []
    with browser.new_context(viewport=SCREEN) as seen:  # type: ignore[arg-type]
        seen.route(re.compile(r"^https?:"), lambda route: (fetched.append(route.request.url), route.abort()))
        tab = seen.new_page()
        tab.goto(page.as_uri(), wait_until="load")
        text = tab.inner_text("body")
        tab.screenshot(path=picture)
        height = tab.evaluate("document.documentElement.scrollHeight")
        found: Any = Axe().run(tab, options={"runOnly": _AA}).response
    with browser.new_context(viewport=SCREEN, java_script_enabled=False) as seen:  # type: ignore[arg-type]
        seen.route(re.compile(r"^https?:"), lambda route: route.abort())
        tab = seen.new_page()
        tab.goto(page.as_uri(), wait_until="load")
        plain = tab.locator("body").inner_text()
    return Examined(
        kilobytes=round(len(source.encode()) / 1000),
        scripts=len(re.findall(r"<script\b", source)),
        fetched=len(set(fetched)),
        without_script=min(1.0, len(plain) / max(len(text), 1)),
        personal=_named(source, values),
        violations=Counter({rule["id"]: len(rule["nodes"]) for rule in found["violations"]}),
        screens=round(height / SCREEN["height"], 1),
    )


def _named(source: str, values: set[str]) -> int:
    """How many of the values are in the source, whatever it is wrapped in."""
    plain = html.unescape(html.unescape(source))
    packed = re.findall(r"base64,([A-Za-z0-9+/=]+)", source)
    text = "\n".join([plain, *(base64.b64decode(part + "==").decode(errors="ignore") for part in packed)])
    words = set(re.findall(r"\w+", text))
    return sum(
        all(word in words for word in re.findall(r"\w+", value))
        and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None
        for value in values
    )
