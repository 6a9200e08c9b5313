"""A district that loses guardians from one night to the next."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sandbox import Sandbox, Source, generated
from tests.night.conftest import Operator
from tests.rewritten import Record, rewritten

DISTRICT = "oak-hill"
DELETED = "load__guardians__deleted"
# A student who has no last name from the second night on.
REFUSED = "200109"


def district(folder: Path, *, lost: str = "") -> Source:
    """A district in which second guardians of students became contacts: of ids that end in one of `lost`.

    With any lost, a student has no last name either. All contacts have a first name that a spreadsheet runs.
    """

    def change(endpoint: str, record: Record) -> Record:
        if endpoint == "StudentContact" and record["contactType"] == "G":
            is_second = str(record["contactPriority"]).strip() == "2"
            if is_second and str(record["studentId"]).strip()[-1] in tuple(lost):
                return record | {"contactType": "C"}
        if endpoint == "Contact":
            return record | {"firstName": f"={record['firstName']}"}
        if endpoint == "Student" and lost and str(record["studentId"]).strip() == REFUSED:
            return record | {"lastName": None}
        return record

    folder.mkdir()
    return rewritten(generated(students=150, seed=3), folder, change)


def night(operator: Operator, name: str, *, lost: str = "") -> subprocess.CompletedProcess[str]:
    """A nightly run over such a district."""
    with Sandbox(district(operator.folder / name, lost=lost)) as box:
        operator.knows(DISTRICT, box)
        return operator.plus360("night", DISTRICT)


def published(operator: Operator) -> Path:
    return (operator.data / DISTRICT / "published").resolve()
