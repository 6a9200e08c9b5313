"""The parts of qa.json about the district's data: its completeness, its links, its labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qa.contract_types import (
    NO_OTHER_KEYS,
    Code,
    Count,
    Endpoint,
    FiveSteps,
    Moment,
    Part,
    SchoolCode,
    Subject,
)

# Whose records are counted: enrolled students, or guardians of the import.
Group = Literal["students", "guardians"]
LabelState = Literal["mapped", "unmapped", "never_sent"]
Shape = Literal["empty", "flag", "date", "whole number", "number", "code", "text"]


class Completeness(Part):
    """How many records of a group have a value in one field, in the whole district."""

    group: Group
    field: Code
    filled: Count | None = Field(description="Null, like the total, where the group has fewer than ten.")
    total: Count | None


class SchoolCompleteness(Part):
    """The same for one school, as shares in steps of five percent."""

    school: SchoolCode
    group: Group
    as_of: Moment | None = Field(
        default=None,
        description="Start of the earlier run that decided whether the group is large enough, until fifty "
        "records were added or deleted; null where this run did.",
    )
    filled: Annotated[dict[Code, FiveSteps], Field(json_schema_extra=NO_OTHER_KEYS)] | None = Field(
        description="By field: 95 stands for 95 to 100 percent, 0 for 0 to 5. Null where the group has fewer "
        "than 50 in the school."
    )


class GuardiansPerStudent(Part):
    """How many enrolled students have so many guardians in the import."""

    guardians: Annotated[int, Field(ge=0, le=4)] = Field(description="4 stands for four or more.")
    students: Count | None = Field(description="Null where the district has fewer than ten students.")


class Label(Part):
    """A label of an endpoint: received, expected, or both.

    A label that we know is named; one that the district chose has a number instead.
    """

    endpoint: Endpoint
    label: Subject | None = Field(description="Null where the district chose its name.")
    number: Annotated[int, Field(ge=1)] | None = Field(
        description="In the place of the name: its line among its endpoint's in private/labels.csv."
    )
    field: Code | None = Field(description="The field that it fills; null where no field maps it.")
    state: LabelState
    filled: FiveSteps | None = Field(
        description="Share of the endpoint's records that fill it, in steps of five percent. Null where "
        "there are fewer than ten records, and where it was never sent."
    )
    first_seen: Moment | None = Field(description="Start of the first run that received it.")
    new: bool


class OwnField(Part):
    """A field that the district defined itself, without its name."""

    number: Annotated[int, Field(ge=1)] = Field(description="Its line in private/labels.csv.")
    shape: Shape
    filled: FiveSteps | None = Field(description="Share of the endpoint's records that have a value.")
    first_seen: Moment | None
    new: bool
