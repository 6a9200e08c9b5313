"""What plus360 knows about a district and how to reach it. Never a secret."""

import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from district.endpoints import BY_NAME
from district.network.hours import Hours
from district.network.proxy import NO_PROXY_AT_ALL, SETTING, Proxy, proxy_for
from district.settings.addresses import HttpsAddress
from district.settings.days import WEEKDAYS, RunCalendar, Weekday, holiday
from district.settings.delivery import DeliverySettings
from district.settings.load_limits import LoadLimit, rules_of_the_load
from district.settings.messages import OUR_MESSAGE
from district.settings.notify import NotifyAddress

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

# A district's key: it names the folder of its data.
KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Names of files and folders in the data folder that are no district's.
TAKEN = ("dbt", "index", "logs", "marts", "reserve")

# The layouts of dbt_project/seeds/import_layouts.csv; a test compares them.
Layout = Literal["standard", "students_only", "building_irn"]


class DistrictSettings(BaseModel):
    """One district of districts.toml.

    `enrollment_status`, `grades`, `gender`, `relations`, `phone_types` and `label_synonyms` add to what
    dbt_project's seeds have for all districts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: Annotated[str, Field(pattern=KEY, max_length=60)]
    name: Annotated[str, Field(min_length=1)]
    base_url: HttpsAddress
    consumer_key: Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
    endpoint_path: str = "eSchoolPLUS/{endpoint}"  # [assumed]
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    connections: Annotated[int, Field(ge=1, le=64)] = 4
    hours: str | None = None
    proxy: str | None = None
    ca_bundle: Annotated[Path | None, Field(strict=False)] = None
    sis_url: HttpsAddress | None = None
    signature_method: Literal["HMAC-SHA1", "HMAC-SHA256"] = "HMAC-SHA1"
    fall_threshold: Annotated[float, Field(ge=0, le=1)] = 0.2
    time_budget_seconds: Annotated[float, Field(ge=1, le=86_400)] = 3_600.0
    run_budget_seconds: Annotated[float, Field(ge=1, le=86_400)] = 14_400.0
    disabled: bool = False
    time_zone: str | None = None
    run_days: Annotated[list[Weekday], Field(min_length=1)] = list(WEEKDAYS)
    holidays: list[str] = []
    notify: list[NotifyAddress] = []
    notebooks: list[Annotated[Path, Field(strict=False)]] = []
    delivery: DeliverySettings | None = None
    layout: Layout = "standard"
    departed_students: Literal["inactive", "omit"] = "inactive"
    departed_runs: Annotated[int, Field(ge=1, le=365)] = 14
    carry_nights: Annotated[int, Field(ge=1, le=365)] = 14
    rollover: list[str] = ["06-15", "09-15"]
    load_limits: dict[str, LoadLimit] = {}
    enrollment_status: dict[str, EnrollmentStatus] = {}
    grades: list[str] = []
    gender: dict[str, Literal["M", "F"]] = {}
    relations: dict[str, str] = {}
    phone_types: dict[str, str] = {}
    label_synonyms: dict[str, list[str]] = {}

    _through: Proxy | None = None

    @field_validator("key")
    @classmethod
    def _not_taken(cls, key: str) -> str:
        if key in TAKEN:
            raise PydanticCustomError(OUR_MESSAGE, "is the name of something else in the data folder")
        return key

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (OSError, KeyError):
                raise ValueError("is not a time zone") from None
        return name

    @field_validator("holidays")
    @classmethod
    def _days(cls, days: list[str]) -> list[str]:
        for first, last in map(holiday, days):
            if last < first:
                raise ValueError("ends before it begins")
        return days

    @field_validator("endpoint_path")
    @classmethod
    def _relative_with_endpoint(cls, path: str) -> str:
        if not re.fullmatch(r"(?!/)(?!.*\.\.)[\w./~-]*\{endpoint\}[\w./~-]*", path):
            raise ValueError("is not a relative path with {endpoint} in it")
        return path

    @field_validator("hours")
    @classmethod
    def _window(cls, hours: str | None) -> str | None:
        if hours is not None:
            Hours.of(hours)
        return hours

    @field_validator("proxy")
    @classmethod
    def _address_without_login(cls, proxy: str | None) -> str | None:
        if proxy is not None and "@" in proxy:
            raise PydanticCustomError(
                OUR_MESSAGE, "has a user or a password in it, and a secret must never be in this file"
            )
        if proxy is not None and proxy != NO_PROXY_AT_ALL:
            Proxy.at(proxy, SETTING)
        return proxy

    @field_validator("ca_bundle")
    @classmethod
    def _existing(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError("is not a file")
        return path

    @field_validator("notebooks")
    @classmethod
    def _existing_notebooks(cls, paths: list[Path]) -> list[Path]:
        for path in paths:
            if path.suffix != ".ipynb" or not path.is_file():
                raise PydanticCustomError(OUR_MESSAGE, "names a file that is not there or not an .ipynb")
        if len({path.stem for path in paths}) < len(paths):
            raise PydanticCustomError(OUR_MESSAGE, "names two notebooks that would have the same name")
        return paths

    @field_validator("rollover")
    @classmethod
    def _two_days(cls, window: list[str]) -> list[str]:
        if len(window) not in (0, 2):
            raise ValueError("is not two days")
        for day in window:
            if not re.fullmatch(r"\d\d-\d\d", day):
                raise ValueError("has a day that is not MM-DD")
            date.fromisoformat(f"2024-{day}")  # a leap year: 02-29 is a day
        return window

    @field_validator("load_limits")
    @classmethod
    def _known_rules(cls, limits: dict[str, LoadLimit]) -> dict[str, LoadLimit]:
        if not limits.keys() <= rules_of_the_load():
            raise ValueError("has a rule that does not exist")
        return limits

    @field_validator("label_synonyms")
    @classmethod
    def _endpoint_and_field(cls, synonyms: dict[str, list[str]]) -> dict[str, list[str]]:
        for name in synonyms:
            endpoint, _, field = name.partition(".")
            if endpoint not in BY_NAME or not re.fullmatch(r"[a-z][a-z0-9_]*", field):
                raise ValueError("has a key that is not an endpoint and a field")
        return synonyms

    @property
    def calendar(self) -> RunCalendar:
        """Its nights: when a run is due, and to which night one belongs."""
        zone = ZoneInfo(self.time_zone) if self.time_zone else None
        return RunCalendar(zone, tuple(self.run_days), tuple(map(holiday, self.holidays)))

    @property
    def open_hours(self) -> Hours | None:
        """When a pull may start; None for always."""
        return None if self.hours is None else Hours.of(self.hours)

    @property
    def through(self) -> Proxy | None:
        """The proxy through which the server is reached; None for a direct connection."""
        if self._through:
            return self._through
        parts = urlsplit(self.base_url)
        return proxy_for(self.proxy, parts.hostname or "", parts.port or 443, os.environ)

    def keeping_proxy(self) -> Self:
        """A copy that knows its proxy's login where the environment no longer has it."""
        copy = self.model_copy()
        copy._through = self.through
        return copy

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
        """What dbt_project needs of this district, as its `vars`."""
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
            "layout": self.layout,
            "departed_students": self.departed_students,
            "departed_runs": self.departed_runs,
            "rollover": self.rollover,
            "load_limits": {
                rule: limit.model_dump(exclude_none=True) for rule, limit in self.load_limits.items()
            },
        }

    @property
    def sha256(self) -> str:
        """Of everything that decides how records become an import: another hash, other files may be meant."""
        return hashlib.sha256(json.dumps(self.dbt_vars(), sort_keys=True).encode()).hexdigest()
