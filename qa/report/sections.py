"""Renders the sections of a report as HTML, from qa.json and, if unredacted, the records handed in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.contract import QaDocument
from qa.contract_types import LEVELS
from qa.delivery.outcomes import BY_CODE
from qa.load.words import FILES, changes_by_file
from qa.pull_checks import incomplete
from qa.report import formats, words
from qa.report.records import Records
from qa.report.tables.causes import groups_of
from qa.report.tables.heat_map import HeatMap
from qa.report.tables.labels import LabelTables
from qa.report.tables.links import ENDS, guardian_bars, link_parts
from qa.report.tables.load import LoadTables
from qa.report.tables.night_charts import failed_chart, published_chart

TEMPLATES = Path(__file__).with_name("templates")
# By the names of their templates, in the report's order; the ids on the page have hyphens.
SECTIONS = tuple(section.replace("-", "_") for section in words.SECTIONS)
Edition = Literal["redacted", "unredacted"]


class Sections:
    """The sections of one run's report. With records it is the unredacted edition."""

    def __init__(self, qa: QaDocument, qa_sha256: str, records: Records | None = None) -> None:
        self._environment = _environment(shows_records=records is not None)
        tables = LoadTables.of(qa)
        self._context: dict[str, Any] = {
            "qa": qa,
            "qa_sha256": qa_sha256,
            "tally": _tally(qa),
            "first": next((finding for finding in qa.findings if finding.id == qa.fix_first), None),
            "groups": groups_of(qa),
            "failed_chart": failed_chart(qa),
            "published_chart": published_chart(qa),
            "heat_map": HeatMap.of(qa),
            "link_parts": link_parts(qa),
            "guardian_bars": guardian_bars(qa),
            "labels": LabelTables.of(qa),
            "removed": [pull for pull in qa.pulls if pull.stripped_labels],
            "messages": _messages(qa),
            "effects": changes_by_file(qa.load) if qa.load else [],
            "tables": tables,
            "exceeded": _exceeded(tables),
            "titles": {check.id: check.title for check in qa.checks},
            "failing_ids": {finding.id for finding in qa.findings},
        }
        if records is not None:
            self._context["records"] = records

    def html(self, name: str) -> str:
        """The HTML of one of SECTIONS, or of "masthead": the edition, the district and the run."""
        return self._render(f"{name}.html.j2")

    def page(self, title: str, styles: Sequence[str]) -> str:
        """The whole page, with all sections."""
        return self._render("page.html.j2", title=title, styles=styles, sections=map(self.html, SECTIONS))

    def _render(self, template: str, **more: object) -> str:
        return self._environment.get_template(template).render(self._context, **more)


def _tally(qa: QaDocument) -> dict[str, dict[str, int]]:
    """Causes by level and checks by state: several checks may fail because of one cause."""
    causes = Counter(finding.level for finding in qa.findings)
    checks = Counter(check.state for check in qa.checks)
    return {
        "causes": {level: causes[level] for level in LEVELS},
        "checks": {state: checks[state] for state in ("failed", *words.CHECK_STATES)},
    }


def _exceeded(tables: LoadTables | None) -> defaultdict[str, str]:
    """What exceeds each limit, where it does so for the most records; "" for a check that is no limit."""
    limits = sorted(tables.limits if tables else [], key=lambda limit: limit.hold.n or 0)
    return defaultdict(str, {limit.hold.rule: limit.sentence for limit in limits})


def _messages(qa: QaDocument) -> dict[str, list[str]]:
    """The messages of the incomplete pulls, each with its endpoints.

    A missing subscription (403) is left out: its fix steps say it all.
    """
    messages: dict[str, list[str]] = {}
    for pull in incomplete(qa.pulls):
        if pull.http_status != 403 and pull.answer_detail:
            messages.setdefault(pull.answer_detail, []).append(pull.endpoint)
    return messages


@cache
def _environment(*, shows_records: bool) -> Environment:
    # Kept with its compiled templates: compiling them takes longer than rendering a page.
    # The redacted edition has no template that could show a record: only the other one finds that folder.
    folders = [TEMPLATES / "sections", TEMPLATES]
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "unredacted", *folders] if shows_records else folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=words, FILES=FILES, ENDS=ENDS, DELIVERY_OUTCOMES=BY_CODE)
    environment.filters.update(
        count=formats.count,
        percent=formats.percent,
        band=formats.band,
        steps=formats.five_steps,
        range_of_five=formats.range_of_five,
        duration=formats.duration,
        day=words.day_of,
        short_day=words.short_day_of,
        moment=words.time_of,
        in_words=formats.in_words,
    )
    return environment
