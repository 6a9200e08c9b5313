"""The table of all situations, and how often the gate was wrong."""

from __future__ import annotations

from collections.abc import Iterable

from bench.load_gate.runs import Outcome
from bench.load_gate.situation import Situation

HEADER = """\
| situation | district | expected | verdict | rules | students | guardians |
|---|---|---|---|---|---|---|"""
MOST_RULES = 3
# Of the ordinary nightly runs, at most this share may be held.
MOST_HELD = 1 / 60


def row(situation: Situation, outcome: Outcome) -> str:
    """One line: effects are added, overwritten, deleted, and kept as they were."""
    verdict = f"{outcome.verdict}, released" if outcome.released else outcome.verdict
    cells = [
        situation.name,
        situation.district,
        situation.expected,
        verdict if outcome.is_right(situation) else f"**{verdict}**",
        _rules(outcome) or outcome.note,
        _effects(outcome, "students.csv"),
        _effects(outcome, "guardians.csv"),
    ]
    return f"| {' | '.join(cells)} |"


def summary(results: list[tuple[Situation, Outcome]]) -> tuple[str, bool]:
    """The rates of wrong verdicts, and whether the goal is reached."""
    harmful = [(s, o) for s, o in results if s.is_harmful]
    ordinary = [(s, o) for s, o in results if not s.is_harmful]
    published = [s.name for s, o in harmful if not o.is_right(s)]
    held = [s.name for s, o in ordinary if not o.is_right(s)]
    released = sum(outcome.released for _, outcome in ordinary)
    lines = [
        f"{len(harmful)} harmful, of which published: {len(published)}{_named(published)}",
        f"{len(ordinary)} ordinary, of which wrongly held, or with deletions: {len(held)}{_named(held)}"
        f" (besides {released} large true changes, held and released)",
    ]
    return "\n".join(lines), not published and len(held) <= MOST_HELD * len(ordinary)


def _rules(outcome: Outcome) -> str:
    shown = list(outcome.rules[:MOST_RULES])
    more = len(outcome.rules) - len(shown)
    return ", ".join([*shown, f"{more} more"] if more else shown)


def _effects(outcome: Outcome, file: str) -> str:
    if not (effects := outcome.load.get(file)):
        return ""
    kept = effects.get("carried", 0) + effects.get("departed", 0)
    return (
        f"+{effects.get('add', 0):,} ~{effects.get('update', 0):,} "
        f"-{effects.get('delete', 0):,} kept {kept:,} of {effects.get('before', 0):,}"
    )


def _named(names: Iterable[str]) -> str:
    joined = "; ".join(names)
    return f" ({joined})" if joined else ""
