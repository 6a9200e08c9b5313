"""The setup checklist for people: lines on a terminal, and a page to send to the district."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.outcomes import ADMIN, OPERATOR, SECRETARY, SUPPORT, Owner
from extract.preflight.checklist import Checklist, ChecklistItem
from extract.preflight.evaluate import State
from night.pages.render import render_page

MARKS: dict[State, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "unknown": ("?", "yellow"),
}
HEADINGS: dict[Owner, str] = {
    ADMIN: "For the district's SIS admin",
    SECRETARY: "For the district's school secretary",
    SUPPORT: "For PowerSchool support (open a case)",
    OPERATOR: "For the plus360 operator",
}
TITLE_WIDTH = 36
LOG_WIDTH = 2_000  # rich takes whatever is not a terminal to be narrow


def print_checklist(console: Console, checklist: Checklist) -> None:
    """A line for each item: mark, title, what was seen; below it who can fix it, and how."""
    if not console.is_terminal:
        console = Console(file=console.file, width=LOG_WIDTH)
    for item in checklist.results:
        line = Table.grid(padding=(0, 1))
        line.add_column(width=1)
        line.add_column(width=TITLE_WIDTH)
        line.add_column()
        mark, style = MARKS[item.state]
        line.add_row(Text(mark, style), Text(item.title), Text(item.seen))
        for detail in item.details:
            line.add_row("", "", Text(detail, "dim"))
        for number, step in enumerate(item.fix):
            who = Text(f"→ {item.owner}:" if number == 0 else "", style, justify="right")
            line.add_row("", who, Text(step, style))
        console.print(line)
    console.print(Text(f"\n{summary(checklist)} ({checklist.seconds:.1f} s)"))


def summary(checklist: Checklist) -> str:
    """How many items match the setup guide, and how many do not."""
    failed, unknown = len(checklist.of("failed")), len(checklist.of("unknown"))
    ok, total = len(checklist.of("ok")), len(checklist.results)
    parts = [f"{ok} of {total} {'matches' if ok == 1 else 'match'} the setup guide"]
    parts += [f"{failed} to fix"] if failed else []
    parts += [f"{unknown} can't be checked from here"] if unknown else []
    return ", ".join(parts)


def write_page(checklist: Checklist, path: Path) -> None:
    """Writes the page: no script, nothing to fetch, no value of a record, no text of a server, no secret.

    Raises:
        OSError: it can't be written there.
    """
    page = render_page(
        "check.html.j2",
        checklist=checklist,
        summary=summary(checklist),
        to_fix=[(HEADINGS[owner], _of(owner, checklist.of("failed"))) for owner in HEADINGS],
        to_look_at=[item for item in checklist.of("unknown") if item.fix],
    )
    path.write_text(page, encoding="utf-8")


def _of(owner: Owner, items: Sequence[ChecklistItem]) -> list[ChecklistItem]:
    return [item for item in items if item.owner == owner]
