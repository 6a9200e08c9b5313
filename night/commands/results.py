"""What a nightly run left: its report and its import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from district.folder import DistrictFolder, NightFolder
from district.links import refuse_damage
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    known_district,
    last_pulled_night,
    read_settings,
)
from night.commands.repaired import repaired
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
    """Write the report of the last nightly run that has results again."""
    from qa.report.render import render_report  # noqa: PLC0415 - so that --help stays quick

    known = read_settings(config)
    settings = known_district(known, district, config)
    last_pulled_night(data, settings)
    with repaired("report", known, district, config, data) as folder:
        night = _last_judged(folder)
        path = render_report(night, "unredacted" if unredacted else "redacted", sis_url=settings.sis_url)
    if night != folder.all_nights()[-1]:
        line(f"{district}: later runs have no results. This is the report of run {night.run_id}.")
    if unredacted:
        line("This edition names students: it stays with the district.")
    line(str(path))


def _last_judged(folder: DistrictFolder) -> NightFolder:
    """The last run that has results; refuses the command where there is none, or where they can be made."""
    from extract.store.raw_store import last_run_id  # noqa: PLC0415 - keeps commands without DuckDB quick

    last_pull = last_run_id(folder.raw)
    if last_pull and not folder.night(last_pull).record.exists():
        refuse(f"the last run has no results yet. Run plus360 build {folder.key} first")
    judged = [night for night in folder.all_nights() if night.qa_json.exists()]
    if not judged:
        refuse(f"no run of {folder.key} has results. Run plus360 night {folder.key}")
    return judged[-1]


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
