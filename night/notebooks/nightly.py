"""The notebooks that a district's settings name: they run after its nightly run, and change nothing of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from district.folder import NightFolder
from district.settings import DistrictSettings
from night.events import Steps
from night.lock import DistrictLockedError, locked
from night.notebooks.library import declared
from night.notebooks.run import run_notebook
from night.record import NightRecord, NightResult, NotebookCounts
from night.terminal.console import in_a_line

# Said where the district's process was ended while they ran.
NOT_DONE = "not done: the district's process was ended while its notebooks ran"


def with_notebooks(
    result: NightResult, night: NightFolder, district: DistrictSettings, steps: Steps
) -> NightResult:
    """The result of a run, after its district's notebooks ran one after the other; it has their faults.

    They run where the run built a warehouse, whatever its verdict. The district's lock is not held, so
    another command can work on it.
    """
    if not district.notebooks or result.verdict == "failed" or not night.warehouse.exists():
        return result
    faults: list[str] = []
    with suppress(Exception), steps.step("notebooks"):
        for notebook in district.notebooks:
            if fault := _fault(notebook, night):
                faults.append(f"{notebook.name}: {fault}")
    with suppress(Exception):  # such as a full disk
        _count(night, NotebookCounts(ran=len(district.notebooks), failed=len(faults)))
    return replace(result, notebook_faults=tuple(faults))


def _fault(notebook: Path, night: NightFolder) -> str | None:
    """Run one; why it failed, in our own words."""
    try:
        known = {one.name for one in declared(notebook)}
        values = {"district": night.district.key, "run_id": night.run_id}
        ran = run_notebook(
            notebook.resolve(),
            night.notebooks / notebook.name,
            {name: value for name, value in values.items() if name in known},
            night.district,
            inside=night.notebooks / notebook.stem,  # what it does to its folder is nobody else's concern
        )
    except Exception as error:
        return in_a_line(error)
    return ran.trouble


def _count(night: NightFolder, counts: NotebookCounts) -> None:
    """Write into night.json how many ran; not while another command may write it as well."""
    with suppress(DistrictLockedError), locked(night.district, "night"):
        if record := NightRecord.of(night):
            record.model_copy(update={"notebooks": counts}).write(night)
