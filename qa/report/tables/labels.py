"""The tables of the section Labels: not recognized, never sent, mapped, and the district's own fields."""

from __future__ import annotations

from dataclasses import dataclass

from qa.contract import QaDocument
from qa.profile.contract import Label, OwnField


@dataclass(frozen=True)
class LabelTables:
    """Labels by what became of them. `never_sent` and `mapped` are by endpoint."""

    unmapped: list[Label]
    never_sent: dict[str, list[Label]]
    mapped: dict[str, list[Label]]
    own: list[OwnField]
    new: int

    @classmethod
    def of(cls, qa: QaDocument) -> LabelTables | None:
        """The tables of a run; None where nothing is known about its labels."""
        if not qa.labels and not qa.own_fields:
            return None
        return cls(
            [one for one in qa.labels if one.state == "unmapped"],
            _by_endpoint([one for one in qa.labels if one.state == "never_sent"]),
            _by_endpoint([one for one in qa.labels if one.state == "mapped"]),
            qa.own_fields,
            sum(one.new for one in qa.labels) + sum(one.new for one in qa.own_fields),
        )


def _by_endpoint(labels: list[Label]) -> dict[str, list[Label]]:
    found: dict[str, list[Label]] = {}
    for one in labels:
        found.setdefault(one.endpoint, []).append(one)
    return found
