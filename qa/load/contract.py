"""The parts of qa.json about the load: what it did or would do, which limits it exceeds, what was decided."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qa.contract_types import (
    Band,
    CheckId,
    Code,
    Count,
    ImportFile,
    Moment,
    Part,
    RunId,
    SchoolCode,
    Scope,
    Share,
)

Effect = Literal["add", "update", "carried", "departed", "delete", "moved_in", "moved_out"]
KeptAs = Literal["carried", "departed"]


class Effects(Part):
    """One import file against the last published one, in records.

    add + update + same + carried + departed = now; before + add - delete = now. All null where the file has
    or had fewer than ten records, or is about fewer than ten people.
    """

    before: Count | None
    add: Count | None
    update: Count | None
    same: Count | None
    carried: Count | None = Field(description="Refused in this run, sent as last published.")
    departed: Count | None = Field(description="Sent only because the student is no longer in eSchoolPLUS.")
    delete: Count | None = Field(
        description="Was in the last published file and is not in this one. Guardians are deleted downstream."
    )
    moved_in: Count | None = Field(description="At another school before.")
    moved_out: Count | None
    now: Count | None


class NightEffects(Part):
    """What one night's load did, or would have done, to one file; null where there are few people."""

    add: Count | None
    update: Count | None
    carried: Count | None
    departed: Count | None
    delete: Count | None
    now: Count | None


class FieldEffect(Part):
    """What the load does to the values of one field that the last published import had filled."""

    file: ImportFile
    field: Code
    overwritten: Count | None
    emptied: Count | None


class Hold(Part):
    """A limit of the load that is exceeded.

    Of a school there is no number but the band that load_schools shows. A school of which neither that nor
    most_at says anything is not named: the scope is the file then, or the district.
    """

    rule: CheckId
    scope: Scope
    n: Count | None = Field(description="Null for a school, and where it is of fewer than ten people.")
    of: Count | None
    n_from: Band | None = Field(
        default=None, description="Of a school whose guardians are deleted: how many, in bands of ten."
    )
    file: ImportFile | None = Field(
        default=None, description="Of a limit at a school that is named: the file whose records it counts."
    )
    share: Annotated[float, Field(ge=0)] | None = Field(
        description="Above 1 where a file more than doubles. Null where n and of are."
    )
    limit: Share | None = Field(description="The share that may not be exceeded.")
    floor: Count | None = Field(description="The number that may not be exceeded either.")
    level: Literal["stop", "hold"]


class MostAt(Part):
    """The school that has at least half of the records that the load affects in one way."""

    file: ImportFile
    effect: Effect
    school: SchoolCode
    as_of: Moment | None = Field(default=None, description="As in load_schools.")


class Load(Part):
    """What the load did, or would do."""

    baseline_run_id: RunId | None = Field(
        description="The published run that it is compared with; null in a first run."
    )
    students: Effects
    guardians: Effects | None = Field(description="Null where the layout omits guardians.csv.")
    fields: list[FieldEffect]
    holds: list[Hold]
    most_at: list[MostAt] = Field(
        default_factory=list,
        description="Effects of which load_schools shows no band, where one school has most.",
    )


class SchoolEffect(Part):
    """How many records of one school the load affects in one way: ten or more, in bands of ten."""

    file: ImportFile
    school: SchoolCode
    effect: Effect
    records_from: Band
    as_of: Moment | None = Field(
        default=None,
        description="Start of the earlier run that it is of, until the district's number has changed by "
        "twenty; null where it is of this run.",
    )


class Carried(Part):
    """Records that are sent as last published, by cause."""

    file: ImportFile
    effect: KeptAs
    check: CheckId | None = Field(description="The check that refuses them; null for departed students.")
    records: Count | None = Field(description="Null where the check looks at fewer than ten people.")
    since: Moment = Field(description="Start of the run since which the first of them is sent so.")
