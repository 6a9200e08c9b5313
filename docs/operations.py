"""Writes the tables of docs/operations.md from the data that plus360 itself speaks from.

Run with `python -m docs.operations`. A test fails where the file says something else.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from district.checkout import LOAD_LIMITS
from docs.tables import filled, table
from extract import outcomes
from extract.outcomes import Outcome
from extract.preflight import setup_outcomes
from night.machine.troubles import TROUBLES
from night.pages.states import STATES
from qa.delivery import outcomes as delivery
from qa.report.words import LEVELS, SHORT_OWNERS

HANDBOOK = Path(__file__).with_suffix(".md")
# A subscription as the fix steps name it; the report names the one concerned.
_SUBSCRIPTION = ["Get eSchoolPLUS/... (v1)"]


def states() -> list[str]:
    """What each state means, who acts and what to type."""
    return table(
        ("state", "meaning", "who acts", "what to do", "what to type"),
        (
            (f"{words.mark} **{state}**", words.meaning, words.who, words.to_do, _commands(words.commands))
            for state, words in STATES.items()
        ),
    )


def pulls() -> list[str]:
    """What can become of an endpoint's pull."""
    return table(
        ("code", "meaning", "who acts", "running again may help", "what to do"),
        (_outcome(one) for one in outcomes.BY_CODE.values() if one.fix),
    )


def setup() -> list[str]:
    """What only `plus360 check` sees."""
    found = [one for one in vars(setup_outcomes).values() if isinstance(one, Outcome)]
    return table(
        ("code", "meaning", "who acts", "what to do"),
        ((f"`{one.code}`", one.meaning, _owner(one), _steps(one)) for one in found),
    )


def deliveries() -> list[str]:
    """What can become of a delivery."""
    return table(
        ("code", "meaning", "delivering again may help", "what to do"),
        (
            (f"`{one.code}`", one.meaning, "yes" if one.transient else "no", one.fix)
            for one in delivery.BY_CODE.values()
            if one is not delivery.DELIVERED
        ),
    )


def machine() -> list[str]:
    """What a machine can lack."""
    return [f"- {trouble.words.format(place='...')}." for trouble in TROUBLES]


def limits() -> list[str]:
    """The limits of a load."""
    with LOAD_LIMITS.open(encoding="utf-8", newline="") as file:
        rows = [
            (
                f"`{row['rule']}`" + (f" ({row['variant']})" if row["variant"] else ""),
                row["description"],
                f"{float(row['share']):.0%}" if row["share"] else "",
                row["floor"],
                row["cap"],
                {"stop": LEVELS["stop"], "hold": LEVELS["hold"]}[row["level"]],
            )
            for row in csv.DictReader(file)
        ]
    return table(("rule", "what is counted", "share", "and more than", "or more than", "then"), rows)


TABLES: dict[str, Callable[[], list[str]]] = {
    "states": states,
    "pulls": pulls,
    "setup": setup,
    "deliveries": deliveries,
    "machine": machine,
    "limits": limits,
}


def with_tables(text: str) -> str:
    """The handbook with every table as the data has it now."""
    return filled(text, TABLES)


def _outcome(one: Outcome) -> tuple[str, ...]:
    return f"`{one.code}`", one.meaning, _owner(one), "yes" if one.transient else "no", _steps(one)


def _owner(one: Outcome) -> str:
    return SHORT_OWNERS[one.owner] if one.owner else ""


def _steps(one: Outcome) -> str:
    return " ".join(one.steps(_SUBSCRIPTION))


def _commands(commands: Sequence[str]) -> str:
    return "<br>".join(f"`{command.format(key='D')}`" for command in commands)


if __name__ == "__main__":
    HANDBOOK.write_text(with_tables(HANDBOOK.read_text(encoding="utf-8")), encoding="utf-8")
