"""The sentences that tell the operator how a run ended: what happened, and who does what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qa.contract import QaDocument

if TYPE_CHECKING:  # dbt takes seconds to import, and a decision needs none of it
    from night.dbt_build import BuildOutcome

_PUBLISHED = "{students:,} students and {guardians:,} guardians are in the import."
_WITHHELD = "The report's detail is withheld: private/withheld.txt in the run's folder says why."
_NOT_PUBLISHED = "Nothing from this run was published."
_FIX = "Fix ({owner}):"
_MORE = "{number} more in the report."
_BROKEN = "An integrity test failed: {words}."
_NOT_BUILT = "dbt could not build {model}."
_DECIDE = 'Release or discard: plus360 release {district} --reason "..." or plus360 discard {district}'
_DISCARDED = "Discarded: what was published before stays."
_ROWS_LOST = "Rows of {endpoint} were lost or duplicated on their way to the marts."
# For the scan: all text of a headline that is not a finding's.
SENTENCES = (
    _PUBLISHED,
    _WITHHELD,
    _NOT_PUBLISHED,
    _FIX,
    _MORE,
    _BROKEN,
    _NOT_BUILT,
    _ROWS_LOST,
    _DECIDE,
    _DISCARDED,
)


def headline(
    document: QaDocument, rows: dict[str, int], *, built: BuildOutcome, rows_lost: Sequence[str]
) -> str:
    """What the operator reads first.

    Args:
        document: the run's qa.json.
        rows: of each file of the import.
        built: what dbt could not build, and which integrity tests failed.
        rows_lost: endpoints whose rows don't add up.
    """
    if document.verdict in ("published", "held"):
        return decided_headline(document, rows)
    blocking = [finding for finding in document.findings if finding.level == "stop"]
    broken = [_BROKEN.format(words=words) for words in built.broken_integrity]
    broken += [_NOT_BUILT.format(model=model) for model in built.crashed]
    broken += [_ROWS_LOST.format(endpoint=endpoint) for endpoint in rows_lost]
    sentences = [_NOT_PUBLISHED]
    if blocking:
        first = blocking[0]
        sentences += [f"{first.headline}.", _FIX.format(owner=first.owner), *first.remedy]
    sentences += broken
    if not blocking and not broken:
        sentences.append(document.verdict_reason)
    if len(blocking) > 1:
        sentences.append(_MORE.format(number=len(blocking) - 1))
    return " ".join(sentences)


def decided_headline(document: QaDocument, rows: Mapping[str, int]) -> str:
    """What the operator reads of a run that is published, or held and decided on or not.

    Args:
        document: the run's qa.json.
        rows: of each file of the import.
    """
    if document.verdict == "published":
        sentences = [_PUBLISHED.format(students=rows["students.csv"], guardians=rows["guardians.csv"])]
    elif document.decision:
        sentences = [document.verdict_reason, _DISCARDED]
    else:
        sentences = [document.verdict_reason, _DECIDE.format(district=document.district)]
    return " ".join([*sentences, *([_WITHHELD] if document.run.detail_withheld else [])])
