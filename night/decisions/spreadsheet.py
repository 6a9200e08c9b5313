"""Lists that a secretary opens in a spreadsheet: CSV files with names in them, for the district alone."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from district.private_files import draft_of

# A spreadsheet runs a cell that starts like this, and an apostrophe before it makes it text. The last four
# are wide forms of the first four, which some programs take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# With a byte order mark: Excel takes a CSV file without one for Windows-1252 and garbles names.
ENCODING = "utf-8-sig"


def write_list(path: Path, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write a list with mode 0600, row by row, complete or not at all; returns how many rows it has."""
    written = 0
    with draft_of(path) as draft, draft.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(_as_text(row))
            written += 1
    return written


def rows_of(path: Path) -> int:
    """How many rows a list has."""
    with path.open(encoding=ENCODING, newline="") as file:
        rows: Any = csv.reader(file)
        return sum(1 for _ in rows) - 1


def _as_text(row: Iterable[Any]) -> list[Any]:
    """A row whose cells no spreadsheet runs: names are what families and students type."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row]
