"""Draws the sections of a report as HTML, from qa.json and, if unredacted, the names handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from extract.outcomes import Owner
from qa.contract import Level, QaDocument
from qa.report.reidentify import Person

TEMPLATES = Path(__file__).with_name("templates")
SECTIONS = ("verdict", "fix_first", "endpoints", "checks", "run", "reading")
Edition = Literal["redacted", "unredacted"]

_WHO: dict[Owner, str] = {
    "district secretary": "The district's school secretary, in eSchoolPLUS",
    "district SIS admin": "The district's SIS admin, in eSchoolPLUS",
    "PowerSchool support": "PowerSchool support, by a case",
    "plus360 operator": "The plus360 operator",
}
_CONSEQUENCES: dict[Level, str] = {
    "stop": "nothing is loaded",
    "error": "these records are left out of the load",
    "warn": "goes through, to be mended",
}
_LEVELS: dict[Level, str] = {"stop": "Stop", "error": "Error", "warn": "Warning"}


class Page:
    """The sections of one night's report."""

    def __init__(
        self, qa: QaDocument, qa_sha256: str, edition: Edition, people: Mapping[str, Person] | None = None
    ) -> None:
        self._environment = _environment()
        self._context = {
            "qa": qa,
            "qa_sha256": qa_sha256,
            "edition": edition,
            "people": people,
            "tally": _tally(qa),
            "first": next((finding for finding in qa.findings if finding.id == qa.first_to_mend), None),
            "stripped": [pull for pull in qa.pulls if pull.stripped_labels],
            "met": _met(qa),
            "titles": {check.id: check.title for check in qa.checks},
        }

    def section(self, name: str) -> str:
        """The HTML of one of SECTIONS."""
        return self._environment.get_template(f"sections/{name}.html.j2").render(self._context)


def _tally(qa: QaDocument) -> dict[str, int]:
    """Failed checks by level, the others by state, and the new findings."""
    tally: Counter[str] = Counter(
        check.level if check.state == "failed" else check.state for check in qa.checks
    )
    names = ("stop", "error", "warn", "passed", "not_evaluated", "crashed")
    return {**{name: tally[name] for name in names}, "new": sum(finding.new for finding in qa.findings)}


def _met(qa: QaDocument) -> dict[str, list[str]]:
    """What the pulls that did not come in have said, each message with its endpoints.

    A subscription that is missing (403) is all in the remedy.
    """
    met: dict[str, list[str]] = {}
    for pull in qa.pulls:
        if pull.state not in ("complete", "unreconciled") and pull.http_status != 403 and pull.said:
            met.setdefault(pull.said, []).append(pull.endpoint)
    return met


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(
        count=lambda number: f"{number:,}",
        day=lambda moment: f"{moment:%a} {moment.day} {moment:%b %Y}",
        moment=_moment,
        duration=_duration,
        who=_WHO.__getitem__,
        consequence=_CONSEQUENCES.__getitem__,
        level=_LEVELS.__getitem__,
    )
    return environment


def _moment(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M} UTC"


def _duration(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
