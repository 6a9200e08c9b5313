"""The preflight as people read it: lines on a terminal, and a page that a district can be sent."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.preflight.checklist import Preflight, Result
from extract.preflight.evaluate import State, Who
from night.pages.render import render_page

MARKS: dict[State, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "unknown": ("?", "yellow"),
}
WHO: dict[Who, str] = {
    "district": "the district",
    "PowerSchool support": "PowerSchool support, by a case",
    "us": "us",
}
TITLE_WIDTH = 36
LOG_WIDTH = 2_000  # rich takes whatever is no terminal to be narrow


def print_checklist(console: Console, preflight: Preflight) -> None:
    """A line for each box: mark, title, what was seen; below it what to do, and who has to."""
    if not console.is_terminal:
        console = Console(file=console.file, width=LOG_WIDTH)
    for result in preflight.results:
        line = Table.grid(padding=(0, 1))
        line.add_column(width=1)
        line.add_column(width=TITLE_WIDTH)
        line.add_column()
        mark, style = MARKS[result.state]
        line.add_row(Text(mark, style), Text(result.title), Text(result.seen))
        if result.remedy and result.who:
            line.add_row(
                "", Text(f"→ {WHO[result.who]}:", style, justify="right"), Text(result.remedy, style)
            )
        console.print(line)
    console.print(Text(f"\n{summary(preflight)} ({preflight.seconds:.1f} s)"))


def summary(preflight: Preflight) -> str:
    """How many boxes are as they should be, and how many not."""
    failed, unknown = len(preflight.of("failed")), len(preflight.of("unknown"))
    parts = [f"{len(preflight.of('ok'))} of {len(preflight.results)} as the set-up guide says"]
    parts += [f"{failed} to mend"] if failed else []
    parts += [f"{unknown} cannot be told from here"] if unknown else []
    return ", ".join(parts)


def write_page(preflight: Preflight, path: Path) -> None:
    """Writes the page: no script, nothing to fetch, no value of a record, neither key nor secret.

    Raises:
        OSError: it cannot be written there.
    """
    todo: dict[Who, list[Result]] = {
        who: [result for result in preflight.of("failed") if result.who == who] for who in WHO
    }
    page = render_page(
        "check.html.j2",
        preflight=preflight,
        summary=summary(preflight),
        todo=todo,
        look_at=[result for result in preflight.of("unknown") if result.remedy],
    )
    path.write_text(page, encoding="utf-8")
