"""districts.toml: all districts' settings, one line per error; finds secrets in it."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from district.credentials import KEYRING_SERVICE, secret_variable
from district.errors import Plus360Error
from district.settings.district import DistrictSettings
from district.settings.fleet import Fleet, FleetSettings
from district.settings.messages import OUR_MESSAGE
from district.settings.remedies import FLEET_REMEDIES, REMEDIES
from district.settings.secrets_in_file import SECRET_NAME, secrets_in


class SettingsError(Plus360Error):
    """districts.toml can't be used.

    Attributes:
        lines: one line per fault, each naming the district, the key and the fix.
    """

    needs_a_person = True

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def load_districts(path: Path) -> dict[str, DistrictSettings]:
    """All districts of a districts.toml, by key, in the file's order.

    Raises:
        SettingsError: the file can't be used; `.lines` names every fault of every district.
    """
    return load_fleet(path).districts


def load_fleet(path: Path) -> Fleet:
    """All of a districts.toml.

    Raises:
        SettingsError: the file can't be used; `.lines` names every fault of every district.
    """
    document = _document(path)
    lines = [_at_the_top(path.name, key) for key in document if key not in ("districts", "fleet")]
    fleet = _fleet_settings(document.get("fleet", {}), lines)
    tables = document.get("districts", {})
    if not isinstance(tables, dict) or not tables:
        lines.append(
            f"{path.name}: it has no district. Add a table [districts.<key>], as districts.example.toml shows"
        )
        raise SettingsError(lines)
    districts: dict[str, DistrictSettings] = {}
    for key, table in tables.items():
        found = list(secrets_in(key, table))
        if found:
            lines += found
            continue
        if not isinstance(table, dict):
            lines.append(f"districts.{key}: is not a table. Write [districts.{key}] and its keys below")
            continue
        try:
            districts[key] = DistrictSettings(
                key=key, **{name: value for name, value in _beside(path, table).items() if name != "key"}
            )
        except ValidationError as error:
            lines += _lines(f"districts.{key}", error, REMEDIES)
        if "key" in table:
            lines.append(_unknown(f"districts.{key}", "key", REMEDIES))
    lines += _shared_folders(districts.values())
    if lines:
        raise SettingsError(lines)
    return Fleet(settings=fleet, districts=districts)


def _shared_folders(districts: Iterable[DistrictSettings]) -> Iterator[str]:
    """Districts that would replace each other's files where they are delivered."""
    first: dict[tuple[str, int, str, str], str] = {}
    for district in districts:
        if (to := district.delivery) is None:
            continue
        other = first.setdefault((to.host, to.port, to.user, to.folder.strip("/")), district.key)
        if other != district.key:
            yield (
                f"districts.{district.key}.delivery.sftp: is the folder of districts.{other}, too, and each "
                "would replace the other's files. Give each district a folder of its own"
            )


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            [f"{path.name}: not found. Copy districts.example.toml to it and fill it in"]
        ) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            [f"{path.name}: can't be read. Check its permissions, and save it as UTF-8"]
        ) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at [^)]*\)", str(error))  # the rest of the text may quote the file
        place = where.group() if where else ""
        raise SettingsError([f"{path.name}: not TOML {place}. Fix that line; text needs quotes"]) from None


def _fleet_settings(table: Any, lines: list[str]) -> FleetSettings:  # noqa: ANN401 - any TOML value
    """What `[fleet]` says; each fault of it is one more of the lines."""
    if not isinstance(table, dict):
        lines.append("fleet: is not a table. Write [fleet] and its keys below")
        return FleetSettings()
    try:
        return FleetSettings(**table)
    except ValidationError as error:
        lines += _lines("fleet", error, FLEET_REMEDIES)
        return FleetSettings()


def _beside(file: Path, table: dict[str, Any]) -> dict[str, Any]:
    """A district's table, with its relative paths taken from the folder of the file that names them."""
    if isinstance(bundle := table.get("ca_bundle"), str):
        table = table | {"ca_bundle": file.parent / bundle}
    if isinstance(notebooks := table.get("notebooks"), list):
        table = table | {
            "notebooks": [file.parent / one if isinstance(one, str) else one for one in notebooks]
        }
    delivery = table.get("delivery")
    if isinstance(delivery, dict) and isinstance(key := delivery.get("private_key_file"), str):
        table = table | {"delivery": delivery | {"private_key_file": file.parent / key}}
    return table


def _at_the_top(file: str, key: str) -> str:
    if SECRET_NAME.search(key):
        return (
            f"{file}: {key} looks like a secret, and a secret must never be in this file. "
            f"Remove it, then set {secret_variable('<district>')} or run: "
            f"keyring set {KEYRING_SERVICE} <district>"
        )
    return (
        f"{file}: unknown key {key}; each district is a table [districts.<key>], and what holds for all is "
        "in [fleet]"
    )


def _lines(table: str, error: ValidationError, remedies: Mapping[str, str]) -> Iterator[str]:
    """One line per faulty key of a table, in the file's own words."""
    seen = set()
    for fault in error.errors(include_input=False, include_url=False):
        names = [str(part) for part in fault["loc"]]
        nested = ".".join(names[:2])
        name = nested if nested in remedies else names[0]
        if fault["type"] == "extra_forbidden" and len(names) == 2 and names[0] == "delivery":
            name = nested
        if name in seen:
            continue
        seen.add(name)
        if fault["type"] == "extra_forbidden" and name not in remedies:
            yield _unknown(table, name, remedies)
        elif name == "key" and fault["type"] != OUR_MESSAGE:
            yield (
                f"{table}: is not a district key. Use lowercase letters, digits and hyphens, such as "
                "grand-bend"
            )
        elif name == "key":
            yield f"{table}: {fault['msg']}. Use another key"
        elif fault["type"] == "missing":
            yield f"{table}.{name}: is missing. {_sentence(remedies[name])}"
        elif fault["type"] == OUR_MESSAGE:
            yield f"{table}.{name}: {fault['msg']}. {_sentence(remedies[name])}"
        else:
            yield f"{table}.{name}: can't be used as it is. {_sentence(remedies[name])}"


def _unknown(table: str, name: str, remedies: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, list(remedies), n=1, cutoff=0.5)
    remedy = f"Did you mean {near[0]}?" if near else f"Remove it; known keys: {', '.join(remedies)}"
    return f"{table}.{name}: unknown key. {remedy}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
