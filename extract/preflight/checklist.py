"""The set-up guide, box by box: what a first look at a district tells of each, and who mends what.

`BOXES` holds the boxes in the guide's order, with their remedies.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from district.endpoints import ENDPOINTS
from district.settings import DistrictSettings
from extract.preflight import evaluate as verdicts
from extract.preflight.evaluate import State, Verdict, Who
from extract.preflight.probe import Look, take_look


class Result(BaseModel):
    """One box.

    Attributes:
        title: of the box; the guide's own words where it has some.
        state: "unknown" where it cannot be told; `seen` says why.
        seen: one line; never a value of a record.
        remedy: what to do; empty where there is nothing to do.
        who: has to do it; PowerSchool support is asked by a case.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    state: State
    seen: str
    remedy: str = ""
    who: Who | None = None


class Preflight(BaseModel):
    """All boxes of a district, in the guide's order. `checked_at` is UTC."""

    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1] = 1
    district: str
    name: str
    base_url: str
    checked_at: datetime
    seconds: float
    results: list[Result]

    def of(self, state: State) -> list[Result]:
        """The results of one state."""
        return [result for result in self.results if result.state == state]


@dataclass(frozen=True)
class _Box:
    """A box, who judges it, and what to do where it fails, unless the judge knows better."""

    id: str
    title: str
    judge: Callable[[Look], Verdict]
    remedy: str
    who: Who

    def result(self, look: Look) -> Result:
        state, seen, remedy, who, is_worth_a_look = self.judge(look)
        if state == "failed" or is_worth_a_look:
            remedy, who = remedy or self.remedy.format(district=look.district), who or self.who
        # Titles of web pages come from outside: nothing of them may steer a terminal.
        seen = "".join(letter if letter.isprintable() else " " for letter in seen)
        return Result(id=self.id, title=self.title, state=state, seen=seen, remedy=remedy, who=who)


def check_district(district: DistrictSettings, secret: SecretStr) -> Preflight:
    """Walks the guide's boxes for a district, in some ten seconds at the most; nothing lands.

    Trouble of whatever kind is a result, not an exception.
    """
    checked_at, started = datetime.now(UTC), time.monotonic()
    look = take_look(district, secret)
    return Preflight(
        district=district.key,
        name=district.name,
        base_url=district.base_url,
        checked_at=checked_at,
        seconds=round(time.monotonic() - started, 2),
        results=[box.result(look) for box in BOXES],
    )


BOXES = (
    _Box("address", "HTTPS address", verdicts.address, "Correct base_url in the settings", "us"),
    _Box(
        "code",
        "Code in the address",
        verdicts.code,
        "Correct base_url in the settings: it ends in /plus360api/v1/{district.code}/",
        "us",
    ),
    _Box("host", "Host", verdicts.host, "", "us"),
    _Box("certificate", "Certificate", verdicts.certificate, "", "district"),
    _Box(
        "clock",
        "Clock",
        verdicts.clock,
        "Let this machine take its time from NTP. If it does already, the district sets the server's clock",
        "us",
    ),
    _Box("answers", "Answers", verdicts.answers, "", "us"),
    _Box(
        "credentials",
        "Key and secret",
        verdicts.credentials,
        "Compare Consumer Key and secret with the API Profile, letter by letter. See there that Active is "
        "checked, Authentication Method is OAuth 1.0, and Signature Method is {district.signature_method}",
        "us",
    ),
    _Box("active", "Active", verdicts.active, "API Profile: check Active", "district"),
    *(
        _Box(
            f"subscription-{endpoint.name}",
            endpoint.subscription,
            partial(verdicts.subscription, endpoint.name),
            f"API Profile, Subscriptions: check {endpoint.subscription}",
            "district",
        )
        for endpoint in ENDPOINTS
    ),
    _Box(
        "birth_date",
        "Date of Birth",
        verdicts.birth_date,
        "API Profile Endpoint Advanced Settings: check Date of Birth",
        "district",
    ),
    _Box(
        "pre_registered",
        "Include Pre-Registered Students",
        verdicts.pre_registered,
        "API Profile: check Include Pre-Registered Students",
        "district",
    ),
    _Box(
        "out_of_district",
        "Include Out of District",
        verdicts.out_of_district,
        "API Profile: check Include Out of District",
        "district",
    ),
    _Box(
        "labels",
        "Labels",
        verdicts.labels,
        "Add the label to its field in dbt_project/seeds/field_labels.csv, or to the district's "
        "label_synonyms. If it is not there under any name, open a case with PowerSchool support",
        "us",
    ),
    _Box(
        "totals",
        "Records",
        verdicts.totals,
        "Open a case: the subscription answers, but without a record",
        "PowerSchool support",
    ),
    _Box(
        "night",
        "Length of a night",
        verdicts.night,
        "Raise time_budget_seconds for this district, which is {district.time_budget_seconds:.0f} now",
        "us",
    ),
)
