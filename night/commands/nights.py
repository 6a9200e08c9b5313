"""The nightly run and its parts: night, extract, build."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from district.data_folder import DataFolder
from district.private_files import make_private_folder
from district.settings import DistrictSettings
from district.settings.fleet import Fleet
from extract.outcomes import BY_CODE
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    find_password,
    find_secret,
    find_secrets,
    known_district,
    last_pulled_night,
    read_fleet,
    read_settings,
)
from night.machine.interruption import INTERRUPTED, Interruption
from night.machine.reserve import keep_reserve, with_reserve
from night.machine.troubles import MachineError, allow_open_files
from night.terminal.console import ACT, DONE, RETRY, console, error_line, exit_code, in_a_line, line, refuse
from night.terminal.progress import Progress

if TYPE_CHECKING:
    from night.record import NightResult

GETTING_READY = "getting ready (once for all districts, a few seconds)"
STATE_COLORS = {
    "published": "green",
    "held": "magenta",
    "stopped": "yellow",
    "failed": "red",
    "paused": "dim",
}


def night(
    districts: Annotated[list[str] | None, typer.Argument(help="Keys of districts, or --all.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All configured districts.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Districts to run in parallel.")] = os.cpu_count() or 1,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Pull, build, check, publish and report; a failure in one district doesn't affect the others."""
    fleet = read_fleet(config)
    known = fleet.districts
    if every == bool(districts):
        refuse("name districts, or use --all. The configured districts: " + ", ".join(known))
    chosen = (
        list(known.values()) if every else [known_district(known, key, config) for key in districts or []]
    )
    from night.news.ping import Ping  # noqa: PLC0415 - keeps other commands quick

    with Ping(fleet.settings.ping, error_line) as ping:
        ping.exit_code = run_and_show(
            chosen, data=data, jobs=jobs, scheduled=list(known.values()), fleet=fleet
        )
    raise typer.Exit(ping.exit_code)


