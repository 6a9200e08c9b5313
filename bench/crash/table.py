"""The table of kills: moment, how many, what readers saw, how the next run ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.crash.kills import POLLED, Kill
from night.events import STEPS

HEADER = """\
| ended | in the step | moments | what readers saw | the next run, with no help |
|---|---|---|---|---|"""
COMPLETE = "one complete run"
# So many moments are named where something was wrong.
MOST_NAMED = 3


def rows(kills: Iterable[Kill]) -> list[str]:
    """A line for all kills in the same step at which readers saw the same."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Kill]] = defaultdict(list)
    for kill in kills:
        groups[kill.how, kill.step, kill.seen].append(kill)
    return [_row(*key, group) for key, group in sorted(groups.items(), key=lambda item: _order(*item[0]))]


def summary(kills: list[Kill]) -> str:
    """How many moments there were, and at how many something was wrong."""
    followed = [kill for kill in kills if kill.then is not None]
    ended = [kill for kill in kills if kill.how != POLLED]
    return (
        f"{len(ended)} moments; readers saw something else than one complete run at "
        f"{sum(bool(kill.seen) for kill in kills)}. {len(followed)} nightly runs after them, "
        f"{sum(bool(kill.then) for kill in followed)} of them not as they should be."
    )


def _order(how: str, step: str, seen: tuple[str, ...]) -> tuple[str, int, tuple[str, ...]]:
    return how, [*STEPS].index(step) if step in STEPS else -1, seen


def _row(how: str, step: str, seen: tuple[str, ...], group: list[Kill]) -> str:
    saw = COMPLETE
    if seen:
        changes = [kill.change for kill in group if kill.change]
        before = f" (before: {_listed(changes)})" if changes else ""
        saw = f"**{'; '.join(seen)}**{before}"
    return f"| {how} | {step} | {len(group)} | {saw} | {_next_runs(group)} |"


def _next_runs(group: list[Kill]) -> str:
    followed = [kill for kill in group if kill.then is not None]
    wrong = Counter(fault for kill in followed for fault in kill.then or ())
    if not followed:
        return ""
    right = sum(not kill.then for kill in followed)
    words = f"{right} of {len(followed)} right"
    return words if not wrong else f"{words}; **{'; '.join(f'{fault} ({n})' for fault, n in wrong.items())}**"


def _listed(changes: list[str]) -> str:
    more = len(changes) - MOST_NAMED
    return ", ".join(changes[:MOST_NAMED] + ([f"{more} more"] if more > 0 else []))
