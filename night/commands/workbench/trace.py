"""One student's way from the records received to the import, on the terminal and as a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from district.folder import DistrictFolder
from district.links import refuse_damage
from district.private_files import make_private_folder, write_private
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    last_pulled_night,
)
from night.lock import work_words
from night.terminal.console import console, line, refuse

if TYPE_CHECKING:
    from qa.analyst.reader import Reader
    from qa.analyst.trace import Trace

_PRIVATE = "This page names a student: it stays with the district."
_NOTHING = "–"  # noqa: RUF001
# So much of a value is shown in a line; the page has more of it.
_MOST = 120
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def trace(
    district: DistrictArgument,
    student: Annotated[str, typer.Argument(help="The student's id, with or without zeros before it.")],
    *,
    night: Annotated[str | None, typer.Option(help="A run, or its date; the latest one if none.")] = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Why a student is, or is not, in the import: every stage, night by night; also as a private page."""
    from qa.analyst.trace import UnknownStudentError  # noqa: PLC0415 - so that --help stays quick
    from qa.analyst.trace import trace as traced  # noqa: PLC0415

    chosen = choose_district(district, config)
    last_pulled_night(data, chosen)
    folder = DistrictFolder.of(data, chosen.key)
    refuse_damage(folder)
    try:
        result = traced(_reader(folder, night), student)
    except UnknownStudentError as error:
        refuse(str(error))
    _show(result)
    page = folder.trace(result.student_id, result.run_id)
    make_private_folder(page.parent)
    write_private(page, result.html())
    line(_PRIVATE)
    line(str(page))


def _reader(folder: DistrictFolder, night: str | None) -> Reader:
    """The run to read; refuses the command where there is none of that id or date."""
    from qa.analyst.errors import DataError  # noqa: PLC0415 - so that --help stays quick
    from qa.analyst.nights.choice import chosen_run, complete_pulls  # noqa: PLC0415
    from qa.analyst.reader import Reader  # noqa: PLC0415

    try:
        if night and _DATE.fullmatch(night):
            night = chosen_run(complete_pulls(Reader(folder)), night)
        return Reader(folder, night)
    except DataError as error:
        if night is None or work_words(folder):
            raise
        refuse(str(error))


def _show(result: Trace) -> None:
    from qa.analyst.frames import rows_of  # noqa: PLC0415 - so that --help stays quick
    from qa.analyst.trace.words import Days  # noqa: PLC0415

    console.print(Text(_said(result.headline, len(result.headline))), style="bold")
    for sentence in result.guardians:
        console.print(Text(_said(sentence, len(sentence))))
    stages = _table("Stage", "What happened")
    for stage, text in _stages(result):
        stages.add_row(stage, Text(text))
    console.print(stages)
    nights = _table("Run", "State", "Received", "In the file", "Load")
    changes = []
    days = Days(result.nights["run_id"])
    for row in rows_of(result.nights):
        day = days.of(row["run_id"])
        cells = (day, row["state"], row["received"], row["in_file"], row["effect"] or _NOTHING)
        nights.add_row(*map(Text, cells))
        changes += [f"{day}, record: {_said(row['record_changed'])}"] if row["record_changed"] else []
        changes += [f"{day}, file: {_said(row['changes'])}"] if row["changes"] else []
    console.print(nights)
    for change in changes:
        console.print(Text(change))


def _stages(result: Trace) -> Iterator[tuple[str, str]]:
    """What each stage did, a line for each thing that is not as received."""
    from qa.analyst.frames import rows_of  # noqa: PLC0415 - so that --help stays quick

    counted = Counter(row["endpoint"] for row in rows_of(result.raw))
    yield "Received", ", ".join(f"{number} {endpoint}" for endpoint, number in counted.items()) or "nothing"
    yield (
        "Staging",
        _lines(
            f"{row['endpoint']} {row['record']}, {row['label']}: {_said(row['received'])} to "
            f"{_said(row['mart'] or row['staging'] or _NOTHING)} ({row['difference']})"
            for row in rows_of(result.fields)
            if row["difference"]
        ),
    )
    yield (
        "Checks",
        _lines(
            f"{row['level']}: {row['record']}, {row['field']}: {_said(row['value'] or _NOTHING)} "
            f"({row['reason']}; {row['check_id']})"
            for row in rows_of(result.checks)
        ),
    )
    yield (
        "Decided",
        _lines(
            f"{row['file']} {row['record']}: {row['decision']}" + (f" ({row['why']})" if row["why"] else "")
            for row in rows_of(result.decisions)
        ),
    )
    yield (
        "Load",
        _lines(
            f"{row['file']} {row['record']}: {row['effect'] or 'In the file'}"
            + (f": {_said(row['changes'])}" if row["changes"] else "")
            for row in rows_of(result.load)
        ),
    )


def _lines(texts: Iterator[str]) -> str:
    return "\n".join(_said(text, len(text)) for text in texts) or _NOTHING


def _said(text: object, most: int = _MOST) -> str:
    """A text for a terminal: a code of it that a terminal would obey is shown, not sent."""
    from qa.analyst.visible import cut  # noqa: PLC0415 - so that --help stays quick

    return cut(text, most)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
