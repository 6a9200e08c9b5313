"""What a nightly run left: its report and its import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from district.folder import DistrictFolder
from district.links import refuse_damage
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    last_pulled_night,
)
from night.lock import locked
from night.terminal.console import line, refuse


def report(
    district: DistrictArgument,
    *,
    unredacted: Annotated[
        bool, typer.Option("--unredacted", help="With names and ids, for the district's own eyes.")
    ] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Write the report of the last nightly run again."""
    from qa.report.render import render_report  # noqa: PLC0415 - so that --help stays quick

    settings = choose_district(district, config)
    night = last_pulled_night(data, settings)
    with locked(night.district, "report"):
        if not night.qa_json.exists():
            refuse(f"the last run has no results yet. Run plus360 build {district} first")
        path = render_report(night, "unredacted" if unredacted else "redacted", sis_url=settings.sis_url)
    if unredacted:
        line("This edition names students: it stays with the district.")
    line(str(path))


def export(
    district: DistrictArgument,
    *,
    to: Annotated[
        Path | None, typer.Option(help="Copy the files into this folder; other files there stay.")
    ] = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Write the import files of the published nightly run again, or copy them to a folder."""
    from night.export import copy_export, write_export  # noqa: PLC0415 - keeps `plus360 --help` quick

    folder = DistrictFolder.of(data, choose_district(district, config).key)
    refuse_damage(folder)
    night = folder.published
    if night is None:
        refuse(
            f"no run of {district} was published yet, so there is no import. Run plus360 night {district}; "
            "where it was stopped, its report says what to fix first"
        )
    if to:
        manifest = copy_export(night, to)
    else:
        with locked(folder, "export"):
            manifest = write_export(night)
    for name, file in manifest.files.items():
        line(f"{(to or folder.export) / name}: {file.rows:,} rows")
