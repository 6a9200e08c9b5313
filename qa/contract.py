"""The shape of qa.json: an allow-list. What has no field here cannot reach the redacted edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from extract.outcomes import Owner, PullState
from qa.contract_types import (
    NIGHTS_SHOWN,
    NO_OTHER_KEYS,
    CheckId,
    CheckState,
    Choice,
    Code,
    Count,
    Day,
    DistrictKey,
    Endpoint,
    Level,
    LevelKey,
    Mart,
    Moment,
    NextStep,
    Part,
    Prose,
    RunId,
    Sha256,
    StrippedLabel,
    Trend,
    Verdict,
    Version,
)
from qa.delivery.contract import Delivery
from qa.failing.contract import Finding
from qa.load.contract import Carried, Load, NightEffects, SchoolEffect
from qa.profile.contract import (
    Completeness,
    GuardiansPerStudent,
    Label,
    OwnField,
    SchoolCompleteness,
)

SCHEMA_FILE = Path(__file__).with_name("qa.schema.json")


class Pull(Part):
    """What one endpoint returned in this run."""

    endpoint: Endpoint
    subscription: Annotated[str, Field(pattern=r"^Get eSchoolPLUS/[A-Za-z]{1,40} \(v1\)$")]
    state: PullState
    rows: Count | None = Field(description="Null, like pages and the total, where they are of few people.")
    pages: Count | None
    reported_total: Count | None
    http_status: Annotated[int, Field(ge=100, le=599)] | None
    seconds: Annotated[float, Field(ge=0)]
    retries: Count
    passes: Count
    stripped_labels: list[StrippedLabel] = Field(
        description="Kinds of labels that were removed before anything was stored."
    )
    unrecognized_labels: Count = Field(
        default=0, description="Labels that no field maps. Their names are in the run's private/labels.csv."
    )
    outcome: Code = Field(description="What happened: a code of extract.outcomes.")
    answer: Prose = Field(description="What the outcome means, in words.")
    answer_detail: Prose | None = Field(description="The pull's own message: the outcome with its numbers.")
    last_complete: Moment | None = Field(
        description="Start of the latest run in which it was received completely, this run included."
    )


class Check(Part):
    """One check of this run, passed or not."""

    id: CheckId
    level: Level
    state: CheckState
    failed: Count | None = Field(description="Null, like the total, where they are of fewer than ten people.")
    total: Count | None
    title: Prose
    population: Prose
    owner: Owner
    trend: Trend = Field(
        description="Failing records on each night; null where the check was not evaluated, or not counted."
    )


class Night(Part):
    """One night of the trends. Without a run that night, run_id and verdict are null."""

    date: Day = Field(description="A night begins at noon of this day, by the district's clock.")
    due: bool = Field(default=True, description="Whether the settings ask for a run that night.")
    run_id: RunId | None
    verdict: Verdict | None
    failed: Annotated[dict[LevelKey, Count], Field(json_schema_extra=NO_OTHER_KEYS)] | None = Field(
        default=None,
        description="Failed checks by level; null without a run or without an evaluated check.",
    )
    students: NightEffects | None = Field(default=None, description="Null where no import was built.")
    guardians: NightEffects | None = None


class LastGood(Part):
    """The last published run before this one."""

    run_id: RunId
    started_at: Moment


class RunDecision(Part):
    """What a person decided on a held run. Who and why is in history.decisions alone."""

    decision: Choice
    decided_at: Moment


class ScanExtent(Part):
    """What the file was compared with before it was written."""

    columns: Count
    values: Count | None = Field(description="Null where they are of fewer than ten students.")


class Run(Part):
    """What made this file."""

    versions: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")], Version] = Field(
        json_schema_extra=NO_OTHER_KEYS
    )
    checks_sha256: Sha256 | None = Field(description="Of the checks' definitions: equal hashes, same checks.")
    scan: ScanExtent
    detail_withheld: bool = Field(
        default=False,
        description="Whether the scan found something, so that examples and texts were left out.",
    )


class QaDocument(Part):
    """One district's run, as qa.json describes it. Times are UTC."""

    schema_: Literal[3] = Field(default=3, alias="schema")
    district: DistrictKey
    district_name: Prose
    run_id: RunId
    started_at: Moment
    finished_at: Moment
    verdict: Verdict
    headline: Prose = Field(description="The verdict with its cause, in one sentence.")
    verdict_reason: Prose
    verdict_since: Moment = Field(description="Start of the first of the runs in a row with this verdict.")
    next_step: NextStep
    next_owner: Owner | None = Field(description="Who takes the next step; null where there is none.")
    fix_first: CheckId | None
    decision: RunDecision | None = Field(
        description="What a person decided on a held run; null until then, and for other runs."
    )
    delivery: Delivery | None = Field(
        default=None,
        description="Null where the district's settings deliver nothing, or nothing was to be delivered.",
    )
    last_good: LastGood | None
    load: Load | None = Field(
        description="What the load does, or would do, downstream. Null where no import was built."
    )
    load_schools: list[SchoolEffect] = Field(
        description="The same by school, where it affects ten or more records of a school in one way."
    )
    carried: list[Carried] = Field(description="Records that are sent as last published, by cause.")
    counts: dict[Mart, Count] = Field(
        description="Rows of each mart, by the mart's name.", json_schema_extra=NO_OTHER_KEYS
    )
    pulls: list[Pull]
    completeness: list[Completeness]
    school_completeness: list[SchoolCompleteness]
    guardians_per_student: list[GuardiansPerStudent]
    labels: list[Label]
    own_fields: list[OwnField]
    checks: list[Check]
    findings: list[Finding]
    resolved: list[CheckId] = Field(
        description="Checks that failed when last evaluated and passed in this run."
    )
    nights: Annotated[list[Night], Field(min_length=NIGHTS_SHOWN, max_length=NIGHTS_SHOWN)]
    run: Run

    def to_json(self) -> str:
        """The text of qa.json."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of qa.json, as qa.schema.json has it."""
    schema = QaDocument.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":  # python -m qa.contract rewrites the schema
    SCHEMA_FILE.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
