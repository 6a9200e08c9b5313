"""What several commands take: the settings, the data folder, a district, its secret."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from district.credentials import CredentialError, consumer_secret
from district.folder import DistrictFolder, NightFolder
from district.links import refuse_damage
from district.settings import DistrictSettings
from district.settings.file import SettingsError, load_fleet
from district.settings.fleet import Fleet
from night.fleet.secrets import find_consumer_secret
from night.terminal.console import refuse

ConfigOption = Annotated[
    Path, typer.Option("--config", envvar="PLUS360_CONFIG", help="The file with all districts' settings.")
]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="PLUS360_DATA",
        file_okay=False,
        readable=False,  # whether it can be used is found out, and said, like any other trouble with a disk
        help="The folder with all districts' data.",
    ),
]
DistrictArgument = Annotated[str, typer.Argument(help="The district's key in the settings.")]
CONFIG = Path("districts.toml")
DATA = Path("data")


def read_fleet(config: Path) -> Fleet:
    """All settings; refuses the command, one line per fault, where the file can't be used."""
    try:
        return load_fleet(config)
    except SettingsError as error:
        refuse(*error.lines)


def read_settings(config: Path) -> dict[str, DistrictSettings]:
    """All configured districts; refuses the command, one line per fault, where the file can't be used."""
    return read_fleet(config).districts


def choose_district(key: str, config: Path) -> DistrictSettings:
    """One district of the settings; refuses the command where there is none of that key."""
    return known_district(read_settings(config), key, config)


def known_district(known: dict[str, DistrictSettings], key: str, config: Path) -> DistrictSettings:
    """The district of that key; refuses the command, naming the keys there are, where it is unknown."""
    if key not in known:
        refuse(f"{key} is not a district of {config}. The districts there: {', '.join(known)}")
    return known[key]


def find_secrets(chosen: Sequence[DistrictSettings]) -> dict[str, SecretStr | CredentialError]:
    """Each district's consumer secret, or why there is none; refuses the command where none has one."""
    found = {district.key: find_consumer_secret(district) for district in chosen}
    missing = [str(secret) for secret in found.values() if isinstance(secret, CredentialError)]
    if missing and len(missing) == len(chosen):
        refuse(*missing)
    return found


def find_secret(district: DistrictSettings) -> SecretStr:
    """The consumer secret of one district; refuses the command where there is none."""
    try:
        return consumer_secret(district.key)
    except CredentialError as error:
        refuse(str(error))


def last_pulled_night(data: Path, district: DistrictSettings) -> NightFolder:
    """The folder of the run that was pulled last; refuses the command where nothing was ever pulled."""
    from extract.store.raw_store import last_run_id  # noqa: PLC0415 - keeps commands without DuckDB quick

    folder = DistrictFolder.of(data, district.key)
    refuse_damage(folder)
    run_id = last_run_id(folder.raw)
    if run_id is None:
        refuse(f"nothing of {district.key} was pulled yet. Run plus360 night {district.key} first")
    return folder.night(run_id)
