"""What is harmful over several nights, right after a stopped or discarded run, or in the very first load."""

from __future__ import annotations

from random import Random

from bench.load_gate.harmful.codes import all_get, code_becomes
from bench.load_gate.harmful.scopes import guardians_lost
from bench.load_gate.harmful.ten import (
    birth_date_unchecked,
    contacts_renumbered,
    families_shifted,
    guardians_become_contacts,
    guardians_of_a_school_gone,
    names_swapped,
)
from bench.load_gate.harmful.values import guardians_get
from bench.load_gate.rows import Records, drop, guardian_contacts, guardians, some
from bench.load_gate.situation import Night, harmful


def half_of_the_guardians(records: Records, rng: Random) -> None:
    """Six in ten students come without a guardian."""
    ids = [student["studentId"] for student in some(rng, records["Student"], 0.6)]
    drop(records, "StudentContact", [link for link in guardians(records) if link["studentId"] in ids])


def one_in_five_without_last_name(records: Records, rng: Random) -> None:
    for student in some(rng, records["Student"], 0.2):
        student["lastName"] = ""


def more_emails_emptied(records: Records, rng: Random) -> None:
    """Nine in a hundred of those who still have one."""
    filled = [contact for contact in guardian_contacts(records) if contact["email"]]
    for contact in some(rng, filled, 0.09):
        contact["email"] = None


def guardians_renamed(records: Records, rng: Random) -> None:
    guardians_get(1, firstName="Parent", lastName="Guardian")(records, rng)


quiet = Night()
SITUATIONS = (
    harmful("9% of the guardians gone on each of 3 nights", "300", *[guardians_lost(0.09)] * 3),
    harmful("4% of the guardians gone on each of 7 nights", "120", *[guardians_lost(0.04)] * 7),
    harmful("2% of the guardians gone on each of 20 nights", "120", *[guardians_lost(0.02)] * 20),
    harmful("9% of the emails emptied on each of 3 nights", "300", *[more_emails_emptied] * 3),
    harmful(
        "9% gone, a quiet night, 9% gone, and again",
        "300",
        guardians_lost(0.09),
        quiet,
        guardians_lost(0.09),
        quiet,
        guardians_lost(0.09),
    ),
    harmful(
        "guardians become contacts after a stopped night",
        "300",
        Night(refused=("Contact",)),
        guardians_become_contacts,
    ),
    harmful(
        "the same again after it was discarded",
        "sample",
        Night(guardians_of_a_school_gone, then="discard"),
        quiet,
    ),
    harmful("the same on three nights, nobody decides", "300", guardians_become_contacts, quiet, quiet),
    harmful(
        "another fault after a discarded one",
        "300",
        Night(names_swapped, then="discard"),
        Night(contacts_renumbered, afresh=True),
    ),
    harmful(
        "families shifted after a released night",
        "300",
        Night(guardians_lost(0.15), then="release"),
        families_shifted,
    ),
    harmful("first load: half of the guardians missing", "sample", half_of_the_guardians, is_first=True),
    harmful("first load: no guardians at all", "300", guardians_become_contacts, is_first=True),
    harmful("first load: no birth dates", "sample", birth_date_unchecked, is_first=True),
    harmful(
        "first load: guardian type is 1",
        "300",
        code_becomes("StudentContact", "contactType", {"G": "1"}),
        is_first=True,
    ),
    harmful(
        "first load: every fifth student without last name",
        "300",
        one_in_five_without_last_name,
        is_first=True,
    ),
    harmful(
        "first load: gender as 1 and 2",
        "300",
        code_becomes("Student", "gender", {"M": "1", "F": "2"}),
        is_first=True,
    ),
    harmful("first load: no status code", "300", all_get("Student", "currentStatus", ""), is_first=True),
    harmful(
        "first load: contacts without last names", "300", all_get("Contact", "lastName", ""), is_first=True
    ),
    harmful("guardians renamed to a placeholder", "120", guardians_renamed),
)
