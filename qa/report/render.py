"""Runs notebooks/district_qa.ipynb over a night and renders it as one HTML file that opens anywhere."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from traitlets.config import Config

from district.credentials import without_secrets
from district.folder import NOTEBOOKS, NightFolder
from district.private_files import make_private_folder, write_private
from qa.contract import QaDocument
from qa.redaction.allowed_text import Vocabulary
from qa.redaction.scan import Scanner
from qa.report.sections import TEMPLATES, Edition

_NOTEBOOK = NOTEBOOKS / "district_qa.ipynb"


class ReportError(Exception):
    """The notebook broke off. The message names the kind of error only: its text may quote data."""


def render_report(night: NightFolder, edition: Edition = "redacted") -> Path:
    """Render a night's report from its qa.json.

    The redacted edition is scanned and goes to nights/<run_id>/report.html. The unredacted one goes to
    nights/<run_id>/private/report.html. The executed notebook is kept in private/ for both.

    Args:
        night: the run's folder.
        edition: "redacted" or "unredacted".

    Raises:
        ReportError: the notebook broke off.
        qa.redaction.scan.LeakError: the redacted edition holds a personal value; it was not written.
    """
    district = night.district.key
    make_private_folder(night.private)
    executed = night.executed_notebook(edition)
    data = night.district.path.parent
    _run_notebook(executed, data, {"district": district, "run_id": night.run_id, "edition": edition})
    page = _render(executed, title=f"District QA report {district} {night.run_id}")
    if edition == "unredacted":
        place = night.unredacted_report
    else:
        place = night.report
        with Scanner(night) as scanner:
            scanner.check(place, page, Vocabulary(QaDocument.from_file(night.qa_json)))
    write_private(place, page)
    return place


def _run_notebook(executed: Path, data_dir: Path, parameters: dict[str, str]) -> None:
    write_private(executed, "")  # so that papermill finds a file with mode 0600
    with without_secrets(PLUS360_DATA=str(data_dir)), tempfile.TemporaryDirectory() as sockets:
        # Sockets in a folder of this user's, not TCP ports that everybody on the machine can speak to.
        on_sockets = Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}})
        try:
            execute_notebook(
                _NOTEBOOK,
                executed,
                parameters,
                kernel_name="python3",
                progress_bar=False,
                config=on_sockets,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],  # a night's terminal is not its place
            )
        except PapermillExecutionError as error:
            raise ReportError(
                f"district_qa.ipynb broke off with {error.ename}; see {executed.name}"
            ) from None


def _render(executed: Path, title: str) -> str:
    notebook = nbformat.read(executed, as_version=4)
    exporter = HTMLExporter(template_name="plus360", extra_template_basedirs=[str(TEMPLATES)])
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return str(page)
