"""districts.toml: the districts and how to reach them. Never a secret."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from extract.credentials import KEYRING_SERVICE, secret_variable
from extract.endpoints import BY_NAME
from extract.errors import SettingsError

EnrollmentStatus = Literal[
    "PRE_ENROLLED",
    "ENROLLED",
    "TRANSFERRED",
    "WITHDREW",
    "DROPPED_OUT",
    "GRADUATED",
    "INACTIVE",
    "HISTORICAL_IDLE",
]

# What to write instead, for each key; a fault in a key of District without a line here would be unhelpful.
REMEDIES = {
    "name": 'write the district\'s name in quotes, such as name = "Grand Bend ISD"',
    "base_url": "write the https:// address from PowerSchool, such as "
    '"https://hac.district.org/plus360api/v1/abc/", '
    "without user, password or query",
    "consumer_key": 'copy the Consumer Key from the API Profile, such as "OneRoster_ABC_123"',
    "endpoint_path": "leave it out, or write a relative path with {endpoint} in it, such as "
    '"eSchoolPLUS/{endpoint}"',
    "page_size": "write a whole number from 1 to 10000 (1000 where it is left out)",
    "connections": "write a whole number from 1 to 64 (8 where it is left out)",
    "ca_bundle": "write the path of a PEM file that exists, or leave it out",
    "signature_method": 'write "HMAC-SHA1" or "HMAC-SHA256", as in the API Profile',
    "fall_threshold": "write a number from 0 to 1 (0.2 where it is left out: a fall of 20 % stops the night)",
    "time_budget_seconds": "write a number of seconds from 1 to 86400 (3600 where it is left out)",
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

_SECRET_NAME = re.compile(r"secret|passw|token|credential|private|api_?key", re.IGNORECASE)
# A GUID, a long hexadecimal number, or a long run of mixed letters and digits.
_SECRET_VALUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}|(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+=]{24,}",
)
_MAY_LOOK_RANDOM = {"consumer_key", "base_url", "ca_bundle"}


class District(BaseModel):
    """One district of districts.toml.

    `enrollment_status`, `grades`, `gender`, `relations`, `phone_types` and `label_synonyms` add to what
    dbt_project's
    seeds hold for all districts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    name: Annotated[str, Field(min_length=1)]
    base_url: str
    consumer_key: Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
    endpoint_path: str = "eSchoolPLUS/{endpoint}"  # [assumed]
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    connections: Annotated[int, Field(ge=1, le=64)] = 8
    ca_bundle: Annotated[Path | None, Field(strict=False)] = None
    signature_method: Literal["HMAC-SHA1", "HMAC-SHA256"] = "HMAC-SHA1"
    fall_threshold: Annotated[float, Field(ge=0, le=1)] = 0.2
    time_budget_seconds: Annotated[float, Field(ge=1, le=86_400)] = 3_600.0
    enrollment_status: dict[str, EnrollmentStatus] = {}
    grades: list[str] = []
    gender: dict[str, Literal["M", "F"]] = {}
    relations: dict[str, str] = {}
    phone_types: dict[str, str] = {}
    label_synonyms: dict[str, list[str]] = {}

    @field_validator("base_url")
    @classmethod
    def _https_only(cls, url: str) -> str:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError where the port is none
        if parts.scheme != "https":
            raise ValueError("only https is allowed: names, addresses and phones travel over it")
        if (
            not parts.hostname
            or parts.username is not None
            or parts.query
            or parts.fragment
            or re.search(r"\s", url)
        ):
            raise ValueError("is not a plain https address")
        return url if url.endswith("/") else url + "/"

    @field_validator("endpoint_path")
    @classmethod
    def _relative_with_endpoint(cls, path: str) -> str:
        if not re.fullmatch(r"(?!/)(?!.*\.\.)[\w./~-]*\{endpoint\}[\w./~-]*", path):
            raise ValueError("is not a relative path with {endpoint} in it")
        return path

    @field_validator("ca_bundle")
    @classmethod
    def _existing(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError("is not a file")
        return path

    @field_validator("label_synonyms")
    @classmethod
    def _endpoint_and_field(cls, synonyms: dict[str, list[str]]) -> dict[str, list[str]]:
        for name in synonyms:
            endpoint, _, field = name.partition(".")
            if endpoint not in BY_NAME or not re.fullmatch(r"[a-z][a-z0-9_]*", field):
                raise ValueError("has a key that is not an endpoint and a field")
        return synonyms

    def url(self, endpoint: str) -> str:
        """The address of one endpoint, without query."""
        return self.base_url + self.endpoint_path.format(endpoint=endpoint)

    @property
    def code(self) -> str | None:
        """The code inside the consumer key, in lower case: `OneRoster_ABC_123` gives `abc` [guide]."""
        match = re.fullmatch(r"[^_]+_(.+)_[^_]+", self.consumer_key)
        return match.group(1).lower() if match else None

    @property
    def code_fits(self) -> bool | None:
        """Whether the base URL has the consumer key's code in it; None where the key tells none."""
        return f"/{self.code}/" in urlsplit(self.base_url).path.lower() if self.code else None

    def dbt_vars(self) -> dict[str, Any]:
        """What dbt_project takes of this district, as its `vars`."""
        return {
            "codes": {
                "enrollment_status": dict(self.enrollment_status),
                "gender": dict(self.gender),
                "relation": self.relations,
                "phone_type": self.phone_types,
                "grade": {grade: grade for grade in self.grades},
            },
            "label_synonyms": self.label_synonyms,
            "fall_threshold": self.fall_threshold,
        }


def load_districts(path: Path) -> dict[str, District]:
    """All districts of a districts.toml, by key, in the file's order.

    Raises:
        SettingsError: the file cannot be used; `.lines` names every fault of every district.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            [f"{path.name}: not found. Copy districts.example.toml to it and fill it in"]
        ) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            [f"{path.name}: cannot be read. Check its rights, and save it as UTF-8"]
        ) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at [^)]*\)", str(error))  # the rest of the text may quote the file
        place = where.group() if where else ""
        raise SettingsError(
            [f"{path.name}: not TOML {place}. Mend that line; texts stand in quotes"]
        ) from None

    lines = [_at_the_top(path.name, key) for key in document if key != "districts"]
    tables = document.get("districts", {})
    if not isinstance(tables, dict) or not tables:
        lines.append(
            f"{path.name}: no district. Add a table [districts.<key>], as districts.example.toml shows"
        )
        raise SettingsError(lines)
    districts: dict[str, District] = {}
    for key, table in tables.items():
        found = list(_secrets(key, table, path.parent))
        if found:
            lines += found
            continue
        if not isinstance(table, dict):
            lines.append(f"districts.{key}: is not a table. Write [districts.{key}] and its keys below")
            continue
        if isinstance(bundle := table.get("ca_bundle"), str):
            table = table | {"ca_bundle": path.parent / bundle}  # noqa: PLW2901 - a path counts from the file it is in
        try:
            districts[key] = District(
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
            f"{file}: {key} looks like a secret, and secrets never stand in this file. Remove it, then set "
            f"{secret_variable('<district>')} or run: keyring set {KEYRING_SERVICE} <district>"
        )
    return f"{file}: unknown key {key}; each district is a table [districts.<key>]"


def _secrets(key: str, value: Any, folder: Path, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any TOML value
    """A line for each place that looks like it holds a secret; never the secret."""
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{path}.{name}" if path else name
            if not path and name not in District.model_fields and _SECRET_NAME.search(name):
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
        f"districts.{key}.{path}: looks like a secret, and secrets never stand in this file. Remove it, "
        f"then set "
        f"{secret_variable(key)} or run: keyring set {KEYRING_SERVICE} {key}"
    )


def _lines(key: str, error: ValidationError) -> Iterator[str]:
    """One line a faulty key, in the file's own words."""
    seen = set()
    for fault in error.errors(include_input=False, include_url=False):
        name = str(fault["loc"][0])
        if name in seen:
            continue
        seen.add(name)
        if fault["type"] == "extra_forbidden":
            yield _unknown(key, name)
        elif name == "key":
            yield (
                f"districts.{key}: is no district key. Use small letters, digits and hyphens, such as "
                f"grand-bend"
            )
        elif fault["type"] == "missing":
            yield f"districts.{key}.{name}: is missing. {_sentence(REMEDIES[name])}"
        elif fault["type"] == "value_error" and "https is" in fault["msg"]:
            yield (
                f"districts.{key}.{name}: {fault['msg'].removeprefix('Value error, ')}. "
                f"{_sentence(REMEDIES[name])}"
            )
        else:
            yield f"districts.{key}.{name}: cannot be used as it is. {_sentence(REMEDIES[name])}"


def _unknown(key: str, name: str) -> str:
    near = difflib.get_close_matches(
        name, [field for field in District.model_fields if field != "key"], n=1, cutoff=0.5
    )
    remedy = f"Did you mean {near[0]}?" if near else f"Remove it; known keys: {', '.join(REMEDIES)}"
    return f"districts.{key}.{name}: unknown key. {remedy}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
