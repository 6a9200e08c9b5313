"""Every word of the report is one that the leak scan knows as ours, so no name withholds its detail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.contract import QaDocument
from qa.redaction.allowed_text import AllowedText
from qa.redaction.strike_out import tokens_left
from qa.report.sections import Sections
from qa.report.styles import PAGE_STYLES
from tests.qa import rich_document

TITLE = "District QA report maple-grove 20261127T082006308Z"


@pytest.mark.parametrize(
    "make",
    [
        rich_document.ordinary,
        rich_document.held,
        rich_document.discarded,
        rich_document.everything_fails,
        rich_document.empty,
    ],
    ids=lambda make: make.__name__,
)
def test_the_scan_knows_every_word_as_ours(make: Callable[[], QaDocument]):
    document = make().model_copy(update={"labels": []})  # a label is known or numbered, these are invented
    texts = {document.headline}
    for check in document.checks:
        texts |= {check.id, check.title, check.population}
    for finding in document.findings:
        texts |= {finding.headline, finding.why, finding.place or "", *finding.remedy}
    page = Sections(document, "").page(TITLE, PAGE_STYLES)
    left = tokens_left(Path("report.html"), page, AllowedText(document, texts))
    assert [word for word in left.words if len(word) > 1 and any(map(str.isalpha, word))] == []
    assert [word for word in left.words if word.isdigit() and len(word) > 3] == []
    assert (left.dates, left.hashes) == (set(), set())
