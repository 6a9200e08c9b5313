"""Renders the sections of a report as HTML, from qa.json and, if unredacted, the names handed in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.contract import QaDocument
from qa.load.words import FILES, changes_by_file
from qa.report import words
from qa.report.load_tables import LoadTables
from qa.report.reidentify import Identity

TEMPLATES = Path(__file__).with_name("templates")
SECTIONS = ("verdict", "fix_first", "changes", "endpoints", "checks", "run", "reading")
Edition = Literal["redacted", "unredacted"]


class Sections:
    """The sections of one run's report."""

    def __init__(
        self,
        qa: QaDocument,
        qa_sha256: str,
        edition: Edition,
        identities: Mapping[str, Identity] | None = None,
    ) -> None:
        self._environment = _environment()
        tables = LoadTables.of(qa)
        self._context = {
            "qa": qa,
            "qa_sha256": qa_sha256,
            "edition": edition,
            "identities": identities,
            "tally": _tally(qa),
            "first": next((finding for finding in qa.findings if finding.id == qa.fix_first), None),
            "removed": [pull for pull in qa.pulls if pull.stripped_labels],
            "unrecognized": sum(pull.unrecognized_labels for pull in qa.pulls),
            "messages": _messages(qa),
            "effects": changes_by_file(qa.load) if qa.load else [],
            "tables": tables,
            "exceeded": _exceeded(tables),
            "titles": {check.id: check.title for check in qa.checks},
        }

    def html(self, name: str) -> str:
        """The HTML of one of SECTIONS."""
        return self._environment.get_template(f"sections/{name}.html.j2").render(self._context)


def _tally(qa: QaDocument) -> dict[str, int]:
    """Failed checks by level, the others by state, and the new findings."""
    tally: Counter[str] = Counter(
        check.level if check.state == "failed" else check.state for check in qa.checks
    )
    names = ("stop", "hold", "error", "warn", "passed", "not_evaluated", "crashed", "all_failed")
    tally["all_failed"] = sum(check.state == "failed" for check in qa.checks)
    # One cause exceeds several limits, and a person decides once.
    tally["hold"] = sum(finding.level == "hold" for finding in qa.findings) if qa.decision is None else 0
    return {**{name: tally[name] for name in names}, "new": sum(finding.new for finding in qa.findings)}


def _exceeded(tables: LoadTables | None) -> defaultdict[str, str]:
    """What exceeds each limit, where it does so for the most records; "" for a check that is no limit."""
    limits = sorted(tables.limits if tables else [], key=lambda limit: limit.hold.n or 0)
    return defaultdict(str, {limit.hold.rule: limit.sentence for limit in limits})


def _messages(qa: QaDocument) -> dict[str, list[str]]:
    """The messages of the incomplete pulls, each with its endpoints.

    A missing subscription (403) is left out: its fix steps say it all.
    """
    messages: dict[str, list[str]] = {}
    for pull in qa.pulls:
        if pull.state not in ("complete", "unreconciled") and pull.http_status != 403 and pull.answer_detail:
            messages.setdefault(pull.answer_detail, []).append(pull.endpoint)
    return messages


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(words=words, FILES=FILES)
    environment.filters.update(
        count=lambda number: "–" if number is None else f"{number:,}",  # noqa: RUF001
        percent=lambda share: "–" if share is None else f"{100 * share:.1f}".removesuffix(".0") + " %",  # noqa: RUF001
        day=words.day_of,
        moment=words.time_of,
        duration=_duration,
    )
    return environment


def _duration(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return words.DURATION.format(minutes=minutes, seconds=seconds) if minutes else f"{seconds} s"
