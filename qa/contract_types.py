"""The values that qa.json may contain: each by a pattern or a list of codes, none of them free text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.config import JsonDict

NIGHTS_SHOWN = 14
NO_OTHER_KEYS: JsonDict = {"additionalProperties": False}

Level = Literal["stop", "hold", "error", "warn"]
LEVELS: tuple[Level, ...] = get_args(Level)  # the most urgent first
# The same as a key: a schema holds keys by a pattern.
LevelKey = Annotated[str, Field(pattern=r"^(stop|hold|error|warn)$")]
CheckState = Literal["passed", "failed", "not_evaluated", "crashed"]
Verdict = Literal["published", "held", "stopped", "failed"]
Choice = Literal["released", "discarded"]
FailedStep = Literal["build", "integrity"]
# What a label that is never stored was for. The label itself is the district's text and stays private.
StrippedLabel = Literal[
    "ssn", "password", "login", "locker_combination", "pin", "medicaid", "token", "other_sensitive"
]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Moment = Annotated[
    datetime,
    PlainSerializer(_iso, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}),
]
Day = Annotated[
    date,
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
RunId = Annotated[str, Field(pattern=r"^\d{8}T\d{9}Z$")]
DistrictKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
CheckId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*__[a-z0-9_]+__[a-z0-9_]+$", max_length=120)]
Endpoint = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,40}$")]
Mart = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Pseudonym = Annotated[str, Field(pattern=r"^[A-Z]-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$")]
# A building's code where it is at most six digits: more may be a phone number or a person's id, and any other
# code is a word that the district chose. Those get a pseudonym.
SchoolCode = Annotated[str, Field(pattern=r"^([0-9]{1,6}|B-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})$")]
# An endpoint, a field of it or a school: what a failure is about where it is not about a person.
Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.#-]{1,100}$")]
Version = Annotated[str, Field(pattern=r"^[0-9][0-9A-Za-z.+-]{0,40}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Sentences of our own: titles, fix steps. Only numbers and codes vary in them.
Prose = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1000)]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
# A school's number: the first one of a band of ten. 40 stands for 40 to 49.
Band = Annotated[int, Field(ge=0, multiple_of=10)]
# A share in percent: the first one of a step of five. 95 stands for 95 to 100, bounds included.
FiveSteps = Annotated[int, Field(ge=0, le=95, multiple_of=5)]
NextStep = Literal["decide", "fix", "run_again", "deliver", "nothing"]
ImportFile = Literal["students.csv", "guardians.csv"]
# Where a rule of the load tripped.
Scope = Annotated[
    str,
    Field(
        pattern=r"^(district|school:([0-9]{1,6}|B-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})"
        r"|(students|guardians)\.csv\.[a-z][a-z0-9_]{0,60})$"
    ),
]
Trend = Annotated[list[Count | None], Field(min_length=NIGHTS_SHOWN, max_length=NIGHTS_SHOWN)]


class Part(BaseModel):
    """A part of qa.json; a key that is not listed is refused."""

    # An error names the field and does not quote its value.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)
