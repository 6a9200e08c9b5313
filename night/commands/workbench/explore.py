"""JupyterLab on one district's data."""

from __future__ import annotations

from typing import Annotated

import typer

from district.folder import DistrictFolder
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    last_pulled_night,
)
from night.machine.start_again import start_again_without_secrets
from night.terminal.console import line, refuse


def explore(
    district: DistrictArgument,
    options: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="Jupyter's own options.")
    ] = None,
    *,
    notebook: Annotated[
        str,
        typer.Option(
            help="One of ours, one in the district's private folder, or the latest of that name that ran "
            "after a nightly run (copied into the private folder)."
        ),
    ] = "explore",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Where it answers; 8888 or the next free one.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    allow_root: Annotated[bool, typer.Option("--allow-root", help="Also as root.")] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """JupyterLab on the district's data, opened read-only, until Ctrl-C."""
    from night.notebooks.lab import Lab, LabError  # noqa: PLC0415 - so that --help stays quick
    from night.notebooks.library import NotebookError  # noqa: PLC0415
    from night.notebooks.own_copy import notebook_to_open  # noqa: PLC0415

    chosen = choose_district(district, config)
    last_pulled_night(data, chosen)
    folder = DistrictFolder.of(data, chosen.key)
    start_again_without_secrets()

    def say(address: str) -> None:
        line(f"{opened.path.name} of {chosen.key} is open in JupyterLab. Ctrl-C ends it")
        line(f"  {address}")

    try:
        opened = notebook_to_open(folder, notebook)
        if opened.note:
            line(opened.note)
        lab = Lab(folder, opened.path, port, browser=browser, as_root=allow_root, options=options or ())
        code = lab.serve(say)
    except (LabError, NotebookError) as error:
        refuse(str(error))
    except KeyboardInterrupt:
        line("JupyterLab was ended")
        return
    raise typer.Exit(code)
