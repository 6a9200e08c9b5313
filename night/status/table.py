"""How every district stands, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from extract.outcomes import OPERATOR
from night.pages.index_contract import State, Totals
from night.pages.states import STATES
from night.status.standing import DistrictStanding, Standing
from night.status.words import COMMANDS, COMPARE, OWNERS, moment_of, step_words, title_of
from qa.load.contract import Effects

HEADINGS = ("", "State", "District", "Last run", "Published", "Students", "Guardians", "New", "Next step")
# For `typer.style`.
COLORS: dict[State, str] = {
    "published": "green",
    "held": "magenta",
    "stopped": "yellow",
    "failed": "red",
    "no night": "red",
    "paused": "blue",
}


def table_of(standing: Standing) -> Iterator[tuple[str, State | None]]:
    """Each line of the table, and the state that it is colored by."""
    if standing.districts:
        yield title_of(standing.districts), None
        yield "", None
        rows = [_row(line, standing.as_of) for line in standing.districts]
        widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
        yield _aligned(HEADINGS, widths), None
        for line, row in zip(standing.districts, rows, strict=True):
            yield _aligned(row, widths), line.state
            for more in _below(line):
                yield f"    {more}", None
    if standing.disabled:
        yield f"Disabled in the settings: {', '.join(standing.disabled)}", None


def _row(line: DistrictStanding, now: datetime) -> tuple[str, ...]:
    age = "never"
    if line.published_age_seconds is not None:
        age = _age(timedelta(seconds=line.published_age_seconds))
    load = line.held.load if line.held else line.load
    return (
        STATES[line.state].mark,
        line.state,
        line.district,
        moment_of(line.last_night) if line.last_night else "never",
        age,
        _effect(load, "students"),
        _effect(load, "guardians"),
        str(line.new_findings or ""),
        _next_step(line),
    )


def _below(line: DistrictStanding) -> Iterator[str]:
    """What else is to be said of a district that is not simply published."""
    if line.at_work:
        yield f"plus360 {line.at_work.command} is at work since {line.at_work.since_words}"
    if line.state != "published":
        yield line.headline
    if line.held and line.held.compare:
        yield f"{COMPARE.format(files=line.held.compare)}, then decide: {' or '.join(line.held.commands)}"
    if line.held and line.held.headline != line.headline:
        yield f"An earlier run waits for your decision. {line.held.headline}"
    if line.still_open and line.still_open.headline:
        yield f"Still open from {moment_of(line.still_open.started_at)}: {line.still_open.headline}"
    if line.delivery:
        yield f"{line.delivery.words} ({moment_of(line.delivery.at)})"


def _next_step(line: DistrictStanding) -> str:
    if line.next_step == "nothing":
        return ""
    command = COMMANDS.get(line.next_step, "").format(key=line.district)
    if line.next_step == "decide" and line.held and line.held.compare:
        command = ""  # the lists that it writes are empty
    if line.next_owner and line.next_owner != OPERATOR:
        return f"{step_words(line, line.next_step)}: {OWNERS[line.next_owner]}"
    words = step_words(line, line.next_step)
    return f"{words}: {command}" if command else words


def _effect(load: Totals | None, file: str) -> str:
    """Such as "+3 ~40 -412": what the load did, or would do."""
    effects: Effects | None = getattr(load, file) if load else None
    if effects is None:
        return ""
    return " ".join(
        f"{sign}{'?' if records is None else records}"
        for sign, records in (("+", effects.add), ("~", effects.update), ("-", effects.delete))
    )


def _age(age: timedelta) -> str:
    """Such as "9 hours ago": the age of what the receiving system has."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "just now"
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
