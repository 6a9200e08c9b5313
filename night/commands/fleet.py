"""How all districts stand: status, and the page."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from district.private_files import make_private_folder
from night.commands.options import CONFIG, DATA, ConfigOption, DataOption, known_district, read_settings
from night.commands.running import write_index_or_say
from night.terminal.console import RETRY, line


def status(
    districts: Annotated[list[str] | None, typer.Argument(help="Keys of districts; by default all.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Say how the districts stand: state, last run, what was published, and who takes the next step."""
    from night.status.standing import standing_of  # noqa: PLC0415 - keeps `plus360 --help` quick
    from night.status.table import COLORS, table_of  # noqa: PLC0415

    known = read_settings(config)
    asked = [known_district(known, key, config) for key in dict.fromkeys(districts or known)]
    standing = standing_of(asked, data, datetime.now(UTC))
    if as_json:
        line(standing.model_dump_json())
        return
    is_terminal = sys.stdout.isatty()
    for text, state in table_of(standing):
        line(typer.style(text, fg=COLORS[state]) if state and is_terminal else text)


def index(config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Write the page of all districts, index.html and index.json."""
    known = read_settings(config)
    make_private_folder(data)
    page = write_index_or_say(data, list(known.values()))
    if page is None:
        raise typer.Exit(RETRY)
    line(str(page))
