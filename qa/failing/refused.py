"""Students whom the import refuses because of their school: how much one school's fault costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from district.endpoints import SMALLEST_COUNT
from qa.redaction.schools.shares import STEP, step_of
from qa.redaction.suppression import SmallPopulations

_NUMBER = "{n} of {of} students can't be loaded because of it. "
_SHARE = "{low} to {high} percent of the students can't be loaded because of it. "
SENTENCES = (_NUMBER, _SHARE)


@dataclass(frozen=True)
class Refused:
    """How many students are refused because of their school.

    Attributes:
        by_check: by the check that their school fails.
        students: of the district.
    """

    by_check: Mapping[str, int] = field(default_factory=dict)
    students: int = 0

    def why(self, check_id: str, why: str, small: SmallPopulations) -> str:
        """Why a check matters, with how many students can't be loaded because of it.

        The students of one school at fault are all that it has, and no school's size is shown: so it is a
        share in steps, and none where a step leaves fewer than ten possible numbers.
        """
        refused = self.by_check.get(check_id, 0)
        if not refused or "students" in small.marts:
            return why
        if small.shows_all:
            return _NUMBER.format(n=f"{refused:,}", of=f"{self.students:,}") + why
        if self.students * STEP < 100 * SMALLEST_COUNT:
            return why
        low = step_of(refused, self.students)
        return _SHARE.format(low=low, high=low + STEP) + why


NONE_REFUSED = Refused()
