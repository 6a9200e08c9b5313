"""The schools of a finding: in bands of ten, where nothing more can be worked out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qa.check_results import CheckResult
from qa.redaction.pseudonyms import PERSONAL_KINDS
from qa.redaction.schools.bands import all_bands, bands_shown, none_is_listed
from qa.redaction.schools.renewal import Renewal
from qa.redaction.suppression import SmallPopulations

# What a check of one field asks for. The field's share by school is in school_completeness: a number and a
# share of the same records would give away how many there are.
_OF_COMPLETENESS = ("required", "accepted")


@dataclass(frozen=True)
class SchoolsOfFinding:
    """The band of each school that is shown, and whether the reader is told that none is.

    Attributes:
        as_of: start of the earlier run that the bands are of; None where they are of this run.
    """

    bands: Mapping[str, int] = field(default_factory=dict)
    withheld: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True)
class FailingBySchool:
    """Failing records by check and school.

    Attributes:
        records: of the checks that failed; records of no school are not among them.
        schools: how many schools have students.
    """

    records: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    schools: int = 0

    def of(self, result: CheckResult, small: SmallPopulations, renewal: Renewal) -> SchoolsOfFinding:
        """What a finding shows by school. Nothing where its records are no people's."""
        entity, *_, kind = result.check_id.split("__")
        if entity not in PERSONAL_KINDS or kind in _OF_COMPLETENESS:
            return SchoolsOfFinding()
        records = self.records.get(result.check_id, {})
        if small.shows_all:
            return SchoolsOfFinding(all_bands(records))
        bands = renewal.shown(result.check_id, result.failed, lambda: bands_shown(records, self.schools))
        is_withheld = none_is_listed(bands, sum(records.values()), self.schools)
        return SchoolsOfFinding(bands, is_withheld, renewal.as_of(result.check_id))
