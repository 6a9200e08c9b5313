"""Records that the import refuses, or that left: they are kept as they were, and no guardian is deleted."""

from __future__ import annotations

from random import Random

from bench.load_gate.harmful.scopes import guardians_lost
from bench.load_gate.harmful.ten import guardians_become_contacts, names_swapped
from bench.load_gate.ordinary.days import day
from bench.load_gate.ordinary.people import leavers
from bench.load_gate.rows import Change, Records, active, drop, guardian_contacts, guardians, key, some
from bench.load_gate.situation import Night, ordinary, with_release


def blank_last_name(records: Records, rng: Random) -> None:
    rng.choice(active(records))["lastName"] = " "


def students_get(share: float, **values: object) -> Change:
    def change(records: Records, rng: Random) -> None:
        for student in some(rng, active(records), share):
            student.update(values)

    return change


def contacts_missing(share: float) -> Change:
    """Contact records are gone, and their links are not."""

    def change(records: Records, rng: Random) -> None:
        drop(records, "Contact", some(rng, guardian_contacts(records), share))

    return change


def small_school_lost(records: Records, rng: Random) -> None:
    """The row of a school with few students is gone for a night."""
    schools = [key(student["building"]) for student in records["Student"]]
    smallest = min(set(schools), key=schools.count)
    drop(records, "School", [row for row in records["School"] if key(row["building"]) == smallest])


def one_guardian_less(records: Records, rng: Random) -> None:
    drop(records, "StudentContact", [rng.choice(guardians(records))])


NEW_STATUS = students_get(0.03, currentStatus="X")
quiet = Night()

SITUATIONS = (
    ordinary("a blank last name", "sample", blank_last_name, may_delete=0),
    ordinary("two Contact records missing", "sample", contacts_missing(0.001), may_delete=0),
    ordinary("4% of the Contact records missing", "300", contacts_missing(0.04), may_delete=0),
    ordinary("a new status code for 3%", "sample", NEW_STATUS, may_delete=0),
    ordinary(
        "a new status code, mapped the next day",
        "300",
        NEW_STATUS,
        Night(settings={"enrollment_status": {"X": "ENROLLED"}}),
        may_delete=0,
    ),
    ordinary("gender codes of 2% not accepted", "300", students_get(0.02, gender="X"), may_delete=0),
    ordinary("School without its smallest school", "300", small_school_lost, may_delete=0),
    ordinary("a blank last name for 16 nights", "30", blank_last_name, *[quiet] * 15, may_delete=0),
    ordinary("a student gone for 16 nights", "30", leavers(0.01), *[quiet] * 15, may_delete=5),
    ordinary("a student who left comes back", "300", leavers(0.01), Night(afresh=True), may_delete=0),
    ordinary(
        "a good night after a stopped one", "300", Night(refused=("Contact",)), Night(day(0.02), afresh=True)
    ),
    ordinary(
        "a good night after a held one", "300", guardians_become_contacts, Night(day(0.02), afresh=True)
    ),
    ordinary(
        "a good night after a discarded one",
        "300",
        Night(names_swapped, then="discard"),
        Night(day(0.02), afresh=True),
    ),
    ordinary(
        "an ordinary night after a released one",
        "300",
        Night(guardians_lost(0.15), then="release"),
        day(0.02),
    ),
    ordinary("one guardian less on each of 5 nights", "120", *[one_guardian_less] * 5),
    with_release("one in six guardians removed on purpose", "300", guardians_lost(0.17)),
)
