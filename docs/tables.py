"""Tables of the handbooks, written from the data that plus360 itself speaks from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence


def filled(text: str, tables: Mapping[str, Callable[[], list[str]]]) -> str:
    """A handbook with every table as the data has it now.

    Args:
        text: it has a place for each table: `<!-- name: how it is made -->` to `<!-- end -->`.
        tables: by name, what gives the lines of each.

    Raises:
        ValueError: there is no place for a table.
    """
    for name, rows in tables.items():
        block = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)
        if not block.search(text):
            raise ValueError(f"no place for the table {name}")
        body = "\n".join(rows())
        text = block.sub(lambda found, body=body: f"{found[1]}{body}\n{found[2]}", text)  # type: ignore[misc]
    return text


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
