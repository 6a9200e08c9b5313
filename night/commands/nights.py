"""The nightly run and its parts: night, extract, build."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from district.settings.fleet import Fleet
from extract.outcomes import BY_CODE
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    find_secret,
    known_district,
    last_pulled_night,
    read_fleet,
)
from night.commands.running import run_and_show, write_index_or_say
from night.events import events_of
from night.fleet.secrets import find_password
from night.fleet.summary import Summary, exit_code_of
from night.log.journal import journal
from night.machine.interruption import INTERRUPTED
from night.terminal.console import (
    RETRY,
    WRONG_USE,
    Refused,
    console,
    error_line,
    exit_code,
    in_a_line,
    line,
    refuse,
)
from night.terminal.voice import Voice, show_result

if TYPE_CHECKING:
    from night.fleet.choice import Choice, Shard


def night(
    districts: Annotated[list[str] | None, typer.Argument(help="Keys of districts, or --all.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All configured districts that are due.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Districts to run in parallel.")] = os.cpu_count() or 1,
    shard: Annotated[
        str | None,
        typer.Option(help="With --all: a share of them, such as 2/8; /8 takes JOB_COMPLETION_INDEX."),
    ] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="With --all: only those without a finished run tonight.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(help="With --all: run them on this Dask scheduler's workers.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines to stdout, the summary as the last one.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say only what failed or needs a person; of JSON, the summary.")
    ] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Pull, build, check, publish and report; a failure in one district doesn't affect the others."""
    voice = Voice(as_json=as_json, quiet=quiet)
    try:
        with voice.heard():
            fleet = read_fleet(config)
            keys = [*dict.fromkeys(districts or [])]
            if every == bool(keys):
                there = ", ".join(fleet.districts)
                refuse(f"name districts, or use --all. The configured districts: {there}")
            if keys and (shard or unfinished or cluster):
                refuse("--shard, --unfinished and --cluster are for all districts: use them with --all")
            share = _share(shard)
            choice = _due(fleet, share, unfinished, data) if every else _named(fleet, keys, config)
            from night.news.ping import Ping  # noqa: PLC0415 - keeps other commands quick

            number = share.number if share else None
            with Ping(fleet.settings.ping, error_line, shard=number) as ping:
                summary = run_and_show(choice, fleet, data=data, jobs=jobs, voice=voice, cluster=cluster)
                ping.exit_code = summary.exit_code
    except Refused as refused:
        voice.end(Summary(WRONG_USE, errors=refused.lines))
        raise
    except KeyboardInterrupt:
        voice.end(Summary(RETRY, errors=[INTERRUPTED]))
        raise
    except Exception as error:
        voice.end(Summary(RETRY, errors=[in_a_line(error)]))
        raise
    voice.end(summary)
    raise typer.Exit(summary.exit_code)


def _share(shard: str | None) -> Shard | None:
    """Which share of all districts is asked for, if one is."""
    if shard is None:
        return None
    from night.fleet.choice import INDEX_VARIABLE, Shard  # noqa: PLC0415 - keeps a refusal quick

    try:
        return Shard.parse(shard, os.environ)
    except ValueError:
        refuse(f"--shard: write which of how many, such as 2/8, or /8 where {INDEX_VARIABLE} is set")


def _due(fleet: Fleet, share: Shard | None, unfinished: bool, data: Path) -> Choice:
    """All districts, or a share of them, that are due tonight; only the unfinished ones where asked."""
    from night.fleet.choice import Choice  # noqa: PLC0415 - keeps a refusal quick

    districts = share.part(fleet.enabled) if share else fleet.enabled
    now = datetime.now(UTC)
    choice = Choice.due(districts, now)
    return (choice.unfinished(data, now) if unfinished else choice).longest_first(data)


def _named(fleet: Fleet, keys: list[str], config: Path) -> Choice:
    """The districts that were named: they run, due or not."""
    chosen = [known_district(fleet.districts, key, config) for key in keys]
    disabled = [district.key for district in chosen if district.disabled]
    if disabled:
        refuse(f"disabled in {config}: {', '.join(disabled)}. Remove disabled = true there to run it")
    from night.fleet.choice import Choice  # noqa: PLC0415 - keeps a refusal quick

    return Choice(chosen)


def extract(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Pull the seven endpoints into the district's raw.duckdb."""
    from night.district_night import pull_night  # noqa: PLC0415 - dbt takes seconds to import

    chosen = choose_district(district, config)
    secret = find_secret(chosen)
    with Voice().listener(1) as listen:
        run_id, pulls, repairs = pull_night(chosen, secret, data=data, listen=listen)
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

    fleet = read_fleet(config)
    known = fleet.districts
    chosen = known_district(known, district, config)
    night = last_pulled_night(data, chosen)
    if night == night.district.published:
        refuse(
            f"the last pull of {district} is published already. Run plus360 night {district} for a new one"
        )
    try:
        with Voice().listener(1) as listen:
            result = build_night(
                chosen,
                data=data,
                run_id=night.run_id,
                listen=listen,
                password=find_password(chosen),
                parquet=fleet.settings.parquet,
            )
    except KeyboardInterrupt:
        result = record_unfinished(night, NightResult(chosen.key, "failed", INTERRUPTED), known=True)
    for event in events_of(replace(result, run_id=night.run_id)):
        journal().listen(event)
    index = write_index_or_say(data, list(known.values()), {chosen.key: result})
    show_result(result)
    line(f"next: plus360 report {chosen.key}")
    raise typer.Exit(exit_code_of([result]) if index else RETRY)
