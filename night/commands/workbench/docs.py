"""What dbt says of its models, as one page that needs no network."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from district.data_folder import DataFolder
from night.commands.options import DATA, DataOption
from night.terminal.console import line


def docs(
    *,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")] = True,
    data: DataOption = DATA,
) -> None:
    """The documentation of every table and column, from dbt, as one page without anything of a district."""
    from night.pages.dbt_docs import docs_page  # noqa: PLC0415 - dbt takes seconds, and other commands don't need it

    page = docs_page(DataFolder(data))
    line(str(page))
    if browser:
        webbrowser.open(page.resolve().as_uri())
