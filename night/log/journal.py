"""What a command says while it works: an entry per event, to the log and to whoever else listens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from night.events import STEP_WORDS, Level, NightEvent
from night.headline import without_state

Entry = dict[str, Any]
Outlet = Callable[[Entry], None]


class Journal:
    """Turns events into entries and hands them on.

    Attributes:
        outlets: told of each entry, in their order.
    """

    def __init__(self, command: str, *outlets: Outlet) -> None:
        self._command = command
        self.outlets = list(outlets)

    def listen(self, event: NightEvent) -> None:
        """Hand an event on; how many rows there are so far is for a terminal only."""
        if event.kind != "moves":
            told = entry_of(event, self._command)
            for outlet in self.outlets:
                outlet(told)

    @contextmanager
    def heard_by(self, outlet: Outlet) -> Iterator[None]:
        """Hand entries to one more outlet inside."""
        self.outlets.append(outlet)
        try:
            yield
        finally:
            self.outlets.remove(outlet)


# The journal of the command that this process runs; what is said comes from anywhere below it.
_current: list[Journal] = [Journal("")]


def journal() -> Journal:
    """The journal of the command at work."""
    return _current[-1]


@contextmanager
def begun(new: Journal) -> Iterator[Journal]:
    """Let a journal be the one of the command at work inside."""
    _current.append(new)
    try:
        yield new
    finally:
        _current.pop()


def note(text: str, *, level: Level = "info", district: str = "") -> None:
    """Have the command at work say something of its own: a line in our words, without any personal value."""
    journal().listen(NightEvent(district, None, "command", text, level=level))


def entry_of(event: NightEvent, command: str) -> Entry:
    """An event as it is logged: always these eight keys, and `seconds` and `code` where there are some."""
    entry = {
        "time": _utc(event.time),
        "level": event.level,
        "command": command,
        "district": event.district or None,
        "run_id": event.run_id or None,
        "step": event.step,
        "event": event.kind,
        "message": " ".join(_words(event).split()),
    }
    known = {"seconds": event.seconds, "code": event.code}
    return entry | {name: value for name, value in known.items() if value is not None}


def as_json(entry: Entry) -> str:
    """An entry as a line for programs."""
    return json.dumps(entry)


def as_text(entry: Entry) -> str:
    """An entry as a line for people: its time, level, district, run and step, then what happened."""
    facts = (entry[name] or "-" for name in ("time", "level", "district", "run_id", "step"))
    return " ".join([*facts, entry["message"]])


def _words(event: NightEvent) -> str:
    if event.kind == "begins" and event.step:
        return STEP_WORDS[event.step]
    if event.kind == "ends":
        return f"took {event.seconds:.1f} s"
    if event.kind == "result":
        return f"{event.code}: {without_state(event.detail, event.code or '')}"
    return event.detail


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
