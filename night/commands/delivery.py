"""Delivers the published import again: by hand, after what kept it from being delivered is fixed."""

from __future__ import annotations

import typer

from district.credentials import Password
from district.folder import NightFolder
from district.settings import DistrictSettings
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    find_password,
    known_district,
    read_settings,
)
from night.commands.repaired import repaired
from night.terminal.console import RETRY, error_line, line, refuse


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
        deliver_or_say(night, settings, find_password(settings), again=True)


def deliver_or_say(
    night: NightFolder, settings: DistrictSettings, password: Password, *, again: bool = False
) -> None:
    """Deliver a published run, and say how that went; ends the command where it was not delivered."""
    from night.delivery.deliver import deliver as deliver_run  # noqa: PLC0415 - keeps --help quick

    if settings.delivery is None:
        return
    if trouble := deliver_run(night, settings, password, again=again):
        error_line(f"{settings.key}: run {night.run_id} was not delivered: {trouble}")
        raise typer.Exit(RETRY)
    line(f"{settings.key}: run {night.run_id} was delivered.")
