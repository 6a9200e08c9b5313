"""The limits of a load that a district may change."""

import csv
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from district.checkout import LOAD_LIMITS


@cache
def rules_of_the_load() -> frozenset[str]:
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
