"""What people correct during a day: a share of names, phones, addresses, flags, schools."""

from __future__ import annotations

from random import Random

from bench.load_gate.rows import Change, Records, Row, active, guardian_contacts, guardians, key, some
from sandbox.population.names import LAST_NAMES

STREETS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hickory", "Ironwood", "Juniper")


def new_street(rng: Random) -> Row:
    return {
        "streetNumber": str(rng.randrange(1, 2000)),
        "streetName": rng.choice(STREETS),
        "streetType": "ST",
    }


def student_names(share: float) -> Change:
    """A letter was wrong."""

    def change(records: Records, rng: Random) -> None:
        for student in some(rng, records["Student"], share):
            student["firstName"] = f"{student['firstName']}e"

    return change


def marriages(share: float) -> Change:
    """A guardian has a new last name."""

    def change(records: Records, rng: Random) -> None:
        for contact in some(rng, guardian_contacts(records), share):
            contact["lastName"] = rng.choice(LAST_NAMES)

    return change


def phones(share: float) -> Change:
    def change(records: Records, rng: Random) -> None:
        for phone in some(rng, records["ContactPhone"], share):
            phone["phone"] = f"591{rng.randrange(2_200_000, 9_999_999)}"

    return change


def moves(share: float) -> Change:
    """Families move: everyone who had the student's address has the new one."""

    def change(records: Records, rng: Random) -> None:
        addresses = {row["contactId"]: row for row in records["ContactAddress"]}
        for student in some(rng, active(records), share):
            links = [link for link in records["StudentContact"] if link["studentId"] == student["studentId"]]
            homes = [link["contactId"] for link in links if key(link["contactType"]) == "P"]
            old = {addresses[home]["streetName"] for home in homes if home in addresses}
            street = new_street(rng)
            for link in links:
                address = addresses.get(link["contactId"])
                if address and address["streetName"] in old:
                    address.update(street)

    return change


def emails(share: float) -> Change:
    def change(records: Records, rng: Random) -> None:
        for contact in some(rng, guardian_contacts(records), share):
            contact["email"] = f"parent{contact['contactId']}@example.net"

    return change


def flags(share: float) -> Change:
    """A court decides: other custody flags."""

    def change(records: Records, rng: Random) -> None:
        for link in some(rng, guardians(records), share):
            for label in ("legalGuard", "custGuard", "livingWith"):
                link[label] = "N" if link[label] == "Y" else "Y"

    return change


def priorities(share: float) -> Change:
    def change(records: Records, rng: Random) -> None:
        for link in some(rng, guardians(records), share):
            link["contactPriority"] = 3 - min(2, int(link["contactPriority"]))

    return change


def relations(share: float) -> Change:
    def change(records: Records, rng: Random) -> None:
        for link in some(rng, guardians(records), share):
            link["relationCode"] = rng.choice(("GMOT", "GFAT", "AUNT", "SFAT"))

    return change


def transfers(share: float) -> Change:
    """Students move to another school of the district."""

    def change(records: Records, rng: Random) -> None:
        schools = [row["building"] for row in records["School"] if row["outOfDistrict"] != "Y"]
        for student in some(rng, active(records), share):
            others = [school for school in schools if key(school) != key(student["building"])]
            student["building"] = rng.choice(others)

    return change


def birth_dates(share: float) -> Change:
    """The year was wrong."""

    def change(records: Records, rng: Random) -> None:
        for student in some(rng, records["Student"], share):
            year = int(student["birthdate"][:4]) - 1
            student["birthdate"] = f"{year}{student['birthdate'][4:]}".replace("-02-29", "-02-28")

    return change
