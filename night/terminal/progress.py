"""What the operator sees while districts run: a live table on a terminal, one line per step in a log."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from night.events import STEPS, NightEvent

STEP_WORDS = {
    "prepare": "checking what the last run left",
    "extract": "pulling the seven endpoints",
    "build": "building the warehouse with its checks",
    "check": "turning check results into findings",
    "report": "writing the report",
    "publish": "writing down how it ended",
    "deliver": "delivering the import",
    "done": "done",
}


class Progress:
    """Shows the events of one or several districts' nightly runs until it is closed."""

    def __init__(self, console: Console, districts: list[str]) -> None:
        self._console = console
        self._latest: dict[str, NightEvent | None] = dict.fromkeys(districts)
        self._since = time.monotonic()
        self._width = max(map(len, districts), default=0)
        self._live = Live(console=console, get_renderable=self._table, refresh_per_second=8, transient=True)

    def __enter__(self) -> Progress:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, event: NightEvent) -> None:
        """Show one more event."""
        self._latest[event.district] = event
        if not self._console.is_terminal and (event.begins or event.step == "done"):
            detail = f": {event.detail}" if event.detail else ""
            self._console.print(
                f"{self._elapsed()}  {event.district:<{self._width}}  {STEP_WORDS[event.step]}{detail}",
                highlight=False,
                soft_wrap=True,
            )

    def _elapsed(self) -> str:
        seconds = int(time.monotonic() - self._since)
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for district, event in self._latest.items():
            if event is None:
                table.add_row(f"[dim]{district}[/]", "[dim]" + "·" * len(STEPS) + "[/]", "[dim]waiting[/]")
                continue
            done = STEPS.index(event.step)
            bar = "[green]" + "■" * done + "[/][dim]" + "·" * (len(STEPS) - 1 - done) + "[/]"
            table.add_row(f"[bold]{district}[/]", bar, self._words(event))
        table.add_row(f"[dim]{self._elapsed()}[/]", "", "")
        return table

    @staticmethod
    def _words(event: NightEvent) -> str:
        if event.step == "extract" and event.rows:
            of = f" of {event.expected_rows:,}" if event.expected_rows else ""
            return f"{STEP_WORDS['extract']}: {event.rows:,}{of} rows"
        detail = f": {event.detail}" if event.detail else ""
        return STEP_WORDS[event.step] + detail
