"""The layouts of the import files, as the seed import_layouts has them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from district.checkout import IMPORT_LAYOUTS


@dataclass(frozen=True)
class LayoutColumn:
    """A column of a file in one layout.

    Attributes:
        file: students.csv or guardians.csv.
        column_name: its heading in the file.
        field: the column of the import's mart that fills it.
    """

    layout: str
    file: str
    column_name: str
    field: str


@cache
def layout_columns() -> tuple[LayoutColumn, ...]:
    """The columns of all layouts, in the order of the seed."""
    with IMPORT_LAYOUTS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            LayoutColumn(row["layout"], row["file"], row["column_name"], row["field"])
            for row in csv.DictReader(lines)
        )
