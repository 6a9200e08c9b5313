"""Runs notebooks/district_qa.ipynb for one run and renders it as one HTML file that opens anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode, v4
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.inspection import inspect_notebook
from traitlets.config import Config

from district.credentials import without_secrets
from district.errors import Plus360Error
from district.folder import NOTEBOOKS, NightFolder
from district.private_files import make_private_folder, write_private
from district.temporary import temporary_folder
from qa.contract import QaDocument
from qa.redaction.scan import LeakError, Scanner
from qa.redaction.withhold import least, note_withheld
from qa.report import words
from qa.report.sections import SECTIONS, TEMPLATES, Edition, Sections

_NOTEBOOK = NOTEBOOKS / "district_qa.ipynb"


class ReportError(Plus360Error):
    """The notebook failed. The message names the kind of error only: its text may quote data."""


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
    nights/<run_id>/private/report.html. The executed notebook is kept in private/ for both.

    Args:
        night: the run's folder.
        edition: "redacted" or "unredacted".
        scanner: the run's scanner; without one, the district's values are loaded for this file alone.
        sis_url: where the district's staff open eSchoolPLUS: the unredacted edition links records to it. A
            host's name is personal, so the redacted edition never sees it.

    Raises:
        ReportError: the notebook failed.
        qa.redaction.scan.LeakError: even without any detail, a personal value is in the page.
    """
    district = night.district.key
    make_private_folder(night.private)
    executed = night.executed_notebook(edition)
    data = night.district.path.parent
    parameters = {"district": district, "run_id": night.run_id, "edition": edition}
    if edition == "unredacted":
        parameters["sis_url"] = sis_url or ""
    _run_notebook(executed, data, parameters)
    title = words.REPORT_TITLE.format(district=district, run_id=night.run_id)
    page = _render(nbformat.read(executed, as_version=4), title)
    if edition == "unredacted":
        place = night.unredacted_report
    else:
        place = night.report
        with nullcontext(scanner) if scanner else Scanner(night) as values:
            page = _without_leaks(page, title, night, values)
    write_private(place, page)
    return place


def _without_leaks(page: str, title: str, night: NightFolder, scanner: Scanner) -> str:
    """The page, or one without any detail where it contains a personal value."""
    qa_json = night.qa_json.read_text(encoding="utf-8")
    document = QaDocument.model_validate_json(qa_json)
    try:
        scanner.check(night.report, page, scanner.allowed_text(document))
    except LeakError as leak:
        note_withheld(night, night.report.name, leak.columns)
        document = least(document)
        sections = Sections(document, hashlib.sha256(qa_json.encode()).hexdigest(), "redacted")
        page = _render(_notebook_of([sections.html(name) for name in SECTIONS]), title)
        scanner.check(night.report, page, scanner.allowed_text(document))
    return page


def _run_notebook(executed: Path, data_dir: Path, parameters: dict[str, str]) -> None:
    unknown = sorted(parameters.keys() - inspect_notebook(str(_NOTEBOOK)).keys())
    if unknown:  # papermill itself only warns
        raise ReportError(f"district_qa.ipynb has no parameter {', '.join(unknown)}")
    write_private(executed, "")  # so that papermill finds a file with mode 0600
    with without_secrets(PLUS360_DATA=str(data_dir)), temporary_folder() as sockets:
        # Sockets in a folder of this user, not TCP ports that every user of the machine can connect to.
        # The kernel's own file is there, too, so that a killed run leaves nothing anywhere else.
        places = {"transport": "ipc", "ip": f"{sockets}/kernel", "connection_file": f"{sockets}/kernel.json"}
        on_sockets = Config({"KernelManager": places})
        try:
            execute_notebook(
                _NOTEBOOK,
                executed,
                parameters,
                kernel_name="python3",
                progress_bar=False,
                config=on_sockets,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],  # the terminal shows the nightly run
            )
        except PapermillExecutionError as error:
            raise ReportError(f"district_qa.ipynb failed with {error.ename}; see {executed.name}") from None


def _notebook_of(sections: Iterable[str]) -> NotebookNode:
    """A notebook whose cells have already been run: one HTML output each."""
    outputs = [v4.new_output("execute_result", {"text/html": section}) for section in sections]
    return v4.new_notebook(cells=[v4.new_code_cell(outputs=[output]) for output in outputs])


def _render(notebook: NotebookNode, title: str) -> str:
    exporter = HTMLExporter(template_name="plus360", extra_template_basedirs=[str(TEMPLATES)])
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return str(page)
