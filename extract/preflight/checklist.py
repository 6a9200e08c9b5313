"""The setup checklist, in the setup guide's order: what is right, what to fix, and who can.

`ITEMS` holds the items; their outcomes hold the fix steps.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from district.endpoints import BY_NAME, ENDPOINTS
from district.settings import DistrictSettings
from extract.outcomes import Owner
from extract.preflight import evaluate, evaluate_records
from extract.preflight.evaluate import Evaluation, State
from extract.preflight.probe import Probe, probe_district


class ChecklistItem(BaseModel):
    """One item.

    Attributes:
        title: the guide's own words where it has some.
        state: "unknown" where it can't be checked; `seen` says why.
        seen: one line; never a value of a record, nor text that a server sent, nor a number of few people.
        owner: who can fix it; None where there is nothing to do.
        fix: the steps; empty where there is nothing to do.
        transient: it failed, and a later check may succeed although no one did anything.
        details: for the operator's terminal only: what the district named, such as labels and schools;
            numbers of few people; the proxy.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    state: State
    seen: str
    owner: Owner | None = None
    fix: list[str] = []
    transient: bool = False
    details: list[str] = []


class Checklist(BaseModel):
    """All items of a district, in the guide's order. `checked_at` is UTC."""

    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1] = 1
    district: str
    name: str
    base_url: str
    checked_at: datetime
    seconds: float
    results: list[ChecklistItem]

    def shared(self) -> str:
        """The JSON of what may be shared: without the host, and without the details."""
        return self.model_dump_json(indent=2, exclude={"base_url": True, "results": {"__all__": {"details"}}})

    def of(self, state: State) -> list[ChecklistItem]:
        """The items in one state."""
        return [item for item in self.results if item.state == state]


@dataclass(frozen=True)
class _Item:
    """An item, and the function that evaluates it."""

    id: str
    title: str
    evaluate: Callable[[Probe], Evaluation]

    def check(self, probe: Probe) -> ChecklistItem:
        state, seen, found, details = self.evaluate(probe)
        steps = [
            step
            for outcome, endpoints in found
            for step in outcome.steps([BY_NAME[endpoint].subscription for endpoint in endpoints])
        ]
        return ChecklistItem(
            id=self.id,
            title=self.title,
            state=state,
            seen=seen,
            owner=found[0][0].owner if found else None,
            fix=list(dict.fromkeys(steps)),
            transient=state == "failed" and all(outcome.transient for outcome, _ in found),
            details=list(details),
        )


def check_district(district: DistrictSettings, secret: SecretStr) -> Checklist:
    """Checks a district's setup, in some ten seconds at most; nothing lands.

    Whatever goes wrong is an item's state, not an exception.
    """
    checked_at, started = datetime.now(UTC), time.monotonic()
    probe = probe_district(district, secret)
    return Checklist(
        district=district.key,
        name=district.name,
        base_url=district.base_url,
        checked_at=checked_at,
        seconds=round(time.monotonic() - started, 2),
        results=[item.check(probe) for item in ITEMS],
    )


ITEMS = (
    _Item("address", "HTTPS address", evaluate.address),
    _Item("code", "Code in the address", evaluate.code),
    _Item("host", "Host", evaluate.host),
    _Item("certificate", "Certificate", evaluate.certificate),
    _Item("clock", "Clock", evaluate.clock),
    _Item("answers", "Answers", evaluate.answers),
    _Item("credentials", "Key and secret", evaluate.credentials),
    _Item("active", "Active", evaluate.active),
    *(
        _Item(
            f"subscription-{endpoint.name}",
            endpoint.subscription,
            partial(evaluate.subscription, endpoint.name),
        )
        for endpoint in ENDPOINTS
    ),
    _Item("district", "District that answers", evaluate_records.district),
    _Item("birth_date", "Date of Birth", evaluate_records.birth_date),
    _Item("pre_registered", "Include Pre-Registered Students", evaluate_records.pre_registered),
    _Item("out_of_district", "Include Out of District", evaluate_records.out_of_district),
    _Item("labels", "Labels", evaluate_records.labels),
    _Item("totals", "Records", evaluate_records.totals),
    _Item("night", "Length of a nightly run", evaluate_records.duration),
)
