"""The sentences that tell the operator how a run ended: what happened, and who does what next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.contract import QaDocument
from qa.load import words as load_words

if TYPE_CHECKING:  # dbt takes seconds to import, and a decision needs none of it
    from night.dbt_build import BuildOutcome

_WITHHELD = "The report's detail is withheld: private/withheld.txt in the run's folder says why."
_NOT_PUBLISHED = "Nothing from this run was published."
_FIX = "Fix ({owner}):"
_MORE = "{number} more in the report."
_BROKEN = "An integrity test failed: {words}."
_NOT_BUILT = "dbt could not build {model}."
_HELD = "Held: {effect}"
_DECIDE = 'Release or discard: plus360 release {district} --reason "..." or plus360 discard {district}'
_KEPT = "What was published before stays."
_ROWS_LOST = "Rows of {endpoint} were lost or duplicated on their way to the marts."
# For the scan: all text of a headline that is not a finding's.
SENTENCES = (
    _WITHHELD,
    _NOT_PUBLISHED,
    _FIX,
    _MORE,
    _BROKEN,
    _NOT_BUILT,
    _ROWS_LOST,
    _DECIDE,
    _KEPT,
    *(_HELD.format(effect=text[0].lower() + text[1:]) for text in load_words.SENTENCES),
)


def headline(document: QaDocument, *, built: BuildOutcome, rows_lost: Sequence[str]) -> str:
    """What the operator reads first.

    Args:
        document: the run's qa.json.
        built: what dbt could not build, and which integrity tests failed.
        rows_lost: endpoints whose rows don't add up.
    """
    if document.verdict in ("published", "held"):
        return load_headline(document)
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


def load_headline(document: QaDocument) -> str:
    """What the operator reads of a run whose load was judged: what it did or would do, and what to do now."""
    reason = document.verdict_reason
    if document.verdict == "published":
        sentences = [reason]
    elif document.decision:
        sentences = [reason, _KEPT]
    else:
        effect = reason[0].lower() + reason[1:]
        sentences = [_HELD.format(effect=effect), _DECIDE.format(district=document.district)]
    return " ".join([*([_WITHHELD] if document.run.detail_withheld else []), *sentences])
