"""The sentences on the guardians: who is added, changed, kept or removed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.analyst.trace import words
from qa.analyst.trace.effects import Effect
from qa.analyst.trace.nights import Night

# What else the load of the student's import does, after the sentence on the student.
_ONE_GUARDIAN = "; {who} {verb} {done} by this load{why}"
_SOME_GUARDIANS = "; {n} {noun} {verb} {done} by this load"
_DONE = {"delete": "removed", "add": "added", "update": "changed"}
_MOST_NAMED = 2
# What happens to a guardian who does not stay the same.
_GUARDIANS = {
    "add": "{who} {verb} added by this load{why}.",
    "update": "{who} {verb} changed by this load: {changes}.",
    "delete": "{who} {verb} removed by this load{why}.",
    "carried": "{who} {verb} kept by this load as last published{why}.",
    "departed": "{who} {verb} kept by this load with the student, who is sent as inactive.",
}


def guardian_lines(
    effects: Sequence[Effect], names: Mapping[str, str], night: Night, causes: Mapping[str, str] | None = None
) -> Iterator[str]:
    """What the load of a run does, or would do, with each guardian that does not stay the same.

    Args:
        effects: of the guardians.
        names: by their ids.
        night: the run.
        causes: the check that is the true cause where a guardian is refused, by the guardian's id.
    """
    verb = "is" if night.is_published else "would be"
    for one in effects:
        if one.effect in _GUARDIANS:
            check_id = one.kept.check_id if one.kept else ""
            refused = f"refused by {(causes or {}).get(one.contact_id, check_id)}" if check_id else ""
            why = _why(one) if one.effect in ("add", "delete") else refused
            who = _guardian(one, names)
            yield _GUARDIANS[one.effect].format(
                who=who[:1].upper() + who[1:],
                verb=verb,
                why=f" ({why})" if why else "",
                changes=one.changes,
            )


def guardians_beside(
    student: Effect, guardians: Sequence[Effect], names: Mapping[str, str], *, is_done: bool
) -> str:
    """What follows on the guardians after the sentence on a student who stays: "" where all stay the same.

    Args:
        student: what the load does with the student.
        guardians: and with each guardian.
        names: of the guardians, by their ids.
        is_done: whether the load was made.
    """
    if student.effect not in ("same", "update", "carried"):
        return ""
    said = ""
    for effect, done in _DONE.items():
        found = [one for one in guardians if one.effect == effect]
        if effect == "delete" and len(found) <= _MOST_NAMED:
            for one in found:
                why = f" ({_why(one)})" if _why(one) else ""
                said += _ONE_GUARDIAN.format(
                    who=_guardian(one, names), verb="is" if is_done else "would be", done=done, why=why
                )
        elif found:
            is_one = len(found) == 1
            verb = ("is" if is_one else "are") if is_done else "would be"
            noun = "guardian" if is_one else "guardians"
            said += _SOME_GUARDIANS.format(n=len(found), noun=noun, verb=verb, done=done)
    return said


def _guardian(one: Effect, names: Mapping[str, str]) -> str:
    name = names.get(one.contact_id)
    return f"guardian {one.contact_id}" + (f" ({name})" if name else "")


def _why(one: Effect) -> str:
    return words.lower(words.why(one.cause))
