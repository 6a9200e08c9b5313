"""Records of a demo district that are other ones each day, as a real district's are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache

from sandbox.population.source import Source, text
from sandbox.server.profile import Profile

_ALL = 10**9


class ChangingSource:
    """Serves one source after the other.

    Attributes:
        day: which of them is served, 0 for the first.
    """

    def __init__(self, days: Sequence[Source]) -> None:
        """The records of each day."""
        self._days = days
        self.day = 0

    def count(self, endpoint: str, profile: Profile) -> int:
        """See `sandbox.population.source.Source`."""
        return self._days[self.day].count(endpoint, profile)

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """See `sandbox.population.source.Source`."""
        return self._days[self.day].lines(endpoint, offset, limit, profile)


class GuardiansAsContacts:
    """A district in which someone changed the contact type of all guardians at its largest school."""

    def __init__(self, source: Source) -> None:
        """The district before the change."""
        self._source = source
        self._lines = cache(self._changed)

    def count(self, endpoint: str, profile: Profile) -> int:
        """See `sandbox.population.source.Source`."""
        return self._source.count(endpoint, profile)

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """See `sandbox.population.source.Source`."""
        if endpoint != "StudentContact":
            return self._source.lines(endpoint, offset, limit, profile)
        return self._lines(profile)[offset : offset + limit]

    def _changed(self, profile: Profile) -> list[bytes]:
        students = [json.loads(line) for line in self._source.lines("Student", 0, _ALL, profile)]
        ((largest, _),) = Counter(text(student, "building") for student in students).most_common(1)
        at_largest = {
            text(student, "studentId") for student in students if text(student, "building") == largest
        }
        links = [json.loads(line) for line in self._source.lines("StudentContact", 0, _ALL, profile)]
        for link in links:
            if text(link, "contactType") == "G" and text(link, "studentId") in at_largest:
                link["contactType"] = "C"
        return [json.dumps(link, ensure_ascii=False).encode() for link in links]
