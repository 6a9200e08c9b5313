"""How a command that runs districts speaks: to a person, only when it is needed, or to a program."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from night.events import Listener, all_of, lacks_of
from night.fleet.summary import Summary, needs_someone
from night.headline import without_state
from night.log.journal import as_json, as_text, journal, note
from night.terminal.console import console, line, write_line

if TYPE_CHECKING:
    from night.log.journal import Entry
    from night.record import NightResult, Outcome

STATE_COLORS = {
    "published": "green",
    "held": "magenta",
    "stopped": "yellow",
    "failed": "red",
    "paused": "dim",
}
# The last lines of many are those that are still on the screen.
_MOST_URGENT_LAST: tuple[Outcome, ...] = ("paused", "published", "failed", "stopped", "held")


@dataclass(frozen=True)
class Voice:
    """What is said of districts' runs, and where.

    Attributes:
        as_json: a JSON line to stdout for each event, and the summary as the last one; nothing else there.
        quiet: only what needs a person or failed; of JSON, only the summary.
    """

    as_json: bool = False
    quiet: bool = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Inside, a program that reads stdout is told of each event."""
        if self.as_json and not self.quiet:
            with journal().heard_by(_json_line):
                yield
        else:
            yield

    def say(self, text: str) -> None:
        """A line for people; the log has it, too."""
        note(text)
        if not (self.as_json or self.quiet):
            line(text)

    @contextmanager
    def listener(self, districts: int) -> Iterator[Listener]:
        """Who is told of the events of so many districts' runs inside."""
        told = journal()
        if self.as_json or self.quiet:
            yield told.listen
        elif console.is_terminal:
            from night.terminal.progress import live_table  # noqa: PLC0415 - only a terminal needs it

            with live_table(console, districts) as show:
                yield all_of(told.listen, show)
        else:
            with told.heard_by(_text_line):
                yield told.listen

    def results(self, results: Iterable[NightResult]) -> None:
        """How the districts' runs ended."""
        if self.as_json:
            return
        ended = sorted(results, key=lambda result: (_MOST_URGENT_LAST.index(result.verdict), result.district))
        for result in ended:
            if not self.quiet or needs_someone(result):
                show_result(result)
        if len(ended) > 1 and not self.quiet:
            line(_counted(ended))

    def end(self, summary: Summary) -> None:
        """The last line, for a program."""
        if self.as_json:
            write_line(sys.stdout, summary.to_json())


def show_result(result: NightResult) -> None:
    """How a district's run ended: its state, why, what was repaired before it, and what is missing."""
    color = STATE_COLORS[result.verdict]
    if console.is_terminal:
        console.print(f"[bold]{result.district}[/]  [{color}]{result.verdict}[/]", highlight=False)
    else:
        line(f"{result.district}  {result.verdict}")
    line(f"  {without_state(result.headline, result.verdict)}")
    for repair in result.repairs:
        line(f"  repaired: {repair}")
    for what, why in lacks_of(result).items():
        line(f"  {what}: {why}")
    for fault in result.notebook_faults:
        line(f"  notebook {fault}")
    if result.report:
        line(f"  report  {result.report}")


def _counted(results: Sequence[NightResult]) -> str:
    states = Counter(result.verdict for result in results)
    counts = [f"{states[state]} {state}" for state in _MOST_URGENT_LAST if states[state]]
    return f"{len(results)} districts: {', '.join(counts)}"


def _json_line(entry: Entry) -> None:
    write_line(sys.stdout, as_json(entry))


def _text_line(entry: Entry) -> None:
    write_line(sys.stderr, as_text(entry))
