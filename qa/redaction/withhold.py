"""Documents with less in them, for a run whose scan found something. The verdict and the counts stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from district.folder import NightFolder
from district.private_files import write_private
from qa.contract import QaDocument
from qa.load import words as load_words
from qa.redaction.scan import LeakError, Scanner
from qa.report import words
from qa.verdict.headline import withheld as withheld_headline


def without_leaks(document: QaDocument, scanner: Scanner, night: NightFolder) -> QaDocument:
    """The document, or as much of it as contains no personal value.

    What was found is noted in the run's private/withheld.txt: columns, never values.
    """
    found: set[str] = set()
    for version in (document, *_reduced(document)):
        try:
            scanner.check(night.qa_json, version.to_json(), scanner.allowed_text(version))
        except LeakError as leak:
            found.update(leak.columns)
            continue
        break
    # The last version has no text but our own ids, so it is written whatever the scan finds in it.
    if found:
        note_withheld(night, night.qa_json.name, found)
    return version


def note_withheld(night: NightFolder, file: str, columns: Iterable[str]) -> None:
    """Write down for the operator which columns a file contained values of."""
    lines = [f"{file} contained values of these columns, so its detail was withheld:", *sorted(columns)]
    write_private(night.withheld, "\n".join(lines) + "\n")


def least(document: QaDocument) -> QaDocument:
    """The document with its verdict, counts and check ids only."""
    *_, last = _reduced(document)
    return last


def _reduced(document: QaDocument) -> Iterator[QaDocument]:
    """The document without its examples, reasons and messages; then without any text but our own ids."""
    run = document.run.model_copy(update={"detail_withheld": True})
    without_detail = document.model_copy(
        update={
            "run": run,
            "pulls": [pull.model_copy(update={"answer_detail": None}) for pull in document.pulls],
            "findings": [
                finding.model_copy(update={"examples": [], "reasons": []}) for finding in document.findings
            ],
        }
    )
    yield without_detail
    load = document.load
    in_words = load_words.reason(document.verdict, load, document.load_schools) if load else None
    yield without_detail.model_copy(
        update={
            "district_name": document.district,
            "headline": withheld_headline(document),
            "verdict_reason": in_words or document.verdict_reason,
            "pulls": [pull.model_copy(update={"answer": words.WITHHELD}) for pull in without_detail.pulls],
            "checks": [
                check.model_copy(update={"title": check.id, "population": words.WITHHELD_POPULATION})
                for check in document.checks
            ],
            "findings": [
                finding.model_copy(
                    update={
                        "headline": finding.id
                        if finding.failed is None
                        else words.WITHHELD_HEADLINE.format(
                            id=finding.id, failed=finding.failed, total=finding.total
                        ),
                        "population": words.WITHHELD_POPULATION,
                        "why": words.WITHHELD,
                        "remedy": [],
                    }
                )
                for finding in without_detail.findings
            ],
        }
    )
