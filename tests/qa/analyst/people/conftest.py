"""A district whose people are known. A student of the run before is gone, and has a pseudonym."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from extract.store.raw_store import open_store
from qa.analyst import District
from tests.qa.conftest import TONIGHT, DistrictFolder, Records, sound_records

LAST_NIGHT = TONIGHT - timedelta(days=1)
SCHOOL_PHONE = "9505550199"
# Who shares the school's phone.
SHARING = range(40, 52)

# What is special about the first students, by their number in sound_records().
_STUDENTS: dict[int, dict[str, Any]] = {
    0: {"firstName": "Maria", "middleName": "Lucia", "lastName": "Garcia", "birthdate": "2014-05-03"},
    1: {"firstName": "Marta", "lastName": "Garcia", "birthdate": "2012-05-03"},
    2: {"firstName": "Sean", "lastName": "O'Brien", "nickname": "Bucky"},
    3: {"firstName": "Thu", "lastName": "Nguyễn"},
    4: {"firstName": "Ana", "lastName": "Smith-Jones"},
    5: {"firstName": "Wren", "lastName": "None"},
    6: {"firstName": "O", "lastName": "Ng"},
    7: {"firstName": "John", "lastName": "De La Cruz"},
    8: {"firstName": "Søren", "lastName": "Østby", "birthdate": "31/31/2014"},
    9: {"firstName": "Twin", "lastName": "Palmer", "birthdate": "2013-01-01"},
    10: {"firstName": "twin", "lastName": "Palmer", "birthdate": "2013-01-01"},
    11: {"firstName": "Gone", "lastName": "Away"},
    12: {"gender": "X"},
    13: {"firstName": "<b>Bold</b>", "lastName": "Script"},
    14: {"Grade": "07"},
}
_CONTACTS: dict[int, dict[str, Any]] = {
    0: {"firstName": "Ines", "lastName": "Garcia", "email": "ines.garcia@mail.example"},
    1: {"firstName": "Ines", "lastName": "Garcia", "email": "other@mail.example"},
    60: {"email": "parent@"},
}
MARIA, GONE, GENDER, QUARANTINED, ZEROS = "700100", "700111", "700112", "700114", "0700133"
INES = "900200"
GONE_CODE = "S-GNGN-2222"
# Of the run without ContactPhone: a student whose gender fails, one who fails nothing, and a phone.
CODES = {
    "S-WPHN-2222": ("students", GENDER),
    "S-WPHN-3333": ("students", "700130"),
    "P-WPHN-4444": ("contact_phones", "900230/H"),
}
# Contacts whose email fails: one in both runs, one only in the second.
FAULTY_BEFORE, FAULTY_NOW = "900260", "900261"


@dataclass(frozen=True)
class People:
    """The district, and its two runs; only the second one is built."""

    folder: DistrictFolder
    runs: tuple[str, str]

    def open(self, run_id: str | None = None) -> District:
        return District(self.folder.key, self.folder.data, run_id)


def _planted() -> Records:
    records = sound_records()
    for n, values in _STUDENTS.items():
        records["Student"][n] |= values
    for n, values in _CONTACTS.items():
        records["Contact"][n] |= values
    # The two guardians of the Garcias are one person, who also has student 2.
    records["ContactPhone"][0]["phone"] = "(950) 325-7777 x12"
    records["ContactPhone"][1]["phone"] = "950-325-7777"
    records["StudentContact"].append(
        records["StudentContact"][0] | {"studentId": "700102", "relationCode": "MOTH"}
    )
    records["ContactAddress"][0] |= {"streetNumber": "123", "streetName": "Maple", "streetType": "St"}
    for n in SHARING:
        records["ContactPhone"][n]["phone"] = SCHOOL_PHONE
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        for record in records[endpoint]:
            if record["studentId"] == ZEROS.lstrip("0"):
                record["studentId"] = ZEROS
    # The same id twice: only one of the two records is used.
    records["Student"].append(records["Student"][20] | {"firstName": "Double"})
    return records


def _without(records: Records, student_id: str) -> Records:
    return {
        endpoint: [record for record in its if record.get("studentId") != student_id]
        for endpoint, its in records.items()
    }


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory, new_district: Callable[..., DistrictFolder]) -> People:
    """It is shared by all tests of a session: read it only."""
    folder = new_district(tmp_path_factory.mktemp("people"), records=_planted())
    first = folder.pull(LAST_NIGHT)
    folder.records = _without(folder.records, GONE)
    folder.records["Contact"][61]["email"] = "mother@"
    with closing(open_store(folder.path / "raw.duckdb")) as store:
        store.execute("insert into history.pseudonyms values ('students', ?, ?)", [GONE, GONE_CODE])
        store.execute(
            "insert into history.checks values (?, 'contacts__email__valid', 'warn', 'failed', 1, 120)",
            [first],
        )
        store.execute("insert into history.nights (run_id, verdict) values (?, 'published')", [first])
    folder.night(TONIGHT)
    folder.folder().district.publish(folder.folder())
    return People(folder, (first, folder.last_run))


@pytest.fixture(scope="session")
def d(people: People) -> District:
    """The second run."""
    return people.open()


@pytest.fixture(scope="session")
def without_phones(
    tmp_path_factory: pytest.TempPathFactory, new_district: Callable[..., DistrictFolder]
) -> People:
    """Two runs; the second one did not receive ContactPhone, and is the one that is built."""
    folder = new_district(tmp_path_factory.mktemp("without_phones"), records=_planted())
    first = folder.pull(LAST_NIGHT)
    with closing(open_store(folder.path / "raw.duckdb")) as store:
        store.executemany(
            "insert into history.pseudonyms values (?, ?, ?)",
            [[kind, key, code] for code, (kind, key) in CODES.items()],
        )
    folder.night(TONIGHT, states={"ContactPhone": ("refused", 403)})
    return People(folder, (first, folder.last_run))
