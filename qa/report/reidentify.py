"""Who stands behind the pseudonyms. For the unredacted edition alone; the redacted one never comes here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import duckdb

from district.folder import NightFolder
from extract.store.raw_store import read_store

# The mart that names a record of each kind, by the first part of its key. A link is named by its student.
_NAMED_BY = {
    "students": ("students", "student_id"),
    "student_contacts": ("students", "student_id"),
    "ud_fields": ("students", "student_id"),
    "contacts": ("contacts", "contact_id"),
    "contact_addresses": ("contacts", "contact_id"),
    "contact_phones": ("contacts", "contact_id"),
}


@dataclass(frozen=True)
class Person:
    """A record behind a pseudonym: its key in eSchoolPLUS, and the name it goes by ("" where it has none)."""

    record_key: str
    name: str


def people_behind(night: NightFolder, pseudonyms: Iterable[str]) -> dict[str, Person]:
    """The persons behind pseudonyms of a district, from its crosswalk and its latest warehouse.

    Args:
        night: the run's folder.
        pseudonyms: those that are to be shown.
    """
    with closing(read_store(night.district.raw)) as store:
        crosswalk = store.execute(
            "select pseudonym, kind, record_key from history.pseudonyms where list_contains(?, pseudonym)",
            [list(pseudonyms)],
        ).fetchall()
    names = _names(night, {kind for _, kind, _ in crosswalk})
    return {
        pseudonym: Person(record_key, names.get((kind, record_key.partition("/")[0]), ""))
        for pseudonym, kind, record_key in crosswalk
    }


def _names(night: NightFolder, kinds: Iterable[str]) -> dict[tuple[str, str], str]:
    warehouse = next(iter(night.district.warehouses(night)), None)
    if warehouse is None:
        return {}
    names: dict[tuple[str, str], str] = {}
    with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
        for kind in kinds:
            mart, key = _NAMED_BY[kind]
            rows = con.execute(
                f"select {key}, concat_ws(' ', first_name, last_name) from marts.{mart}"
            ).fetchall()
            names.update({(kind, str(record_key)): name for record_key, name in rows})
    return names
