"""Only a part of the district is sent, or another district: filters, scopes, cut files."""

from __future__ import annotations

from random import Random

from bench.load_gate.districts import records_of
from bench.load_gate.harmful.ten import guardians_become_contacts
from bench.load_gate.rows import (
    Change,
    Records,
    active,
    at_school,
    by_student,
    drop,
    drop_students,
    guardians,
    key,
    largest_school,
    some,
)
from bench.load_gate.situation import SCHOOL_NIGHT, harmful


def only_changed(share: float) -> Change:
    """A filter by date of change: each endpoint sends the records that changed last."""

    def change(records: Records, rng: Random) -> None:
        for endpoint in ("Student", "Contact", "ContactAddress", "ContactPhone", "StudentContact"):
            rows = records[endpoint]
            drop(
                records,
                endpoint,
                sorted(rows, key=lambda row: row["changeDateTime"])[: round(len(rows) * (1 - share))],
            )

    return change


def only_school(records: Records, rng: Random) -> None:
    stays = at_school(records, largest_school(records))
    drop_students(records, {key(s["studentId"]) for s in records["Student"]} - stays)


def without_a_grade(records: Records, rng: Random) -> None:
    """The API user's scope leaves out one grade."""
    grades = sorted({student["grade"] for student in active(records)})
    drop_students(
        records, {key(s["studentId"]) for s in records["Student"] if s["grade"] == grades[len(grades) // 2]}
    )


def only_a_grade(records: Records, rng: Random) -> None:
    grade = active(records)[0]["grade"]
    drop_students(records, {key(s["studentId"]) for s in records["Student"] if s["grade"] != grade})


def another_district(name: str, **values: object) -> Change:
    """The consumer key of another district, whose ids are in the same ranges."""

    def change(records: Records, rng: Random) -> None:
        for endpoint, rows in records_of(name, SCHOOL_NIGHT).items():
            records[endpoint] = [row | values for row in rows]

    return change


def cut_at(endpoint: str, share: float) -> Change:
    """An endpoint ends early, and says that it is complete."""

    def change(records: Records, rng: Random) -> None:
        records[endpoint] = records[endpoint][: int(len(records[endpoint]) * share)]

    return change


def emptied(endpoint: str) -> Change:
    return cut_at(endpoint, 0)


def first_guardian_only(records: Records, rng: Random) -> None:
    """The view now sends one guardian for each student."""
    for links in by_student(guardians(records)).values():
        drop(records, "StudentContact", sorted(links, key=lambda link: int(link["contactPriority"]))[1:])


def living_with_only(records: Records, rng: Random) -> None:
    """Guardians who live elsewhere are left out."""
    drop(records, "StudentContact", [link for link in guardians(records) if link["livingWith"] == "N"])


def guardians_lost(share: float) -> Change:
    def change(records: Records, rng: Random) -> None:
        drop(records, "StudentContact", some(rng, guardians(records), share))

    return change


def families_lost(share: float) -> Change:
    """Some students lose all their guardians."""

    def change(records: Records, rng: Random) -> None:
        families = list(by_student(guardians(records)).values())
        for links in rng.sample(families, round(share * len(families))):
            drop(records, "StudentContact", links)

    return change


SITUATIONS = (
    harmful("only records that changed this week", "sample", only_changed(0.06)),
    harmful("records of the last years: 81% of each", "300", only_changed(0.81)),
    harmful("records of the last years: 88% of each", "300", only_changed(0.88)),
    harmful("only one school is sent", "sample", only_school),
    harmful("only one grade is sent", "300", only_a_grade),
    harmful("one grade is left out", "sample", without_a_grade),
    harmful("another district, the same id ranges", "300", another_district("300/2")),
    harmful("another district's number", "300", another_district("300/3", district=41_777)),
    harmful("a larger district, the same id ranges", "300", another_district("600/4")),
    harmful("Contact cut at 80.5%", "sample", cut_at("Contact", 0.805)),
    harmful("Contact empty, StudentContact complete", "sample", emptied("Contact")),
    harmful("StudentContact empty", "300", emptied("StudentContact")),
    harmful("Student empty", "300", emptied("Student")),
    harmful("ContactPhone cut at 81%", "300", cut_at("ContactPhone", 0.81)),
    harmful("ContactAddress cut at 81%", "300", cut_at("ContactAddress", 0.81)),
    harmful("only the first guardian of each student", "sample", first_guardian_only),
    harmful("only guardians who live with the student", "sample", living_with_only),
    harmful("19% of a small district's guardians gone", "120", guardians_lost(0.19)),
    harmful("one family in 25 loses all guardians", "sample", families_lost(0.04)),
    harmful("all guardians gone in a district of 8", "8", guardians_become_contacts),
    harmful("all guardians gone in a school of 20", "20", guardians_become_contacts),
    harmful("9% of the guardians in a district of 5,000", "5000", guardians_lost(0.09)),
)
