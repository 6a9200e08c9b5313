"""Lists that a person opens in a spreadsheet: CSV files in private/, for the district alone."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from district.private_files import draft_of, make_private_folder, sync_file

# A spreadsheet runs a cell that starts like this, and an apostrophe before it makes it text. The last four
# are wide forms of the first four, which some programs take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# With a byte order mark: Excel takes a CSV file without one for Windows-1252 and garbles names.
ENCODING = "utf-8-sig"
# A server may send a label or a value of any length; Excel refuses to show a cell of more than 32,767.
MOST_CHARACTERS = 1000


class Lists:
    """Lists that take their places together; nothing of them is there before."""

    def __init__(self, drafts: ExitStack) -> None:
        self._drafts = drafts

    def write(self, path: Path, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
        """Write a list with mode 0600, row by row; returns how many rows it has."""
        make_private_folder(path.parent)
        draft = self._drafts.enter_context(draft_of(path))
        written = 0
        with draft.open("w", encoding=ENCODING, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in rows:
                writer.writerow(_as_text(row))
                written += 1
        sync_file(draft)  # a full disk may say so only here: before any list takes its place
        return written


@contextmanager
def lists_together() -> Iterator[Lists]:
    """Lists of which all are in place when the block ends well, and else none is changed."""
    with ExitStack() as drafts:
        yield Lists(drafts)


def rows_of(path: Path) -> int:
    """How many rows a list has."""
    with path.open(encoding=ENCODING, newline="") as file:
        rows: Any = csv.reader(file)
        return sum(1 for _ in rows) - 1


def _as_text(row: Iterable[Any]) -> list[Any]:
    """A row whose cells no spreadsheet runs: names are what families and students type."""
    return [_cell(cell) if isinstance(cell, str) else cell for cell in row]


def _cell(text: str) -> str:
    cut = f"{text[:MOST_CHARACTERS]}…" if len(text) > MOST_CHARACTERS else text
    return f"'{cut}" if cut.startswith(_FORMULA) else cut
