"""What notebooks/district_qa.ipynb calls: one run's report, section by section."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from IPython.display import HTML

from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from qa.contract import QaDocument
from qa.document import uncut
from qa.report.reidentify import identities_of
from qa.report.sections import Edition, Sections

_EDITIONS: tuple[Edition, ...] = ("redacted", "unredacted")


class ParameterError(Plus360Error):
    """A parameter of the notebook is unknown, missing or not one of its choices."""


class NightReport:
    """The sections of a run's report, to be shown by a notebook's cells."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections

    def section(self, name: str) -> HTML:
        """One of qa.report.sections.SECTIONS."""
        return HTML(self._sections.html(name))  # type: ignore[no-untyped-call]


def open_night(district: str, run_id: str = "", edition: str = "redacted", sis_url: str = "") -> NightReport:
    """Open a run of a district in the folder PLUS360_DATA (default ./data).

    Args:
        district: the district's key in the settings.
        run_id: the run; the latest one that has a qa.json if empty.
        edition: "redacted" or "unredacted".
        sis_url: where the district's staff open eSchoolPLUS, for the links of the unredacted edition; "" for
            no links.

    Raises:
        ParameterError: there is no such district, run or edition.
    """
    chosen = next((known for known in _EDITIONS if known == edition), None)
    if chosen is None:
        raise ParameterError(f"The parameter edition is one of {', '.join(_EDITIONS)}.")
    folder = DistrictFolder.of(Path(os.environ.get("PLUS360_DATA", "data")), district)
    night = _night(folder, run_id)
    text = night.qa_json.read_text(encoding="utf-8")
    qa = QaDocument.model_validate_json(text)
    if chosen == "unredacted":
        qa = uncut(night, qa)
    identities = identities_of(night, _pseudonyms(qa), sis_url) if chosen == "unredacted" else None
    return NightReport(Sections(qa, hashlib.sha256(text.encode()).hexdigest(), chosen, identities))


def _pseudonyms(qa: QaDocument) -> list[str]:
    examples = [example for finding in qa.findings for example in finding.examples]
    codes = [code for example in examples for code in (example.pseudonym, example.subject) if code]
    return codes + [one.school for one in qa.load_schools]


def _night(district: DistrictFolder, run_id: str) -> NightFolder:
    """The folder of a run, or of the latest run that has a qa.json if none is named."""
    nights = [district.night(run_id)] if run_id else district.all_nights()
    found = [night for night in nights if night.qa_json.exists()]
    if not found:
        raise ParameterError("There is no qa.json for this district and run in PLUS360_DATA.")
    return found[-1]
