"""The right records with wrong values: time zones, placeholders, encodings, cut or emptied columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from bench.load_gate.harmful.codes import all_get
from bench.load_gate.harmful.ten import guardians_become_contacts, names_swapped
from bench.load_gate.rows import NAMES, Change, Records, Row, guardian_contacts, rewrite, some
from bench.load_gate.situation import harmful


def birth_dates_through_utc(records: Records, rng: Random) -> None:
    """Midnight local time, converted to UTC and cut: a day earlier."""

    def earlier(text: str) -> str:
        return f"{date.fromisoformat(text[:10]) - timedelta(days=1)}T19:00:00"

    rewrite(records, ["Student"], "birthdate", earlier)


def day_and_month_swapped(records: Records, rng: Random) -> None:
    """Where the result is a date."""

    def swapped(text: str) -> str:
        year, month, day = text[:10].split("-")
        return f"{year}-{day}-{month}T00:00:00" if int(day) <= 12 else text

    rewrite(records, ["Student"], "birthdate", swapped)


def some_get(endpoint: str, share: float, **values: object) -> Change:
    """A placeholder in a share of the records."""

    def change(records: Records, rng: Random) -> None:
        for row in some(rng, records[endpoint], share):
            row.update(values)

    return change


def guardians_get(share: float, **values: object) -> Change:
    def change(records: Records, rng: Random) -> None:
        for contact in some(rng, guardian_contacts(records), share):
            contact.update(values)

    return change


def names(edit: Callable[[Row], None]) -> Change:
    """The same edit of the names of all students and contacts."""

    def change(records: Records, rng: Random) -> None:
        for row in (*records["Student"], *records["Contact"]):
            edit(row)

    return change


def middle_into_last(row: Row) -> None:
    row["lastName"] = f"{row['middleName'] or ''} {row['lastName']}".strip()
    row["middleName"] = None


def cut_to_five(row: Row) -> None:
    row["lastName"] = row["lastName"][:5]


def wrongly_decoded(row: Row) -> None:
    """UTF-8 read as Latin-1: José becomes JosÃ©."""
    for label in NAMES:
        row[label] = row[label] and row[label].encode().decode("latin-1")


def shouted(row: Row) -> None:
    for label in NAMES:
        row[label] = row[label] and row[label].upper()


def rounded_by_a_spreadsheet(records: Records, rng: Random) -> None:
    """1929806612 came back from a spreadsheet as 1.92981E+09."""
    rewrite(records, ["Student"], "stateReportId", lambda text: text and f"{float(text):.5E}")


def area_codes_lost(records: Records, rng: Random) -> None:
    rewrite(records, ["ContactPhone"], "phone", lambda text: text and text[-7:])


def cities_only(records: Records, rng: Random) -> None:
    for label in ("streetNumber", "streetName", "streetType"):
        rewrite(records, ["ContactAddress"], label, lambda _: None)


SCHOOL_OFFICE = {"streetNumber": "1", "streetName": "School", "streetType": "DR"}

SITUATIONS = (
    harmful("birth dates a day earlier, through UTC", "sample", birth_dates_through_utc),
    harmful("day and month of the birth date swapped", "300", day_and_month_swapped),
    harmful(
        "1900-01-01 as birth date of one in eight",
        "sample",
        some_get("Student", 0.125, birthdate="1900-01-01T00:00:00"),
    ),
    harmful("phone 0000000000 for all", "300", all_get("ContactPhone", "phone", "0000000000")),
    harmful("phone 9999999999 for one in five", "sample", some_get("ContactPhone", 0.2, phone="9999999999")),
    harmful("'.' as name of one guardian in six", "sample", guardians_get(0.17, firstName=".", lastName=".")),
    harmful(
        "'Unknown Parent' for one guardian in six",
        "300",
        guardians_get(0.17, firstName="Unknown", lastName="Parent"),
    ),
    harmful("one email for all guardians", "sample", all_get("Contact", "email", "office@example.org")),
    harmful("emails emptied", "300", all_get("Contact", "email", "")),
    harmful("emails of one guardian in six emptied", "sample", guardians_get(0.17, email="")),
    harmful("the school's address for one in four", "300", some_get("ContactAddress", 0.25, **SCHOOL_OFFICE)),
    harmful("streets emptied", "sample", cities_only),
    harmful("middle names moved into the last name", "300", names(middle_into_last)),
    harmful("last names cut to five letters", "sample", names(cut_to_five)),
    harmful("UTF-8 read as Latin-1", "300", names(wrongly_decoded)),
    harmful("all names in capitals", "300", names(shouted)),
    harmful("state ids through a spreadsheet", "300", rounded_by_a_spreadsheet),
    harmful("one state id for all", "300", all_get("Student", "stateReportId", "1234567890")),
    harmful("state ids emptied", "sample", all_get("Student", "stateReportId", "")),
    harmful("area codes lost", "300", area_codes_lost),
    harmful("all students in grade 12", "300", all_get("Student", "grade", "12")),
    harmful("names swapped during the rollover", "300", names_swapped, starts="2026-07-01"),
    harmful(
        "guardians become contacts in the rollover", "300", guardians_become_contacts, starts="2026-07-01"
    ),
)
