"""Setting a district up: the setup guide as a checklist."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from night.commands.options import (
    CONFIG,
    ConfigOption,
    DistrictArgument,
    find_secret,
    known_district,
    read_settings,
)
from night.terminal.console import console, error_line, exit_code, refuse


def check(
    district: DistrictArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")] = False,
    share: Annotated[
        Path | None,
        typer.Option(help="Write a page that you can send to the district: no secret, no record."),
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Check the setup guide, setting by setting, in ten seconds; nothing is pulled and nothing delivered."""
    from extract.preflight.checklist import check_district  # noqa: PLC0415 - keeps `plus360 --help` quick
    from night.delivery.check import with_delivery  # noqa: PLC0415
    from night.pages.checklist import print_checklist, write_page  # noqa: PLC0415

    known = read_settings(config)
    chosen = known_district(known, district, config)
    same = [
        other.key
        for other in known.values()
        if other != chosen and (other.base_url, other.consumer_key) == (chosen.base_url, chosen.consumer_key)
    ]
    if same:
        error_line(
            f"{district} and {', '.join(same)} have the same base_url and consumer_key: unless that is "
            "meant, correct one of them, or one district's children are published as the other's"
        )
    checklist = check_district(chosen, find_secret(chosen))
    ours = with_delivery(checklist, chosen)
    if as_json:
        print(ours.shared())  # noqa: T201 - rich would wrap it
    else:
        print_checklist(console, ours)
    if share:
        try:
            write_page(checklist, share)  # without the delivery, which is no business of the district's
        except OSError:
            refuse(f"can't write {share}: name a file in a folder that exists and that you may write to")
        error_line(f"written, and safe to email: {share}")
    raise typer.Exit(exit_code(item.transient for item in ours.of("failed")))
