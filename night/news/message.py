"""The messages about what is new: one for the whole fleet, and one for the contact of each district.

Every sentence of the districts is one of the index page: redacted and scanned, or our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from district.folder import DistrictFolder
from district.settings.fleet import Fleet
from night.headline import without_state
from night.news.news import KINDS, Kind, News

# As much as fits on a phone.
MOST_LINES = 20
MOST_KEYS = 3
# What the contact of a district is told: the rest is for the operator.
_FOR_THE_DISTRICT: tuple[Kind, ...] = ("held", "stopped", "new findings", "resolved")
_ALL_DISTRICTS = "All districts: the index page of plus360"


@dataclass(frozen=True)
class Message:
    """What is sent.

    Attributes:
        to: the addresses, as the settings have them.
        setting: that has them, for a person.
        district: whose contact it is for; None for the fleet's.
        report: the redacted report, to be attached.
    """

    to: Sequence[str]
    setting: str
    title: str
    body: str
    district: str | None = None
    report: Path | None = None


def fleet_message(to: Sequence[str], news: Sequence[News], states: Iterable[str]) -> Message:
    """The message for the operator, the most urgent first.

    Args:
        to: the addresses.
        news: what is new, the most urgent first; not empty.
        states: how the districts of this command ended.
    """
    lines = _lines(news)
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    more = [] if shown == lines else [f"and {len(lines) - len(shown)} more"]
    body = [*shown, *more, "", f"This run: {_counts(Counter(states))}.", _ALL_DISTRICTS]
    return Message(
        to, "[fleet] notify", f"plus360: {_counts(Counter(item.kind for item in news))}", "\n".join(body)
    )


def district_messages(fleet: Fleet, news: Sequence[News], data: Path) -> list[Message]:
    """The messages for the contacts of the districts that have one."""
    return [
        _district_message(fleet, item, data)
        for item in news
        if item.kind in _FOR_THE_DISTRICT and fleet.districts[item.district].notify
    ]


def _district_message(fleet: Fleet, news: News, data: Path) -> Message:
    district = fleet.districts[news.district]
    report = _report(data, news)
    attached = (
        "The attached report says what to fix, where, and who can. Nothing in it identifies a student."
        if report
        else "There is no report of this run."
    )
    return Message(
        district.notify,
        f"districts.{district.key}.notify",
        f"plus360: {district.name}: {news.kind}",
        f"{news.words}\n\n{attached}",
        district.key,
        report,
    )


def _report(data: Path, news: News) -> Path | None:
    """The redacted report of the run that the news are of."""
    if news.line.report is None or news.line.run_id is None:
        return None
    report = DistrictFolder.of(data, news.district).night(news.line.run_id).report
    return report if report.is_file() and not report.is_symlink() else None


def _lines(news: Sequence[News]) -> list[str]:
    """One line for each district, and one for those of which the same is to be said."""
    same: dict[tuple[Kind, str], list[str]] = {}
    for item in news:
        same.setdefault((item.kind, without_state(item.words, item.kind)), []).append(item.district)
    return [
        f"{kind[0].upper()}{kind[1:]}: {_keys(districts)}: {words}"
        for (kind, words), districts in same.items()
    ]


def _keys(districts: Sequence[str]) -> str:
    if len(districts) <= MOST_KEYS:
        return ", ".join(districts)
    return f"{len(districts)} districts ({', '.join(districts[:MOST_KEYS])} ...)"


def _counts(found: Mapping[str, int]) -> str:
    """How many of each, the most urgent first."""
    order = [*KINDS, "published", "paused"]
    return ", ".join(f"{found[kind]} {kind}" for kind in order if kind in found) or "no district"
