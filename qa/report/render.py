"""Renders one run's report as one HTML file that opens anywhere."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from district.folder import NightFolder
from district.private_files import make_private_folder, write_private
from qa.redaction.scan import LeakError, Scanner
from qa.redaction.withhold import least, note_withheld
from qa.report import words
from qa.report.records import records_of
from qa.report.sections import Edition, Sections
from qa.report.styles import PAGE_STYLES
from qa.verdict.decided import uncut
from qa.verdict.document_file import read_document


def render_report(
    night: NightFolder,
    edition: Edition = "redacted",
    scanner: Scanner | None = None,
    *,
    sis_url: str | None = None,
) -> Path:
    """Render a run's report from its qa.json.

    The redacted edition is scanned and goes to nights/<run_id>/report.html. Where the scan finds a personal
    value, the page shows the verdict and the counts only, and says so. The unredacted edition goes to
    nights/<run_id>/private/report.html.

    Args:
        night: the run's folder.
        edition: "redacted" or "unredacted".
        scanner: the run's scanner; without one, the district's values are loaded for this file alone.
        sis_url: where the district's staff open eSchoolPLUS: the unredacted edition links records to it. A
            host's name is personal, so the redacted edition never sees it.

    Raises:
        qa.verdict.document_file.DocumentError: qa.json can't be used.
        qa.redaction.scan.LeakError: even without any detail, a personal value is in the page.
    """
    qa, sha256 = read_document(night)
    title = words.REPORT_TITLE.format(district=night.district.key, run_id=night.run_id)
    if edition == "unredacted":
        qa = uncut(night, qa)
        place = night.unredacted_report
        make_private_folder(night.private)
        page = Sections(qa, sha256, records_of(night, qa, sis_url or "")).page(title, PAGE_STYLES)
    else:
        place = night.report
        page = Sections(qa, sha256).page(title, PAGE_STYLES)
        with nullcontext(scanner) if scanner else Scanner(night) as values:
            try:
                values.check(place, page, values.allowed_text(qa, [sha256]))
            except LeakError as leak:
                note_withheld(night, place.name, leak.columns)
                qa = least(qa)
                page = Sections(qa, sha256).page(title, PAGE_STYLES)
                values.check(place, page, values.allowed_text(qa, [sha256]))
    write_private(place, page)
    return place
