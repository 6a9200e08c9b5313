"""Notebooks that an operator might write."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

PARAMETERS = 'district = ""\nrun_id = ""\nlimit = 10\nstudent = ""'


def write_notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook of these code cells, after a cell with its parameters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=[tagged, *map(new_code_cell, cells)], metadata=python), path)
    return path


def outputs_of(path: Path) -> str:
    """Everything that the cells of a notebook printed or returned."""
    cells = nbformat.read(path, as_version=4).cells
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for cell in cells
        for output in cell.get("outputs", ())
    )


def files_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file of a folder with its size and when it was written."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {
        path.relative_to(folder).as_posix(): (stat.st_size, stat.st_mtime_ns)
        for path, stat in found.items()
        if not path.is_dir()
    }
