"""The parts of qa.json about what fails: the findings, with examples, reasons and schools."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from extract.outcomes import Owner
from qa.contract_types import (
    Band,
    CheckId,
    Code,
    Count,
    Level,
    Moment,
    Part,
    Prose,
    Pseudonym,
    SchoolCode,
    Subject,
    Trend,
)


class SchoolBand(Part):
    """How many records of one school: a band of ten."""

    school: SchoolCode
    records_from: Band


class ReasonCount(Part):
    """How many records of a finding fail for one reason."""

    reason: Code
    records: Count


class Example(Part):
    """One failing record: a pseudonym for a person's record, a subject for what is no person's."""

    pseudonym: Pseudonym | None = None
    subject: Subject | None = None
    school: SchoolCode | None = Field(
        default=None, description="Null where fewer than ten failures are in it."
    )
    field: Code | None = None
    reason: Code


class Finding(Part):
    """A check that failed: what, how much, since when, and where to fix it."""

    id: CheckId
    level: Level
    headline: Prose
    failed: Count | None = Field(
        description="Null, like total, since and nights, where it is of fewer than ten people."
    )
    total: Count | None
    population: Prose
    since: Moment | None = Field(description="Start of the first of the consecutive runs in which it failed.")
    nights: Count | None = Field(description="Number of those runs, this run included.")
    new: bool
    owner: Owner
    place: Prose | None = Field(
        default=None, description="The screen of eSchoolPLUS where it is fixed, as a menu path."
    )
    why: Prose
    remedy: list[Prose]
    trend: Trend
    blocks: list[CheckId] = Field(description="Checks that could not be evaluated because of it.")
    also: list[CheckId] = Field(
        default=[], description="Other checks that fail because of it and have no finding of their own."
    )
    reasons: list[ReasonCount] = Field(
        default=[], description="Why the records fail, the most frequent first."
    )
    schools: list[SchoolBand] = Field(
        default=[], description="The schools with ten or more of the records, in bands of ten."
    )
    schools_as_of: Moment | None = Field(
        default=None,
        description="Start of the earlier run that they are of, until the number has changed by twenty; null "
        "where they are of this run.",
    )
    schools_withheld: bool = Field(
        default=False, description="Whether the totals would give away a school's number, so none is shown."
    )
    examples: Annotated[list[Example], Field(max_length=5)]
