"""What follows from something else: records linked to a record that was received and is quarantined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from district.endpoints import BY_NAME
from qa.analyst.trace.family import Family, Record

if TYPE_CHECKING:
    from qa.analyst.trace.decided.checks import Decision, Failed

# The endpoint whose record an id stands for, by the field that a check looks for among the records received.
_PARENTS = {"student_id": "Student", "contact_id": "Contact", "school_id": "School"}
_NOT_FOUND = "not_found"
_LEVELS = ("stop", "hold", "error", "warn")


def with_causes(failed: Sequence[Failed], family: Family) -> list[Failed]:
    """The checks that fail, each cause before what follows from it.

    A link of a quarantined student fails the check for students who were not received. But the student was
    received: what quarantined the record is the cause, and its fix is the one to make.
    """
    told = [_with_cause(one, failed, family) for one in failed]
    return sorted(told, key=lambda one: (_LEVELS.index(one.meant.level), one.cause is not None))


def without_consequences(
    decisions: Sequence[Decision], failed: Sequence[Failed], family: Family
) -> list[Decision]:
    """The decisions, each with its true cause and once; not those on a record that another replaces."""
    told = [_decided(one, failed, family) for one in decisions if not _is_spare(one, family)]
    seen = {(one.file, one.record, one.decision, one.check_id): one for one in reversed(told)}
    return [one for one in told if seen[one.file, one.record, one.decision, one.check_id] is one]


def quarantined_by(family: Family, failed: Sequence[Failed]) -> Failed | None:
    """The check that quarantines the student's records; None where one of them is used."""
    return _cause(family, "Student", family.student_id, failed)


def _with_cause(one: Failed, failed: Sequence[Failed], family: Family) -> Failed:
    parent = _PARENTS.get(one.field)
    if one.code != _NOT_FOUND or not parent:
        return one
    cause = _cause(family, parent, one.value, failed)
    return replace(one, cause=cause, code=f"{parent.lower()}_quarantined") if cause else one


def _decided(one: Decision, failed: Sequence[Failed], family: Family) -> Decision:
    """A decision with the check that is its true cause."""
    if one.decision == "quarantined":
        entity = BY_NAME[one.file].mart
        own = next(
            (
                its
                for its in failed
                if (its.entity, its.position, its.code) == (entity, one.position, one.reason)
            ),
            None,
        )
        return replace(one, check_id=own.check_id) if own else one
    ids = {one.record, family.student_id}
    link = next(
        (its for its in failed if its.cause and its.check_id == one.check_id and _is_of(its, ids)), None
    )
    if link and link.cause:
        return replace(one, check_id=link.cause.check_id, reason=link.code)
    whole = quarantined_by(family, failed)
    if whole and one.record and one.check_id == whole.check_id:  # a guardian, refused with the student
        return replace(one, reason="student_quarantined")
    return one


def _is_of(link: Failed, ids: set[str]) -> bool:
    return link.field == "school_id" or link.value in ids


def _cause(family: Family, endpoint: str, key: str, failed: Sequence[Failed]) -> Failed | None:
    """The check that quarantines the record of an id; None where there is none, or another is used."""
    records = [one for one in family.records if one.endpoint == endpoint and one.key == key]
    if not records or not all(one.quarantined for one in records):
        return None
    mine = {one.position: one.quarantined for one in records}
    return next(
        (one for one in failed if one.entity == records[0].entity and mine.get(one.position) == one.code),
        None,
    )


def _is_spare(one: Decision, family: Family) -> bool:
    """Whether a refusal is of a quarantined record in whose place another of the same key is used."""
    if one.decision != "refused" or one.position is None:
        return False
    endpoint = "StudentContact" if one.record else "Student"
    spare = _at(family, endpoint, one.position)
    return bool(
        spare
        and spare.quarantined
        and any(
            its.endpoint == endpoint and its.key == spare.key and not its.quarantined
            for its in family.records
        )
    )


def _at(family: Family, endpoint: str, position: int) -> Record | None:
    return next((one for one in family.records if (one.endpoint, one.position) == (endpoint, position)), None)
