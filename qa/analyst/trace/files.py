"""Single rows of the large files of a run, found without reading them whole.

They are ordered by their first columns, so the rows of one student stand together.
"""

from __future__ import annotations

import csv
import io
import mmap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from district.folder import NightFolder
from district.import_layouts import layout_columns

STUDENTS, GUARDIANS = "students.csv", "guardians.csv"
FILES = (STUDENTS, GUARDIANS)

Row = dict[str, str]
_AS_RECEIVED = "received"


@dataclass(frozen=True)
class Kept:
    """Why a record is not in the import as received.

    Attributes:
        effect: carried, departed or refused.
        check_id: the check that refuses it; "" where none does.
        since: the run since which it has been so; "" where that is not known.
    """

    effect: str
    check_id: str = ""
    since: str = ""


@dataclass(frozen=True)
class ImportRows:
    """What the files of a run's import, and its notes on them, say of one student.

    Attributes:
        exists: whether the run has an import: only published and held runs do.
        student: the student's row, by heading, exactly as written; None where there is none.
        guardians: the guardians' rows, by contact id.
        kept: the records that are not in the file as received, by file and contact id ("" for the student).
    """

    exists: bool
    student: Row | None = None
    guardians: dict[str, Row] = field(default_factory=dict)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)


def import_rows(night: NightFolder, student_id: str) -> ImportRows:
    """The rows of a student in the import of a run."""
    if not (night.export / STUDENTS).is_file():
        return ImportRows(exists=False)
    students = rows_beginning_with(night.export / STUDENTS, [student_id])
    guardians = rows_beginning_with(night.export / GUARDIANS, [student_id])
    contact_id = heading_of(GUARDIANS, "contact_id")
    return ImportRows(
        exists=True,
        student=students[0] if students else None,
        guardians={row.get(contact_id, ""): row for row in guardians},
        kept={
            (file, row["contact_id"]): Kept(row["effect"], row["check_id"], row["since_run_id"])
            for file in FILES
            for row in rows_beginning_with(night.load_state, [file.removesuffix(".csv"), student_id])
            if row["effect"] != _AS_RECEIVED
        },
    )


def heading_of(file: str, of_field: str) -> str:
    """A field's heading in an import file; the same in all layouts."""
    return next(
        (one.column_name for one in layout_columns() if (one.file, one.field) == (file, of_field)), of_field
    )


def rows_beginning_with(path: Path, cells: Sequence[str]) -> list[Row]:
    """The rows of a CSV whose first cells are these, by heading; none where the file can't be read.

    Args:
        path: an RFC 4180 file of ours: it has a header, and such rows stand together.
        cells: the first cells.
    """
    with suppress(OSError, ValueError), path.open("rb") as file:
        header = next(csv.reader([file.readline().decode()]), [])
        start = _start_of(path, cells)
        if start is None:
            return []
        file.seek(start)
        rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
        found = []
        for row in rows:
            if row[: len(cells)] != list(cells):
                break
            found.append(dict(zip(header, row, strict=False)))
        return found
    return []


def _start_of(path: Path, cells: Sequence[str]) -> int | None:
    """Where the first such row begins."""
    written = io.StringIO(newline="")
    csv.writer(written).writerow([*cells, ""])
    sought = b"\n" + written.getvalue().removesuffix("\r\n").encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        before, quotes = 0, 0
        while (found := content.find(sought, before)) >= 0:
            # Within quotes, the line belongs to a cell that contains line ends.
            quotes += content[before:found].count(b'"')
            if quotes % 2 == 0:
                return found + 1
            before = found + 1
    return None
