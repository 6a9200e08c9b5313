"""What plus360 knows about a district and how to reach it. Never a secret."""

import csv
import hashlib
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from district.endpoints import BY_NAME
from district.folder import LOAD_LIMITS

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

# The layouts of dbt_project/seeds/import_layouts.csv; a test compares them.
Layout = Literal["standard", "students_only", "building_irn"]

# The type of an error whose message is ours, and says more than that the value can't be used.
OUR_MESSAGE = "our_message"

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
    "connections": "write a whole number from 1 to 64 (default 8)",
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


@cache
def _rules_of_the_load() -> frozenset[str]:
    """Each row of the seed: the rule's id, followed by the variant if it has one."""
    with LOAD_LIMITS.open(encoding="utf-8", newline="") as lines:
        return frozenset(
            "/".join(filter(None, (row["rule"], row["variant"]))) for row in csv.DictReader(lines)
        )


class LoadLimit(BaseModel):
    """What a district changes in one rule of dbt_project's seed load_limits; what is None stays."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    share: Annotated[float | None, Field(ge=0, le=1)] = None
    floor: Annotated[int | None, Field(ge=0)] = None
    cap: Annotated[int | None, Field(ge=0)] = None


class DistrictSettings(BaseModel):
    """One district of districts.toml.

    `enrollment_status`, `grades`, `gender`, `relations`, `phone_types` and `label_synonyms` add to what
    dbt_project's seeds have for all districts.
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
    sis_url: str | None = None
    signature_method: Literal["HMAC-SHA1", "HMAC-SHA256"] = "HMAC-SHA1"
    fall_threshold: Annotated[float, Field(ge=0, le=1)] = 0.2
    time_budget_seconds: Annotated[float, Field(ge=1, le=86_400)] = 3_600.0
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

    @field_validator("base_url", "sis_url")
    @classmethod
    def _https_only(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError where the port is none
        if parts.scheme != "https":
            raise PydanticCustomError(
                OUR_MESSAGE, "only https is allowed: names, addresses and phone numbers are sent over it"
            )
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
        if not limits.keys() <= _rules_of_the_load():
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
