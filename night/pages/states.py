"""What each state of a district means, who acts, and what to type: the operator's page and its handbook."""

from __future__ import annotations

from dataclasses import dataclass

from night.pages.index_contract import State


@dataclass(frozen=True)
class StateWords:
    """A state in words.

    Attributes:
        mark: what stands beside it: a color alone says nothing to some.
        meaning: what it says of the district.
        who: who takes the next step.
        to_do: what that is; `{key}` stands for the district's key.
        commands: what to type for it.
    """

    mark: str
    meaning: str
    who: str
    to_do: str
    commands: tuple[str, ...] = ()


# In the order of the page.
STATES: dict[State, StateWords] = {
    "no night": StateWords(
        "?",
        "no run when one was due: it did not start, or was killed with its machine",
        "You",
        "Find out why the scheduler did not start it, then run it",
        ("plus360 night {key}",),
    ),
    "held": StateWords(
        "◆",
        "nothing is broken, but the load exceeds a limit; the last published import stays",
        "You, with the district",
        "Look at what the load would do, then release or discard it",
        ("plus360 worklist {key}", 'plus360 release {key} --reason "..."', "plus360 discard {key}"),
    ),
    "failed": StateWords(
        "✕",
        "the server, the network or this machine; the last published import stays",
        "You",
        "Run it again. If it fails again, the report says what to look at",
        ("plus360 night {key}",),
    ),
    "stopped": StateWords(
        "■",
        "something must be fixed first, in eSchoolPLUS, in the API Profile or here; the last published "
        "import stays",
        "Whom the report names",
        "Send the report to who has to fix it; then check, and run it again",
        ("plus360 check {key}", "plus360 night {key}"),
    ),
    "paused": StateWords(
        "‖",
        "nightly runs do nothing until a day that a person named",
        "No one",
        "Nothing, or end the pause early",
        ("plus360 resume {key}",),
    ),
    "published": StateWords(
        "✓",
        "the import of this run is in place",
        "No one",
        "Nothing. What the district should fix is in the report, and in lists by owner and screen",
        ("plus360 worklist {key}",),
    ),
}
