"""What notebooks/district_qa.ipynb calls: one night's report, section by section."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from IPython.display import HTML

from district.folder import DistrictFolder, NightFolder
from qa.contract import QaDocument
from qa.report.reidentify import people_behind
from qa.report.sections import Edition, Page

PARAMETERS = ("district", "run_id", "edition")
_EDITIONS: tuple[Edition, ...] = ("redacted", "unredacted")


class ParameterError(Exception):
    """A parameter of the notebook is unknown, missing or not one of its choices."""


class NightReport:
    """The sections of a night's report, to be shown by a notebook's cells."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def section(self, name: str) -> HTML:
        """One of qa.report.sections.SECTIONS."""
        return HTML(self._page.section(name))  # type: ignore[no-untyped-call]


def open_night(names: Mapping[str, object]) -> NightReport:
    """Open the night that a notebook's parameters name, below the folder in PLUS360_DATA (default ./data).

    Args:
        names: the notebook's globals. A plain value there is taken for a parameter, and one that this
            notebook does not know ends it: papermill itself would only warn of a misspelt name.

    Raises:
        ParameterError: a parameter is unknown, or names no night or edition there is.
    """
    given = {
        name: value
        for name, value in names.items()
        if not name.startswith("_") and isinstance(value, str | int | float | list | dict | None)
    }
    unknown = sorted(given.keys() - {*PARAMETERS, "In", "Out"})
    if unknown:
        raise ParameterError(
            f"Unknown parameters: {', '.join(unknown)}. This notebook takes {', '.join(PARAMETERS)}."
        )
    edition = next((edition for edition in _EDITIONS if edition == given.get("edition")), None)
    if edition is None:
        raise ParameterError(f"The parameter edition is one of {', '.join(_EDITIONS)}.")
    data = Path(os.environ.get("PLUS360_DATA", "data"))
    district = DistrictFolder.of(data, str(given.get("district", "")))
    night = _night(district, str(given.get("run_id", "")))
    text = night.qa_json.read_text(encoding="utf-8")
    qa = QaDocument.model_validate_json(text)
    people = None
    if edition == "unredacted":
        shown = [
            example.pseudonym for finding in qa.findings for example in finding.examples if example.pseudonym
        ]
        people = people_behind(night, shown)
    return NightReport(Page(qa, hashlib.sha256(text.encode()).hexdigest(), edition, people))


def _night(district: DistrictFolder, run_id: str) -> NightFolder:
    """The folder of a run, or of the latest that has a qa.json where no run is named."""
    nights = [district.night(run_id)] if run_id else district.all_nights()
    found = [night for night in nights if night.qa_json.exists()]
    if not found:
        raise ParameterError("There is no qa.json for this district and run below PLUS360_DATA.")
    return found[-1]
