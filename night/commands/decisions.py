"""What a person decides: release, discard, pause, resume; and the worklist to decide with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from district.folder import DistrictFolder
from district.run_id import started_at
from district.settings.fleet import Fleet
from night.commands.delivery import hand_on
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    known_district,
    read_fleet,
    read_settings,
)
from night.commands.repaired import repaired, say_repairs
from night.commands.running import write_index_or_say
from night.decisions.errors import RefusedError
from night.lock import DistrictLockedError, locked
from night.status.words import COMPARE, pause_words
from night.terminal.console import DONE, RETRY, WRONG_USE, error_line, in_a_line, line, logged_line, refuse

if TYPE_CHECKING:
    from night.decisions.run import Decided

RunArgument = Annotated[
    str | None, typer.Argument(help="The held run's id. By default the run that waits for a decision.")
]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Why, for the record.")]


def release(
    district: Annotated[str | None, typer.Argument(help="The district's key, or --all with --rule.")] = None,
    run: RunArgument = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Each district that only --rule holds.")] = False,
    rule: Annotated[
        str | None, typer.Option("--rule", help="With --all: a rule's id, such as load__field__overwritten.")
    ] = None,
    reason: ReasonOption = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Publish a held run as it is."""
    from night.decisions.run import release_run  # noqa: PLC0415 - keeps `plus360 --help` quick

    fleet = read_fleet(config)
    known = fleet.districts
    if every:
        if district or rule is None:
            refuse(
                "--all needs --rule and no district: plus360 release --all --rule load__field__overwritten"
            )
        raise typer.Exit(_release_all(fleet, rule, reason, data))
    if district is None or rule is not None:
        refuse("name a district, or use --all with --rule: plus360 release --all --rule RULE")
    with repaired("release", known, district, config, data) as folder:
        decided = release_run(folder, run, reason)
        _say_released(district, decided)
        done = hand_on(folder.night(decided.run_id), known[district], parquet=fleet.settings.parquet)
    _end(decided.trouble)
    if not done:
        raise typer.Exit(RETRY)


def discard(
    district: DistrictArgument,
    run: RunArgument = None,
    *,
    reason: ReasonOption = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Keep the last published run instead of a held one."""
    from night.decisions.run import discard_run  # noqa: PLC0415 - keeps `plus360 --help` quick

    with repaired("discard", read_settings(config), district, config, data) as folder:
        decided = discard_run(folder, run, reason)
    stays = "What was published before stays." if folder.published else "Nothing is published."
    said = f"discarded run {decided.run_id}. {decided.headline} {stays}"
    logged_line(said, district)
    _end(decided.trouble)


def pause(
    district: DistrictArgument,
    *,
    until: Annotated[
        str, typer.Option("--until", help="The first day on which it runs again, such as 2026-12-01.")
    ],
    reason: ReasonOption = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Let a district's nightly runs do nothing until a day."""
    from night.decisions import pause as pauses  # noqa: PLC0415 - keeps `plus360 --help` quick

    with repaired("pause", read_settings(config), district, config, data) as folder:
        day = pauses.day_of(until)
        pauses.pause(folder, day, reason)
    logged_line(pause_words(district, day), district)


def resume(
    district: DistrictArgument,
    *,
    reason: ReasonOption = None,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """End a district's pause."""
    from night.decisions import pause as pauses  # noqa: PLC0415 - keeps `plus360 --help` quick

    with repaired("resume", read_settings(config), district, config, data) as folder:
        pauses.resume(folder, reason)
    logged_line("the pause ended. The next nightly run will run.", district)


def worklist(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """Write the lists of records to fix; of a held run, also say whom it would delete or change."""
    from night.decisions.lists import write_all_lists  # noqa: PLC0415 - keeps `plus360 --help` quick
    from qa.report.words import day_of  # noqa: PLC0415

    known = read_settings(config)
    settings = known_district(known, district, config)
    if not DistrictFolder.of(data, settings.key).raw.exists():
        refuse(f"{district}: it was never run, so there is nothing to look through")
    with repaired("worklist", known, district, config, data) as folder:
        found = write_all_lists(folder, settings.sis_url or "")
    held, to_fix = found.held, found.to_fix
    if held and held.compare:
        line(f"{district}: nothing was delivered before. {COMPARE.format(files=held.compare)}")
    if held and held.decision:
        line(f"{district}: run {held.run_id} was {held.decision.words}. Nothing waits for a decision.")
    for trouble in found.unreadable:
        line(f"{district}: {trouble}")
    files = dict(held.files if held else {})
    if to_fix:
        files |= to_fix.files
        if to_fix.stopped_by:
            line(f"{district}: the last run did not receive all records. {to_fix.stopped_by}")
            line(f"{district}: what to fix is as of the run of {day_of(started_at(to_fix.run_id))}.")
        if not to_fix.files:
            line(f"{district}: run {to_fix.run_id} has no record to fix.")
        elif not to_fix.is_last and not to_fix.stopped_by:
            why = "" if found.unreadable else "later runs checked no records. "
            line(f"{district}: {why}These are of run {to_fix.run_id}.")
    elif not found.unreadable:
        line(f"{district}: no kept run has checked records, so there is no list of records to fix.")
    if files:
        line("These files name students and guardians: they stay with the district.")
    for path, rows in files.items():
        line(f"{path}: {rows:,} {'row' if rows == 1 else 'rows'}")


def _release_all(fleet: Fleet, rule: str, reason: str | None, data: Path) -> int:
    """Release every district that is held by one rule alone; returns the exit code."""
    from night.decisions.run import held_by, release_run  # noqa: PLC0415

    codes = []
    for key, settings in fleet.districts.items():
        folder = DistrictFolder.of(data, key)
        if not folder.raw.exists():
            continue
        try:
            with locked(folder.make(), "release"):
                say_repairs(folder)
                rules = held_by(folder)
                if rule not in rules:
                    continue
                if rules != {rule}:
                    others = ", ".join(sorted(rules - {rule}))
                    line(f"{key}: still held, by {others} too. Decide on it alone: plus360 release {key}")
                    continue
                decided = release_run(folder, None, reason)
                _say_released(key, decided)
                done = hand_on(folder.night(decided.run_id), settings, parquet=fleet.settings.parquet)
        except RefusedError as error:
            error_line(str(error))
            codes.append(WRONG_USE)
        except DistrictLockedError as error:
            error_line(str(error))
            codes.append(RETRY)
        except Exception as error:  # a failure in one district doesn't affect the others
            error_line(f"{key}: {in_a_line(error)}")
            codes.append(RETRY)
        else:
            if decided.trouble:
                error_line(f"{key}: no report: {decided.trouble}")
            codes.append(RETRY if decided.trouble or not done else DONE)
    if not codes:
        refuse(f"no district waits for a decision because of {rule} alone")
    write_index_or_say(data, list(fleet.districts.values()))
    return next(code for code in (RETRY, WRONG_USE, DONE) if code in codes)


def _say_released(key: str, decided: Decided) -> None:
    logged_line(f"released run {decided.run_id}. It is published now. {decided.headline}", key)


def _end(trouble: str | None) -> None:
    """The decision stands; a report that can't be written is said, and worth another try."""
    if trouble:
        error_line(f"no report: {trouble}")
        raise typer.Exit(RETRY)
