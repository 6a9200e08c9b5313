"""Whose records a run's findings are about. For the unredacted edition only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from district.folder import NightFolder
from qa.contract import QaDocument
from qa.report.reidentify import FailingValues, Identity, failing_values, identities_of


@dataclass(frozen=True)
class Records:
    """What the unredacted edition shows besides qa.json.

    Attributes:
        identities: the records behind pseudonyms.
        failing: the values that fail, by the finding's id.
    """

    identities: Mapping[str, Identity] = field(default_factory=dict)
    failing: Mapping[str, FailingValues] = field(default_factory=dict)


def records_of(night: NightFolder, qa: QaDocument, sis_url: str = "") -> Records:
    """The records behind a document's pseudonyms, and the values that fail its checks.

    Args:
        night: the run's folder.
        qa: the run's document.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.
    """
    return Records(
        identities_of(night, _pseudonyms(qa), sis_url),
        failing_values(night, [finding.id for finding in qa.findings], sis_url),
    )


def _pseudonyms(qa: QaDocument) -> list[str]:
    examples = [example for finding in qa.findings for example in finding.examples]
    codes = [code for example in examples for code in (example.pseudonym, example.subject) if code]
    schools = [one.school for one in qa.load_schools]
    schools += [one.school for one in qa.school_completeness]
    return list(dict.fromkeys([*codes, *schools]))
