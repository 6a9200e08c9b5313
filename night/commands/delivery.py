"""Delivers the published import again: by hand, after what kept it from being delivered is fixed."""

from __future__ import annotations

import typer

from district.folder import NightFolder
from district.settings import DistrictSettings
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    known_district,
    read_settings,
)
from night.commands.repaired import repaired
from night.fleet.secrets import find_password
from night.terminal.console import RETRY, error_line, logged_line, refuse


def deliver(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Send the published import to the receiving system, also if it has it already."""
    known = read_settings(config)
    settings = known_district(known, district, config)
    if settings.delivery is None:
        refuse(f"{district}: the settings deliver nothing. Add [districts.{district}.delivery] to {config}")
    with repaired("deliver", known, district, config, data) as folder:
        night = folder.published
        if night is None:
            refuse(f"no run of {district} was published yet. Run plus360 night {district}")
        _deliver(night, settings, again=True)


def hand_on(night: NightFolder, settings: DistrictSettings, *, parquet: bool) -> None:
    """Copy and deliver a run that was released; ends the command where that could not be done."""
    from night.publication.marts import copy_marts  # noqa: PLC0415 - keeps --help quick

    uncopied = copy_marts(night) if parquet else None
    if uncopied:
        error_line(f"{settings.key}: no Parquet files: {uncopied}")
    if settings.delivery:
        _deliver(night, settings)
    if uncopied:
        raise typer.Exit(RETRY)


def _deliver(night: NightFolder, settings: DistrictSettings, *, again: bool = False) -> None:
    from night.delivery import deliver as delivery  # noqa: PLC0415 - keeps --help quick

    if trouble := delivery.deliver(night, settings, find_password(settings), again=again):
        error_line(f"{settings.key}: run {night.run_id} was not delivered: {trouble}")
        raise typer.Exit(RETRY)
    logged_line(f"run {night.run_id} was delivered.", settings.key)
