"""Random codes that stand for records. The crosswalk stays in the district's raw store."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import duckdb

# Neither 0 and O nor 1, I and L: people read these codes to each other on the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = {
    "students": "S",
    "contacts": "C",
    "student_contacts": "L",
    "contact_addresses": "A",
    "contact_phones": "P",
    "ud_fields": "D",
    "schools": "B",
}
PERSONAL_KINDS = frozenset(_LETTERS) - {"schools"}


def is_public_school_code(code: str) -> bool:
    """Whether a school's code is a short number: any other may be a word, a phone or an id: a pseudonym."""
    return code.isascii() and code.isdigit() and len(code) <= 6


class Pseudonyms:
    """The crosswalk history.pseudonyms of one district."""

    def __init__(self, store: duckdb.DuckDBPyConnection) -> None:
        self._store = store

    def of(self, records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The pseudonym of each (kind, record key); the same for the same record in every run."""
        wanted = sorted(set(records))
        known = self.known()
        taken = set(known.values())
        for kind, key in wanted:
            if (kind, key) in known:
                continue
            code = _new_code(kind)
            while code in taken:
                code = _new_code(kind)
            taken.add(code)
            known[kind, key] = code
            self._store.execute("insert into history.pseudonyms values (?, ?, ?)", [kind, key, code])
        return {record: known[record] for record in wanted}

    def known(self) -> dict[tuple[str, str], str]:
        """Every pseudonym of the district so far, by (kind, record key)."""
        rows = self._store.execute("select kind, record_key, pseudonym from history.pseudonyms").fetchall()
        return {(kind, key): pseudonym for kind, key, pseudonym in rows}


def _new_code(kind: str) -> str:
    digits = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{_LETTERS[kind]}-{digits[:4]}-{digits[4:]}"
