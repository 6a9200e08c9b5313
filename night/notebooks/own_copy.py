"""The analyst's own copies of our notebooks, in the district's private folder.

A copy knows what it was made of: while its cells are as they were, a newer version of ours replaces it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from district.folder import DistrictFolder, NightFolder
from district.private_files import make_private_folder, write_private
from night.notebooks.library import NotebookError, find_notebook, names_in

# In a notebook's metadata: the SHA-256 of the cells that it was copied with.
_COPIED = "plus360_copied_cells"
_DISTRICT = re.compile(r'^district = ""$', re.M)


@dataclass(frozen=True)
class Opened:
    """A notebook that can be opened.

    Attributes:
        path: in the district's private folder.
        note: what the analyst should know of it; empty where there is nothing.
    """

    path: Path
    note: str = ""


def notebook_to_open(folder: DistrictFolder, name: str) -> Opened:
    """The district's own notebook of that name: one of ours, copied where it is not there yet, or any there.

    Else the latest of that name that ran after a nightly run, copied: the run's own stays as it was.

    Raises:
        NotebookError: there is no such notebook.
    """
    make_private_folder(folder.private)
    stem = name.removesuffix(".ipynb")
    if stem in names_in():
        return _copy(find_notebook(stem), folder)
    if stem in names_in(folder.private):
        return Opened(folder.private / f"{stem}.ipynb")
    nightly = _nightly(folder)
    if stem in nightly:
        return _copy_of_run(nightly[stem], stem, folder)
    known = dict.fromkeys([*names_in(), *names_in(folder.private), *nightly])
    raise NotebookError(f"there is no notebook {name!r}. There are {', '.join(known)}")


def _nightly(folder: DistrictFolder) -> dict[str, NightFolder]:
    """The notebooks that ran after nightly runs, each with the latest run that has it."""
    return {name: night for night in folder.all_nights() for name in names_in(night.notebooks)}


def _copy_of_run(night: NightFolder, stem: str, folder: DistrictFolder) -> Opened:
    """The copy of a run's notebook, with its outputs; kept as it is where it was opened before."""
    place = folder.private / f"{stem}-{night.run_id}.ipynb"
    if not place.exists():
        write_private(place, (night.notebooks / f"{stem}.ipynb").read_text(encoding="utf-8"))
    return Opened(place, f"{stem}.ipynb as it ran after run {night.run_id}: a copy, which you may change")


def _copy(ours: Path, folder: DistrictFolder) -> Opened:
    """The copy of one of our notebooks; made where it is missing, or ours is newer and it was not changed."""
    place = folder.private / ours.name
    fresh = _for_district(nbformat.read(ours, as_version=4), folder.key)
    if place.exists():
        there = _read(place)
        copied = there.metadata.get(_COPIED) if there else None
        if copied == fresh.metadata[_COPIED]:
            return Opened(place)
        if there is None or copied != _sha256(there):
            return Opened(
                place,
                f"{ours.name} is your own version, and ours is another one by now. Rename yours to get ours",
            )
    write_private(place, nbformat.writes(fresh))
    return Opened(place)


def _for_district(notebook: Any, key: str) -> Any:  # noqa: ANN401 - nbformat has no types
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            cell.source = _DISTRICT.sub(f'district = "{key}"', cell.source)
    notebook.metadata[_COPIED] = _sha256(notebook)
    return notebook


def _sha256(notebook: Any) -> str:  # noqa: ANN401
    """Of what a person writes: the cells without what running them adds."""
    cells = [[cell.cell_type, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _read(path: Path) -> Any:  # noqa: ANN401
    """The notebook; None where the file is none."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # anything that is no notebook of this time
        return None
