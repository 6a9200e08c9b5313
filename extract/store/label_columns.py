"""A record's labels as columns: the SQL that reads them out of the JSON, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable

# A server that gives each record labels of its own makes no table of a million columns: payload has the rest.
MOST_LABELS = 500
# What stands beside the labels.
RECORD_COLUMNS = ("position", "landed_at", "run_id", "payload")
# Columns of the raw tables, and the name of what is read out of them.
_TAKEN = (*RECORD_COLUMNS, "endpoint", "texts")


def label_text(label: str) -> str:
    """The expression of a label over the column `payload`: its text, null where a record has none."""
    return f"json_extract_string(payload, {literal(pointer(label))})"


def records_query(source: str, labels: Iterable[str]) -> str:
    """A query of records: `position`, a column for each label, `landed_at`, `run_id`, `payload`.

    It parses a record once, not once for each label, which is five times as fast for all columns together.

    Args:
        source: a table with the columns of a raw table, or a query of one in parentheses.
        labels: as received, in the order of the columns. SQL knows no case: of labels that differ in nothing
            else, and of those that have the name of a column of ours, the later get a number: "GRADE_2".
    """
    read, named = _chosen(labels)
    pointers = ", ".join(literal(pointer(label)) for label in read)
    columns = [f"texts[{place}] as {identifier(name)}" for place, name in enumerate(named, start=1)]
    return (
        f"select {', '.join(['position', *columns, *RECORD_COLUMNS[1:]])} "
        f"from (select *, json_extract_string(payload, [{pointers}]::varchar[]) as texts from {source})"
    )


def column_names(labels: Iterable[str]) -> dict[str, str]:
    """The column of each label that has one."""
    return dict(zip(*_chosen(labels), strict=True))


def identifier(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it. A zero byte would end the statement, so it is written as chr(0)."""
    parts = ["'" + part.replace("'", "''") + "'" for part in text.split("\0")]
    return parts[0] if len(parts) == 1 else "(" + " || chr(0) || ".join(parts) + ")"


def pointer(label: str) -> str:
    """Where a label is in a record, as a JSON pointer: it may hold any character."""
    return "/" + label.replace("~", "~0").replace("/", "~1")


def _chosen(labels: Iterable[str]) -> tuple[list[str], list[str]]:
    """The labels that become columns, and the names of these."""
    read = list(dict.fromkeys(labels))[:MOST_LABELS]
    taken, named = {name.casefold() for name in _TAKEN}, []
    for label in read:
        wanted = label.replace("\0", "") or "(no name)"
        name, number = wanted, 1
        while name.casefold() in taken or name.lower() in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken |= {name.casefold(), name.lower()}
        named.append(name)
    return read, named
