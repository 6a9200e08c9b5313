"""districts.toml: all districts' settings, one line per error; finds secrets in it."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from district.credentials import KEYRING_SERVICE, secret_variable
from district.errors import Plus360Error
from district.settings import OUR_MESSAGE, REMEDIES, DistrictSettings

_SECRET_NAME = re.compile(r"secret|passw|token|credential|private|api_?key", re.IGNORECASE)
# A GUID, a long hexadecimal number, or a long run of mixed letters and digits.
_SECRET_VALUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+=]{24,}",
)
_MAY_LOOK_RANDOM = {"consumer_key", "base_url", "sis_url", "ca_bundle"}


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
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
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

    lines = [_at_the_top(path.name, key) for key in document if key != "districts"]
    tables = document.get("districts", {})
    if not isinstance(tables, dict) or not tables:
        lines.append(
            f"{path.name}: it has no district. Add a table [districts.<key>], as districts.example.toml shows"
        )
        raise SettingsError(lines)
    districts: dict[str, DistrictSettings] = {}
    for key, table in tables.items():
        found = list(_secrets(key, table, path.parent))
        if found:
            lines += found
            continue
        if not isinstance(table, dict):
            lines.append(f"districts.{key}: is not a table. Write [districts.{key}] and its keys below")
            continue
        if isinstance(bundle := table.get("ca_bundle"), str):
            table = table | {"ca_bundle": path.parent / bundle}  # noqa: PLW2901 - relative to the file that names it
        try:
            districts[key] = DistrictSettings(
                key=key, **{name: value for name, value in table.items() if name != "key"}
            )
        except ValidationError as error:
            lines += _lines(key, error)
        if "key" in table:
            lines.append(_unknown(key, "key"))
    if lines:
        raise SettingsError(lines)
    return districts


def _at_the_top(file: str, key: str) -> str:
    if _SECRET_NAME.search(key):
        return (
            f"{file}: {key} looks like a secret, and a secret must never be in this file. "
            f"Remove it, then set {secret_variable('<district>')} or run: "
            f"keyring set {KEYRING_SERVICE} <district>"
        )
    return f"{file}: unknown key {key}; each district is a table [districts.<key>]"


def _secrets(key: str, value: Any, folder: Path, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any TOML value
    """A line for each place that looks like it holds a secret; never the secret."""
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{path}.{name}" if path else name
            if not path and name not in DistrictSettings.model_fields and _SECRET_NAME.search(name):
                yield _secret_line(key, inside)
            else:
                yield from _secrets(key, inner, folder, inside)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(key, inner, folder, path)
    elif isinstance(value, str):
        password = path == "base_url" and "@" in value.partition("//")[2].partition("/")[0]
        if password or (path not in _MAY_LOOK_RANDOM and _SECRET_VALUE.fullmatch(value.strip())):
            yield _secret_line(key, path)


def _secret_line(key: str, path: str) -> str:
    return (
        f"districts.{key}.{path}: looks like a secret, and a secret must never be in this file. Remove it, "
        f"then set "
        f"{secret_variable(key)} or run: keyring set {KEYRING_SERVICE} {key}"
    )


def _lines(key: str, error: ValidationError) -> Iterator[str]:
    """One line per faulty key, in the file's own words."""
    seen = set()
    for fault in error.errors(include_input=False, include_url=False):
        name = str(fault["loc"][0])
        if name in seen:
            continue
        seen.add(name)
        if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
            yield _unknown(key, name)
        elif name == "key":
            yield (
                f"districts.{key}: is not a district key. Use lowercase letters, digits and hyphens, such as "
                f"grand-bend"
            )
        elif fault["type"] == "missing":
            yield f"districts.{key}.{name}: is missing. {_sentence(REMEDIES[name])}"
        elif fault["type"] == OUR_MESSAGE:
            yield f"districts.{key}.{name}: {fault['msg']}. {_sentence(REMEDIES[name])}"
        else:
            yield f"districts.{key}.{name}: can't be used as it is. {_sentence(REMEDIES[name])}"


def _unknown(key: str, name: str) -> str:
    near = difflib.get_close_matches(
        name, [field for field in DistrictSettings.model_fields if field != "key"], n=1, cutoff=0.5
    )
    remedy = f"Did you mean {near[0]}?" if near else f"Remove it; known keys: {', '.join(REMEDIES)}"
    return f"districts.{key}.{name}: unknown key. {remedy}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
