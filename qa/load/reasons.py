"""Why a load would delete, add or send records as inactive: in numbers by cause, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.failing.contract import ReasonCount
from qa.load.contract import Hold
from qa.load.words import file_of

# The effect whose records a rule counts, where it counts all of them.
_EFFECTS = {
    "load__guardians__deleted": "delete",
    "load__students__departed": "departed",
    "load__files__grew": "add",
}
# Of students who departed: those who were received, but not as enrolled.
_NOT_ENROLLED = "not_enrolled"
# The first step, where one cause affects at least half of the records.
STEPS = {
    "contact_type_changed": "Find out who changed the contact type of these contacts, and whether on "
    "purpose: an import or a mass update changes many at once. If not, set it back to Guardian. Do not "
    "enter them again.",
    "contact_gone": "Find out why these contacts are no longer sent: see whether they are still in "
    "eSchoolPLUS.",
    "link_gone": "Find out who removed the links between these students and contacts, and whether on "
    "purpose. If not, link the same contacts again. Do not enter them again.",
    "renumbered": "Find out why the same people have new ids: whether they were merged or imported again.",
}


def reasons_of(hold: Hold, causes: Mapping[tuple[str, str], Sequence[tuple[str, int]]]) -> list[ReasonCount]:
    """How many of the records that exceed a limit each cause affects, the most frequent first.

    Nothing where the limit counts other records than those of one effect, and where its number is not shown.
    """
    counted = causes.get((file_of(hold), _EFFECTS.get(hold.rule, "")), ())
    if hold.n is None or not counted:
        return []
    rest = hold.n - sum(records for _, records in counted)
    if rest and (rest < 0 or hold.rule != "load__students__departed"):
        return []
    found = [ReasonCount(reason=cause, records=records) for cause, records in counted]
    found += [ReasonCount(reason=_NOT_ENROLLED, records=rest)] if rest else []
    return sorted(found, key=lambda one: -one.records)


def steps_for(reasons: Sequence[ReasonCount]) -> list[str]:
    """What to do first about the cause of at least half of the records."""
    total = sum(one.records for one in reasons)
    return [STEPS[one.reason] for one in reasons[:1] if one.reason in STEPS and one.records * 2 >= total]
