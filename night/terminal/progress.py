"""The live table that a terminal shows while districts run: those at work, and how many ended how."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from night.events import STEP_WORDS, STEPS, NightEvent


@contextmanager
def live_table(console: Console, districts: int) -> Iterator[Callable[[NightEvent], None]]:
    """Show the events of so many districts' runs inside; yields what is told of them."""
    progress = _Progress(districts)
    with Live(console=console, get_renderable=progress.table, refresh_per_second=8, transient=True):
        yield progress.listen


class _Progress:
    def __init__(self, districts: int) -> None:
        self._districts = districts
        self._at_work: dict[str, NightEvent] = {}
        self._ended: Counter[str] = Counter()
        self._since = time.monotonic()

    def listen(self, event: NightEvent) -> None:
        if event.kind == "result":
            self._at_work.pop(event.district, None)
            self._ended[event.code or ""] += 1
        elif event.kind in ("begins", "moves", "waits"):
            self._at_work[event.district] = event

    def table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for district, event in self._at_work.items():
            done = STEPS.index(event.step) if event.step else 0
            bar = "[green]" + "■" * done + "[/][dim]" + "·" * (len(STEPS) - 1 - done) + "[/]"
            table.add_row(f"[bold]{district}[/]", bar, _words(event))
        table.add_row(f"[dim]{self._elapsed()}[/]", "", f"[dim]{self._counted()}[/]")
        return table

    def _elapsed(self) -> str:
        seconds = int(time.monotonic() - self._since)
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    def _counted(self) -> str:
        counts = [f"{number} {state}" for state, number in self._ended.items()]
        waiting = self._districts - self._ended.total() - len(self._at_work)
        return ", ".join([*counts, f"{waiting} waiting"] if waiting > 0 else counts)


def _words(event: NightEvent) -> str:
    if event.kind == "moves" and event.rows:
        of = f" of {event.expected_rows:,}" if event.expected_rows else ""
        return f"{STEP_WORDS['extract']}: {event.rows:,}{of} rows"
    words = STEP_WORDS[event.step] if event.step else ""
    return f"{words}: {event.detail}" if event.detail else words
