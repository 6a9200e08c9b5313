"""Which limits one cause exceeds together: one finding = one cause. Each limit stays in load.holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.load.contract import Hold

DELETIONS = (
    "load__guardians__deleted",
    "load__students__without_guardian",
    "load__schools__concentrated",
    "load__deletions__cumulative",
)
_NEW_IDS = ("load__students__departed", "load__files__grew")
_REFUSALS = ("load__refused__limited", "load__records__carried")
_VALUES = ("load__identity__overwritten", "load__field__overwritten", "load__field__one_value")
# A rule, and the rules that are exceeded because of the same cause. The first rule is the most telling one.
CAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("load__baseline__found", ()),
    ("load__district__same", ("load__ids__renumbered", *_NEW_IDS, *DELETIONS, *_VALUES)),
    ("load__files__not_empty", ("load__students__departed", *DELETIONS)),
    ("load__layout__same", ("load__field__overwritten", "load__field__emptied")),
    ("load__refused__plausible", _REFUSALS),
    ("load__ids__renumbered", (*_NEW_IDS, *DELETIONS)),
    ("load__schools__known", (*_REFUSALS, "load__field__overwritten")),
    ("load__refused__limited", ("load__records__carried",)),
    ("load__students__departed", ("load__schools__concentrated",)),
    ("load__guardians__deleted", DELETIONS[1:]),
    ("load__schools__concentrated", ("load__students__without_guardian", "load__deletions__cumulative")),
    ("load__students__without_guardian", ()),
    ("load__field__one_value", ("load__identity__overwritten", "load__field__overwritten")),
    ("load__identity__overwritten", ("load__field__overwritten",)),
    ("load__field__emptied", ("load__deletions__cumulative",)),
    ("load__field__overwritten", ()),
    ("load__deletions__cumulative", ()),
    ("load__records__carried", ()),
    ("load__files__grew", ()),
    ("load__first__plausible", ()),
    ("load__first__confirmed", ()),
)  # fmt: skip
_EXPLAINS = dict(CAUSES)
_RANK = {rule: rank for rank, (rule, _) in enumerate(CAUSES)}


@dataclass(frozen=True)
class Cause:
    """What one cause would do.

    Attributes:
        rule: the rule that tells the most about it.
        holds: of that rule, the largest first.
        also: the other rules that are exceeded because of it.
    """

    rule: str
    holds: list[Hold]
    also: list[str]


def causes_of(holds: Sequence[Hold]) -> list[Cause]:
    """The causes behind the limits that are exceeded, the most telling first."""
    leads = _leads({hold.rule for hold in holds})
    return [
        Cause(
            rule,
            sorted((hold for hold in holds if hold.rule == rule), key=_size, reverse=True),
            [other for other, lead in leads.items() if lead == rule and other != rule],
        )
        for rule in dict.fromkeys(leads.values())
    ]


def _leads(rules: Iterable[str]) -> dict[str, str]:
    """Each rule that is exceeded, and the rule that speaks for it."""
    leads: dict[str, str] = {}
    for rule in sorted(rules, key=lambda rule: (_RANK.get(rule, len(_RANK)), rule)):
        explained_by = (lead for other, lead in leads.items() if rule in _EXPLAINS.get(other, ()))
        leads[rule] = next(explained_by, rule)
    return leads


def _size(hold: Hold) -> tuple[int, str]:
    return hold.n or 0, hold.scope