def extract(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Pull the seven endpoints into the district's raw.duckdb."""
    from night.district_night import pull_night  # noqa: PLC0415 - dbt takes seconds to import

    chosen = choose_district(district, config)
    secret = find_secret(chosen)
    with Progress(console, [chosen.key]) as progress:
        run_id, pulls, repairs = pull_night(chosen, secret, data=data, listen=progress.show)
    for repair in repairs:
        line(f"repaired: {repair}")
    table = Table("endpoint", "answer", "rows", "server's total", "pages", "seconds", box=None)
    for pull in pulls:
        reported = "" if pull.reported_total is None else f"{pull.reported_total:,}"
        table.add_row(
            pull.endpoint, pull.state, f"{pull.rows:,}", reported, str(pull.pages), f"{pull.seconds:.1f}"
        )
    console.print(table)
    incomplete = [pull for pull in pulls if pull.state != "complete"]
    for pull in incomplete:
        line(f"{pull.endpoint}: {pull.message}")
        for step in pull.fix:
            line(f"  {step}")
    next_step = (
        f"fix this, then plus360 extract {chosen.key} again" if incomplete else f"plus360 build {chosen.key}"
    )
    line(f"run {run_id}; next: {next_step}")
    raise typer.Exit(exit_code(BY_CODE[pull.outcome].transient for pull in incomplete))


def build(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Build and check the last pull, and publish it if nothing stops it."""
    from night.district_night import build_night  # noqa: PLC0415 - dbt takes seconds to import
    from night.machine.unfinished import record_unfinished  # noqa: PLC0415
    from night.record import NightResult  # noqa: PLC0415

    known = read_settings(config)
    chosen = known_district(known, district, config)
    night = last_pulled_night(data, chosen)
    if night == night.district.published:
        refuse(
            f"the last pull of {district} is published already. Run plus360 night {district} for a new one"
        )
    try:
        with Progress(console, [chosen.key]) as progress:
            result = build_night(
                chosen,
                data=data,
                run_id=night.run_id,
                listen=progress.show,
                password=find_password(chosen),
            )
    except KeyboardInterrupt:
        result = record_unfinished(night, NightResult(chosen.key, "failed", INTERRUPTED), known=True)
    index = write_index_or_say(data, list(known.values()), {chosen.key: result})
    _show_result(result)
    line(f"next: plus360 report {chosen.key}")
    raise typer.Exit(exit_code_of_nights([result.verdict if index else "failed"]))


def run_and_show(
    chosen: Sequence[DistrictSettings],
    *,
    data: Path,
    jobs: int,
    scheduled: Sequence[DistrictSettings],
    run_id: str | None = None,
    with_report: bool = True,
    fleet: Fleet | None = None,
) -> int:
    """Run the districts' nightly runs, show them, write the index, say the outcome; returns the exit code.

    `run_id` and `with_report` are those of `run_night`; `fleet` says who is told what is new.
    """
    secrets = find_secrets(chosen)
    if run_id is None:
        line(GETTING_READY)
    from night.fleet.all_districts import run_nights  # noqa: PLC0415 - keeps `plus360 --help` quick

    make_private_folder(data)
    keep_reserve(DataFolder(data))
    try:
        allow_open_files()
    except MachineError as error:
        _record_none_began(chosen, str(error), data, scheduled)
        raise
    with Interruption() as interruption:
        with Progress(console, [district.key for district in chosen]) as progress:
            results = run_nights(
                chosen,
                secrets,
                data=data,
                jobs=jobs,
                listen=progress.show,
                run_id=run_id,
                with_report=with_report,
                interruption=interruption,
                passwords={district.key: find_password(district) for district in chosen},
            )
        if interruption.count:
            error_line("interrupted: unfinished runs published nothing, and the last published runs stay")
        index = write_index_or_say(data, scheduled, results)
    if fleet:
        from night.news.notification import tell_news  # noqa: PLC0415 - keeps `plus360 --help` quick

        for fault in tell_news(fleet, data, results):
            error_line(fault)
    line("")
    for district in chosen:
        result = results[district.key]
        _show_result(result)
        if result.trouble:
            line(f"  no report: {result.trouble}")
        if result.undelivered:
            line(f"  not delivered: {result.undelivered}")
        if result.report:
            line(f"  report  {result.report}")
    if index:
        line(f"all districts  {index}")
    states = [
        "failed" if result.trouble or result.undelivered else result.verdict for result in results.values()
    ]
    return exit_code_of_nights(states if index else [*states, "failed"])


def _show_result(result: NightResult) -> None:
    """How a district's run ended: its state, why, and what was repaired before it."""
    color = STATE_COLORS[result.verdict]
    console.print(f"[bold]{result.district}[/]  [{color}]{result.verdict}[/]", highlight=False)
    line(f"  {result.headline}")
    for repair in result.repairs:
        line(f"  repaired: {repair}")


def _record_none_began(
    chosen: Sequence[DistrictSettings], words: str, data: Path, scheduled: Sequence[DistrictSettings]
) -> None:
    """Have the index say why no run began, where no run can say it."""
    from night.record import NightResult  # noqa: PLC0415 - keeps `plus360 --help` quick

    failed = [NightResult(district.key, "failed", words, recorded=False) for district in chosen]
    write_index_or_say(data, scheduled, {result.district: result for result in failed})


def write_index_or_say(
    data: Path, scheduled: Sequence[DistrictSettings], results: Mapping[str, NightResult] | None = None
) -> Path | None:
    """Write the index; None where that fails, which is said: the old one tells of earlier runs.

    Args:
        data: the folder of all districts.
        scheduled: the configured ones.
        results: of the runs that have just ended, by the district's key.
    """
    from night.pages.index import write_index  # noqa: PLC0415 - keeps `plus360 --help` quick

    unrecorded = {key: result for key, result in (results or {}).items() if not result.recorded}
    folder = DataFolder(data)
    try:
        index = with_reserve(folder, lambda: write_index(data, scheduled, unrecorded))
        keep_reserve(folder)
    except Exception as error:
        error_line(f"index not written, it shows earlier runs: {in_a_line(error)}")
        return None
    return index


def exit_code_of_nights(states: Sequence[str]) -> int:
    """What `night` ends with: a retry may help before a person must act."""
    if "failed" in states:
        return RETRY
    return ACT if {"stopped", "held"} & {*states} else DONE
