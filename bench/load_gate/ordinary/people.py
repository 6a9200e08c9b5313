"""Families that arrive, grow, leave, or add a guardian."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.load_gate.ordinary.edits import new_street
from bench.load_gate.rows import (
    Change,
    Records,
    Row,
    active,
    by_student,
    drop,
    drop_students,
    guardians,
    key,
    some,
)
from sandbox.population.names import BOYS, GIRLS, LAST_NAMES, MEN, WOMEN


def new_ids(rows: list[Row], label: str) -> Iterator[int]:
    """Numbers that no record has, one after the other."""
    number = max(int(row[label]) for row in rows)
    while True:
        number += 1
        yield number


def arrivals(share: float, **values: object) -> Change:
    """New families: the child, the guardians and their addresses are as another's, with their own names."""

    def change(records: Records, rng: Random) -> None:
        number = max(1, round(share * len(active(records))))
        for model in rng.choices(active(records), k=number):
            _arrive(records, rng, model, values)

    return change


def _arrive(records: Records, rng: Random, model: Row, values: dict[str, object]) -> None:
    student = str(next(new_ids(records["Student"], "studentId")))
    last_name, street = rng.choice(LAST_NAMES), new_street(rng)
    links = by_student(records["StudentContact"])[key(model["studentId"])]
    numbers = dict(
        zip(
            {link["contactId"]: None for link in links},
            new_ids(records["Contact"], "contactId"),
            strict=False,
        )
    )
    person = {
        "studentId": student,
        "firstName": rng.choice(GIRLS if model["gender"] == "F" else BOYS),
        "lastName": last_name,
        "stateReportId": str(rng.randrange(10**9, 10**10)),
    }
    records["Student"].append(model | person | values)
    records["StudentContact"] += [
        link | {"studentId": student, "contactId": numbers[link["contactId"]]} for link in links
    ]
    for endpoint in ("Contact", "ContactAddress", "ContactPhone"):
        for row in [row for row in records[endpoint] if row["contactId"] in numbers]:
            copy = row | {"contactId": numbers[row["contactId"]]}
            match endpoint:
                case "Contact":
                    copy |= {"firstName": rng.choice(MEN + WOMEN), "lastName": last_name}
                    copy["email"] = copy["email"] and f"{copy['firstName']}{copy['contactId']}@example.org"
                case "ContactAddress":
                    copy |= street
                case "ContactPhone":
                    copy["phone"] = f"590{rng.randrange(2_200_000, 9_999_999)}"
            records[endpoint].append(copy)


def leavers(share: float) -> Change:
    """Families move away: the students are not sent any more."""

    def change(records: Records, rng: Random) -> None:
        drop_students(records, {key(s["studentId"]) for s in some(rng, active(records), share)})

    return change


def leavers_by_status(share: float, status: str = "W") -> Change:
    """Students are withdrawn, and stay in the endpoint."""

    def change(records: Records, rng: Random) -> None:
        for student in some(rng, active(records), share):
            student["currentStatus"] = status

    return change


def family_leaves(children: int) -> Change:
    """The family with this number of children, or the largest below it, moves away."""

    def change(records: Records, rng: Random) -> None:
        families: dict[object, set[str]] = {}
        for link in guardians(records):
            families.setdefault(link["contactId"], set()).add(key(link["studentId"]))
        fitting = [family for family in families.values() if len(family) <= children]
        drop_students(records, max(fitting, key=len))

    return change


def guardians_removed(share: float) -> Change:
    """Students who have several guardians lose one: a share of all guardians."""

    def change(records: Records, rng: Random) -> None:
        families = [links for links in by_student(guardians(records)).values() if len(links) > 1]
        number = min(len(families), max(1, round(share * len(guardians(records)))))
        drop(records, "StudentContact", [links[-1] for links in rng.sample(families, number)])

    return change


def guardians_added(share: float) -> Change:
    """A student gets one more guardian: a grandmother, a stepfather."""

    def change(records: Records, rng: Random) -> None:
        for link in some(rng, guardians(records), share):
            number = next(new_ids(records["Contact"], "contactId"))
            contact = next(row for row in records["Contact"] if row["contactId"] == link["contactId"])
            name = {"firstName": rng.choice(MEN + WOMEN), "lastName": rng.choice(LAST_NAMES), "email": ""}
            records["Contact"].append(contact | name | {"contactId": number})
            records["StudentContact"].append(link | {"contactId": number, "contactPriority": 4})

    return change


def guardians_entered_anew(share: float) -> Change:
    """A secretary deletes a contact and enters the same person again: another contact id."""

    def change(records: Records, rng: Random) -> None:
        for number in {link["contactId"]: None for link in some(rng, guardians(records), share)}:
            fresh = next(new_ids(records["Contact"], "contactId"))
            for endpoint in ("Contact", "ContactAddress", "ContactPhone", "StudentContact"):
                for row in records[endpoint]:
                    if row["contactId"] == number:
                        row["contactId"] = fresh

    return change


def twins_born(records: Records, rng: Random) -> None:
    """Two younger siblings are pre-registered with a family that is known."""
    model = rng.choice(active(records))
    links = by_student(records["StudentContact"])[key(model["studentId"])]
    for name in rng.sample(GIRLS, 2):
        student = str(next(new_ids(records["Student"], "studentId")))
        child = {"studentId": student, "firstName": name, "gender": "F", "grade": "PK", "currentStatus": "P"}
        born = {"birthdate": "2023-03-14T00:00:00", "stateReportId": ""}
        records["Student"].append(model | child | born)
        records["StudentContact"] += [link | {"studentId": student} for link in links]
