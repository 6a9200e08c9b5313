"""What a district's state asks for, where no qa.json says it."""

from __future__ import annotations

from extract.outcomes import OPERATOR, Owner
from night.pages.index_contract import State
from qa.contract_types import NextStep

NEXT: dict[State, tuple[NextStep, Owner | None]] = {
    "no night": ("run_again", OPERATOR),
    "failed": ("run_again", OPERATOR),
    "stopped": ("fix", OPERATOR),
    "held": ("fix", None),
    "paused": ("nothing", None),
    "published": ("nothing", None),
}
