"""districts.toml: all districts' settings, one line per error; finds secrets in it."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from district.credentials import KEYRING_SERVICE, secret_variable
from district.endpoints import BY_NAME
from district.errors import Plus360Error
from district.settings import OUR_MESSAGE, DistrictSettings

_SECRET_NAME = re.compile(r"secret|passw|token|credential|private|api_?key", re.IGNORECASE)
# A GUID, a long hexadecimal number, or a long run of mixed letters and digits.
_SECRET_VALUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+=]{24,}",
)
_MAY_LOOK_RANDOM = {"consumer_key", "base_url", "sis_url", "ca_bundle"}

# What to write instead, for each key; a key without a line here would get an unhelpful message.
REMEDIES = {
    "name": 'write the district\'s name in quotes, such as name = "Grand Bend ISD"',
    "base_url": "write the https:// address from PowerSchool, such as "
    '"https://hac.district.org/plus360api/v1/abc/", '
    "without user, password or query",
    "sis_url": "write the https:// address at which the district's staff open eSchoolPLUS, up to the part "
    'before /Student, such as "https://esp.district.org/eSchoolPLUS/", or leave it out',
    "consumer_key": 'copy the Consumer Key from the API Profile, such as "OneRoster_ABC_123"',
    "endpoint_path": "leave it out, or write a relative path with {endpoint} in it, such as "
    '"eSchoolPLUS/{endpoint}"',
    "page_size": "write a whole number from 1 to 10000 (default 1000)",
    "connections": "write a whole number from 1 to 64 (default 4)",
    "hours": 'write when a pull may start, by the clock of this machine, such as "20:00-05:00", or leave it '
    "out for any time",
    "proxy": 'write the address of the proxy, such as "http://proxy.district.org:3128", or "none" for none; '
    "user and password go into the variable HTTPS_PROXY",
    "ca_bundle": "write the path of a PEM file that exists, or leave it out",
    "signature_method": 'write "HMAC-SHA1" or "HMAC-SHA256", as in the API Profile',
    "fall_threshold": "write a number from 0 to 1 (default 0.2: a drop of 20% stops the nightly run)",
    "time_budget_seconds": "write a number of seconds from 1 to 86400 (default 3600)",
    "layout": 'write "standard", "students_only" or "building_irn", as the special-programs system expects',
    "departed_students": 'write "inactive" (sent as INACTIVE for a while) or "omit" (left out at once)',
    "departed_runs": "write a whole number from 1 to 365 (default 14: the published nightly runs in "
    "which a student who left is sent as INACTIVE)",
    "carry_nights": "write a whole number from 1 to 365 (default 14: after so many nightly runs a "
    "record that is kept as last loaded is reported as new again)",
    "rollover": "write the first and the last day of the summer rollover as MM-DD, such as "
    '["06-15", "09-15"], or [] for none',
    "load_limits": "write a rule and its limits, such as { load__guardians__deleted = { share = 0.2 } }; "
    "dbt_project/seeds/load_limits.csv has the rules, and share (0 to 1), floor and cap can be changed",
    "enrollment_status": "write pairs of the district's code and one of PRE_ENROLLED, ENROLLED, "
    "TRANSFERRED, WITHDREW, "
    'DROPPED_OUT, GRADUATED, INACTIVE, HISTORICAL_IDLE, such as { A = "ENROLLED" }',
    "grades": 'write a list of grade codes, such as ["PK", "KF", "01"]',
    "gender": 'write pairs of the district\'s code and M or F, such as { "1" = "M" }',
    "relations": 'write pairs of code and relation, such as { MO = "Mother" }',
    "phone_types": 'write pairs of code and phone type, such as { H = "home" }',
    "label_synonyms": "write pairs of endpoint and field, and a list of labels, such as "
    '{ "Student.birth_date" = ["dob"] }; endpoints are ' + ", ".join(BY_NAME),
}


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
