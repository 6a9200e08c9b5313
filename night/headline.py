"""The sentences that tell the operator how a run ended: what happened, and who does what next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # dbt takes seconds to import, and most commands need none of it
    from night.dbt_build import BuildOutcome
    from qa.contract import QaDocument

_WITHHELD = "The report's detail is withheld: private/withheld.txt in the run's folder says why."
_FIX = "Fix ({owner}): the report says how."
_RUN_AGAIN = "Run it again."
_BROKEN = "An integrity test failed: {words}."
_NOT_BUILT = "dbt could not build {model}."
_DECIDE = 'Release or discard: plus360 release {district} --reason "..." or plus360 discard {district}'
_KEPT = "What was published before stays."
_NOTHING_KEPT = "Nothing is published."
_ROWS_LOST = "Rows of {endpoint} were lost or duplicated on their way to the marts."
# For the scan: all text of a headline that is not a finding's.
SENTENCES = (
    _WITHHELD,
    _FIX,
    _RUN_AGAIN,
    _BROKEN,
    _NOT_BUILT,
    _ROWS_LOST,
    _DECIDE,
    _KEPT,
    _NOTHING_KEPT,
)


def headline(document: QaDocument, *, built: BuildOutcome, rows_lost: Sequence[str]) -> str:
    """What the operator reads first.

    Args:
        document: the run's qa.json.
        built: what dbt could not build, and which integrity tests failed.
        rows_lost: endpoints whose rows don't add up.
    """
    broken = [_BROKEN.format(words=words) for words in built.broken_integrity]
    broken += [_NOT_BUILT.format(model=model) for model in built.crashed]
    broken += [_ROWS_LOST.format(endpoint=endpoint) for endpoint in rows_lost]
    return " ".join([*_withheld(document), document.headline, *broken, *_next(document)])


def load_headline(document: QaDocument) -> str:
    """What the operator reads of a run whose load was judged: what it did or would do, and what to do now."""
    return " ".join([*_withheld(document), document.headline, *_next(document)])


def without_state(headline: str, state: str) -> str:
    """A headline for a place where its state stands already."""
    return headline.removeprefix(f"{state.capitalize()}: ")


def _withheld(document: QaDocument) -> list[str]:
    return [_WITHHELD] if document.run.detail_withheld else []


def _next(document: QaDocument) -> list[str]:
    if document.next_step == "decide":
        return [_DECIDE.format(district=document.district)]
    if document.decision and document.verdict == "held":
        is_first = document.load is not None and document.load.baseline_run_id is None
        return [_NOTHING_KEPT if is_first else _KEPT]
    if document.next_step == "run_again":
        return [_RUN_AGAIN]
    if document.verdict == "stopped":
        return [_FIX.format(owner=document.next_owner)]
    return []
