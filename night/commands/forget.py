"""The end of a contract: everything of a district is destroyed, and said."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from district.credentials import KEYRING_SERVICE, secret_variable, sftp_variable
from district.data_folder import DataFolder
from district.links import LinkOutsideError, WrongKindError
from district.settings.district import KEY, TAKEN
from district.settings.file import SettingsError, load_fleet
from district.settings.fleet import Fleet
from night.commands.options import CONFIG, DATA, ConfigOption, DataOption
from night.commands.running import write_index_or_say
from night.decisions.forget import Holdings, InUseError, receivers_of
from night.lock import DistrictLockedError, locked
from night.machine.interruption import came
from night.terminal.console import RETRY, error_line, in_a_line, line, refuse


def forget(
    district: Annotated[str, typer.Argument(help="The district's key; it may be gone from the settings.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    config: ConfigOption = CONFIG,
    data: DataOption = DATA,
) -> None:
    """Destroy everything that plus360 has of a district, and say what that was and what is elsewhere."""
    if not re.fullmatch(KEY, district) or district in TAKEN:
        refuse(f"{district!r} is not the key of a district, such as maple-grove")
    try:
        held = Holdings.of(data, district)
    except (LinkOutsideError, WrongKindError) as error:
        refuse(f"nothing was destroyed: {error}")
    if held is None:
        refuse(f"there is nothing of {district} in {data}")
    what = _words(held, data)
    if not yes:
        _ask(district, what)
    try:
        with locked(held.folder, "forget"):
            receivers = receivers_of(held.folder)
            held.destroy()
    except (DistrictLockedError, InUseError) as error:
        error_line(str(error))
        raise typer.Exit(RETRY) from None
    except (OSError, KeyboardInterrupt) as error:
        why = "interrupted" if came() or isinstance(error, KeyboardInterrupt) else in_a_line(error)
        error_line(f"{why}. A part of {district} is left: run plus360 forget {district} again to finish")
        raise typer.Exit(RETRY) from None
    line(f"{district}: destroyed at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC:")
    for text in what:
        line(f"  {text}")
    line("Not destroyed, because it is elsewhere:")
    fleet = _fleet(config)
    for text in _elsewhere(district, fleet, receivers, config=config, data=data):
        line(f"  {text}")
    if fleet and not write_index_or_say(data, list(fleet.districts.values())):
        raise typer.Exit(RETRY)


def _ask(key: str, what: list[str]) -> None:
    """Have a person type the district's key; refuses the command where there is none, or another is typed."""
    if not sys.stdin.isatty():
        refuse(f"this destroys everything of {key}: add --yes to do it without a question")
    line(f"This destroys everything that plus360 has of {key}. It can't be undone.")
    for text in what:
        line(f"  {text}")
    try:
        typed = typer.prompt(f"Type {key} to destroy it", default="", show_default=False)
    except typer.Abort:
        typed = ""
    if typed != key:
        refuse("nothing was destroyed")


def _words(held: Holdings, data: Path) -> list[str]:
    """What there is of a district: counts and times only."""
    runs, many = held.runs, "run" if len(held.runs) == 1 else "runs"
    days = list(dict.fromkeys(f"{started:%Y-%m-%d}" for started in runs))
    when = f" of {days[0]}" + (f" to {days[-1]}" if days[1:] else "") if days else ""
    words = [
        f"{data / held.folder.key}: {len(runs)} kept nightly {many}{when}; the pulls "
        "as received, the history with pseudonyms and decisions, reports, imports and lists"
    ]
    if held.marts:
        words.append(f"{DataFolder(data).marts}: Parquet files of {len(held.marts)} marts")
    return [*words, f"{held.files:,} files, {held.size:,} bytes"]


def _elsewhere(
    key: str, fleet: Fleet | None, receivers: list[str] | None, *, config: Path, data: Path
) -> list[str]:
    """What plus360 can't destroy, and how a person does; None of `receivers` is known without history."""
    settings = fleet.districts.get(key) if fleet else None
    delivery = settings.delivery if settings else None
    words = []
    if settings:
        words.append(
            f"its settings: remove {_lines_of(key, config)} from {config}, or the next nightly run "
            "pulls it again"
        )
    words.append(
        f"its secret: keyring del {KEYRING_SERVICE} {key}, the variable {secret_variable(key)}, or the file "
        f"plus360-{key} in $CREDENTIALS_DIRECTORY. The district can delete its API Profile in eSchoolPLUS"
    )
    to = [delivery.sftp] if delivery else []
    to += [host for host in receivers or [] if not delivery or host != delivery.host]
    if to:
        words.append(f"what was delivered to {', '.join(to)}, and what was loaded from there")
    elif settings is None and receivers is None:
        words.append("what was delivered, if anything was: neither settings nor history say where to")
    if delivery:
        words.append(
            f"its login there: the file {delivery.private_key_file}"
            if delivery.private_key_file
            else f"its password there: keyring del {KEYRING_SERVICE} {key}/sftp, the variable "
            f"{sftp_variable(key)}, or the file plus360-{key}.sftp in $CREDENTIALS_DIRECTORY"
        )
    return [
        *words,
        "copies that people made or got: reports sent by email, import files, notebooks",
        "backups and snapshots of the disk; a deleted file is not overwritten on the disk",
        f"lines of the logs in {DataFolder(data).logs} name {key} and its runs: they hold no personal value "
        "and go as the logs are rotated",
    ]


def _fleet(config: Path) -> Fleet | None:
    """The settings; None, which is said, where they can't be used: there may be no other district."""
    try:
        return load_fleet(config)
    except SettingsError as error:
        error_line(f"the index was not written again, it may still show the district: {error.lines[0]}")
        return None


def _lines_of(key: str, config: Path) -> str:
    """Which lines of districts.toml are a district's, such as "lines 3 to 9 and 20 to 24"."""
    header = re.compile(r"\s*\[\s*(?P<table>[\w.-]+)\s*\]\s*(#.*)?")
    blocks: list[list[int]] = []
    inside = False
    for number, text in enumerate(config.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if table := header.fullmatch(text):
            was_inside, inside = inside, f"{table['table']}.".startswith(f"districts.{key}.")
            if inside and not was_inside:
                blocks.append([])
        if inside and text.strip() and not text.lstrip().startswith("#"):
            blocks[-1].append(number)
    if not blocks:
        return f"the table [districts.{key}]"
    return f"lines {' and '.join(f'{block[0]} to {block[-1]}' for block in blocks)}"
