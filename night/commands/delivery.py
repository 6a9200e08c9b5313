"""Delivers the published import again: by hand, after what kept it from being delivered is fixed."""

from __future__ import annotations

from typing import Annotated

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

_UNCONFIRMED = (
    "{key}: nothing was ever delivered. Guardians who are in the special-programs system and not in these "
    "files will be deleted there. Compare {export} with it, then run plus360 deliver {key} --first"
)


def deliver(
    district: DistrictArgument,
    *,
    first: Annotated[
        bool, typer.Option("--first", help="You compared the files: the first delivery may be made.")
    ] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Send the published import to the receiving system, also if it has it already."""
    from night.delivery.record import awaits_confirmation  # noqa: PLC0415 - keeps `plus360 --help` quick

    known = read_settings(config)
    settings = known_district(known, district, config)
    if settings.delivery is None:
        refuse(f"{district}: the settings deliver nothing. Add [districts.{district}.delivery] to {config}")
    with repaired("deliver", known, district, config, data) as folder:
        night = folder.published
        if night is None:
            refuse(f"no run of {district} was published yet. Run plus360 night {district}")
        if not first and awaits_confirmation(folder):
            refuse(_UNCONFIRMED.format(key=district, export=night.export))
        if not _deliver(night, settings, again=True, confirmed=first):
            raise typer.Exit(RETRY)


def hand_on(night: NightFolder, settings: DistrictSettings, *, parquet: bool) -> bool:
    """Copy and deliver a run that was released; returns whether what the settings ask for could be done."""
    from night.publication.marts import copy_marts  # noqa: PLC0415 - keeps --help quick

    uncopied = copy_marts(night) if parquet else None
    if uncopied:
        error_line(f"{settings.key}: no Parquet files: {uncopied}")
    delivered = settings.delivery is None or _deliver(night, settings)
    return delivered and not uncopied


def _deliver(
    night: NightFolder, settings: DistrictSettings, *, again: bool = False, confirmed: bool = False
) -> bool:
    from night.delivery import deliver as delivery  # noqa: PLC0415 - keeps --help quick

    password = find_password(settings)
    if trouble := delivery.deliver(night, settings, password, again=again, confirmed=confirmed):
        error_line(f"{settings.key}: run {night.run_id} was not delivered: {trouble}")
        return False
    logged_line(f"run {night.run_id} was delivered.", settings.key)
    return True
