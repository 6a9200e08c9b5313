"""Whose records the pseudonyms stand for. For the unredacted edition only."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import duckdb

from district.folder import NightFolder
from extract.store.raw_store import read_store

_PERSON = "concat_ws(' ', first_name, last_name)"
# The mart that names a record of each kind, its key (the first part of the record's key) and the name.
# A link between student and contact goes by its student.
_NAMED_BY = {
    "students": ("students", "student_id", _PERSON),
    "student_contacts": ("students", "student_id", _PERSON),
    "ud_fields": ("students", "student_id", _PERSON),
    "contacts": ("contacts", "contact_id", _PERSON),
    "contact_addresses": ("contacts", "contact_id", _PERSON),
    "contact_phones": ("contacts", "contact_id", _PERSON),
    "schools": ("schools", "school_id", "name"),
}


@dataclass(frozen=True)
class Identity:
    """The record behind a pseudonym: its key in eSchoolPLUS, and its name ("" if it has none)."""

    record_key: str
    name: str


def identities_of(night: NightFolder, pseudonyms: Iterable[str]) -> dict[str, Identity]:
    """The records behind pseudonyms of a district, from its crosswalk and its latest warehouse.

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
        pseudonym: Identity(record_key, names.get((kind, record_key.partition("/")[0]), ""))
        for pseudonym, kind, record_key in crosswalk
    }


def _names(night: NightFolder, kinds: Iterable[str]) -> dict[tuple[str, str], str]:
    warehouse = next(iter(night.district.warehouses(night)), None)
    if warehouse is None:
        return {}
    names: dict[tuple[str, str], str] = {}
    with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
        for kind in kinds:
            mart, key, name = _NAMED_BY[kind]
            rows = con.execute(f"select {key}, {name} from marts.{mart}").fetchall()
            names.update({(kind, str(record_key)): named or "" for record_key, named in rows})
    return names
