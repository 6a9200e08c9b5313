"""What is new of the districts since it was last told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from night.events import lacks_of
from night.news.told import Standing
from night.pages.index_contract import DistrictLine
from night.record import NightResult

# The most urgent first.
Kind = Literal[
    "no night",
    "held",
    "stopped",
    "failed",
    "not delivered",
    "no report",
    "no Parquet files",
    "new findings",
    "resolved",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class News:
    """What is new of one district.

    Attributes:
        line: what the index says of the district.
        kind: the most urgent of what is new.
        words: a sentence or two: ours, or from the redacted files.
        standing: what is remembered once this was told.
    """

    line: DistrictLine
    kind: Kind
    words: str
    standing: Standing

    @property
    def district(self) -> str:
        """The district's key."""
        return self.line.district


def find_news(
    lines: Iterable[DistrictLine], results: Mapping[str, NightResult], told: Mapping[str, Standing]
) -> list[News]:
    """What is new, the most urgent first.

    Of the districts that this command ran, everything; of the others, that a run is missing: whatever else
    is new of them is told by the command that runs them.

    Args:
        lines: what the index says of each configured district.
        results: of the runs that have just ended, by district.
        told: what was told before; a district that is not in it was published.
    """
    found = []
    for line in lines:
        before = told.get(line.district, "published")
        if result := results.get(line.district):
            news = _of_run(line, result, before)
        else:
            news = _of_missing(line, before)
        if news:
            found.append(news)
    return sorted(found, key=lambda news: (KINDS.index(news.kind), news.district))


def _of_missing(line: DistrictLine, before: Standing) -> News | None:
    # A district that was never run is new: its first run is not missing.
    if line.state != "no night" or line.run_due is None or before == "no night":
        return None
    return News(line, "no night", line.headline, "no night")


def _of_run(line: DistrictLine, result: NightResult, before: Standing) -> News | None:
    standing, headline = _standing(line, result)
    findings = _findings(line)
    kind: Kind
    if standing == "paused":  # what was told before holds after the pause
        return None
    if standing == before:
        if not (line.new_findings or (line.resolved and standing == "published")):
            return None
        kind = "new findings" if line.new_findings else "resolved"
        words = findings if standing == "published" else [f"Still {standing}.", *findings]
    elif standing == "published":
        kind, words = "resolved", ["Published.", *findings]
    else:
        kind, words = standing, [headline]
    return News(line, kind, " ".join(words), standing)


def _standing(line: DistrictLine, result: NightResult) -> tuple[Standing, str]:
    """How the district stands after its run, and in words."""
    if line.state == "published" and (lacks := lacks_of(result)):
        return min(lacks.items(), key=lambda lack: KINDS.index(lack[0]))
    return line.state, line.headline


def _findings(line: DistrictLine) -> list[str]:
    """What is new and what is resolved among the findings of a run; nothing where nothing is."""
    counts = [f"{line.new_findings} new"] if line.new_findings else []
    counts += [f"{line.resolved} resolved"] if line.resolved else []
    if not counts:
        return []
    first = [f"Fix first: {line.fix_first}"] if line.new_findings and line.fix_first else []
    return [f"Findings: {', '.join(counts)}.", *first]
