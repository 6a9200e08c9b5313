"""What notebooks/district_qa.ipynb calls: one run's report section by section, and its numbers as tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pandas as pd
from IPython.display import HTML
from pydantic import BaseModel

from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from qa.contract import Night, QaDocument
from qa.contract_types import LEVELS
from qa.load.contract import NightEffects
from qa.report.records import records_of
from qa.report.sections import SECTIONS, Edition, Sections
from qa.report.styles import NOTEBOOK_STYLE
from qa.verdict.decided import uncut
from qa.verdict.document_file import read_document


class ParameterError(Plus360Error):
    """A parameter of the notebook, or a name that its cells ask for, is none of its choices."""


class NightReport:
    """A run's report, to be shown and analyzed in a notebook.

    Attributes:
        qa: the run's document.
    """

    def __init__(self, qa: QaDocument, sections: Sections) -> None:
        self.qa = qa
        self._sections = sections

    def section(self, name: str) -> HTML:
        """One of the report's sections by its id, or "masthead": edition, district and run."""
        return self._shown(_choice(name.replace("-", "_"), ("masthead", *SECTIONS)))

    def chart(self, name: str) -> HTML:
        """A chart of the last 14 nights as SVG: "failed" or "published"."""
        return self._shown(f"_{_choice(name, ('failed', 'published'))}_chart")

    def table(self, name: str) -> pd.DataFrame:
        """A part of the run's document as a table.

        Args:
            name: one of TABLES. A number that is not shown is missing.
        """
        return TABLES[_choice(name, tuple(TABLES))](self.qa)

    def _shown(self, template: str) -> HTML:
        shapes = self._sections.html("_shapes")
        body = f'<div class="report">{shapes}{self._sections.html(template)}</div>'
        return HTML(f"<style>{NOTEBOOK_STYLE}</style>{body}")  # type: ignore[no-untyped-call]


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
        qa.verdict.document_file.DocumentError: the run's qa.json can't be used.
    """
    _choice(edition, get_args(Edition))
    folder = DistrictFolder.of(Path(os.environ.get("PLUS360_DATA", "data")), district)
    night = _night(folder, run_id)
    qa, sha256 = read_document(night)
    if edition == "redacted":
        return NightReport(qa, Sections(qa, sha256))
    qa = uncut(night, qa)
    return NightReport(qa, Sections(qa, sha256, records_of(night, qa, sis_url)))


def _rows(parts: Sequence[BaseModel]) -> pd.DataFrame:
    return pd.DataFrame([part.model_dump() for part in parts])


def _changes(qa: QaDocument) -> pd.DataFrame:
    """One row per import file."""
    files = {} if qa.load is None else {"students.csv": qa.load.students, "guardians.csv": qa.load.guardians}
    return pd.DataFrame([{"file": file} | its.model_dump() for file, its in files.items() if its is not None])


def _by_night(qa: QaDocument) -> pd.DataFrame:
    """One row per night: failed checks by level, and what the load did to each file."""
    return pd.DataFrame([_night_row(night) for night in qa.nights])


def _night_row(night: Night) -> dict[str, object]:
    files = {"students": night.students, "guardians": night.guardians}
    return {
        "date": night.date,
        "run_id": night.run_id,
        "verdict": night.verdict,
        **{f"failed_{level}": night.failed and night.failed.get(level) for level in LEVELS},
        **{
            f"{file}_{effect}": its and getattr(its, effect)
            for file, its in files.items()
            for effect in NightEffects.model_fields
        },
    }


def _completeness(qa: QaDocument) -> pd.DataFrame:
    """One row per group and field, of the whole district, with the share filled."""
    rows = _rows(qa.completeness)
    return rows.assign(share=rows["filled"] / rows["total"]) if len(rows) else rows


def _by_school(qa: QaDocument) -> pd.DataFrame:
    """One row per school, group and field: the first percent of a step of five."""
    return pd.DataFrame(
        [
            {"school": one.school, "group": one.group, "field": field, "percent_from": percent}
            for one in qa.school_completeness
            for field, percent in (one.filled or {}).items()
        ]
    )


TABLES: dict[str, Callable[[QaDocument], pd.DataFrame]] = {
    "findings": lambda qa: _rows(qa.findings),
    "checks": lambda qa: _rows(qa.checks),
    "endpoints": lambda qa: _rows(qa.pulls),
    "changes": _changes,
    "changes_by_field": lambda qa: _rows(qa.load.fields if qa.load else []),
    "changes_by_school": lambda qa: _rows(qa.load_schools),
    "by_night": _by_night,
    "completeness": _completeness,
    "completeness_by_school": _by_school,
    "guardians_per_student": lambda qa: _rows(qa.guardians_per_student),
    "labels": lambda qa: _rows(qa.labels),
    "own_fields": lambda qa: _rows(qa.own_fields),
}


def _choice(name: str, known: Sequence[str]) -> str:
    if name not in known:
        raise ParameterError(f"{name!r} is none of {', '.join(known)}.")
    return name


def _night(district: DistrictFolder, run_id: str) -> NightFolder:
    """The folder of a run, or of the latest run that has a qa.json if none is named."""
    nights = [district.night(run_id)] if run_id else district.all_nights()
    found = [night for night in nights if night.qa_json.exists()]
    if not found:
        raise ParameterError("There is no qa.json for this district and run in PLUS360_DATA.")
    return found[-1]
