"""compare_nights.ipynb and labels.ipynb run on a district after three nights; each cell is one line."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import papermill
import pytest

from tests.conftest import PROJECT
from tests.qa.analyst.conftest import WorkbenchDistrict, workbench_district  # noqa: F401 - the fixture


def shown(name: str, district: WorkbenchDistrict, out: Path, **parameters: str) -> dict[str, str]:
    """What each cell of a notebook shows, by its code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUS360_DATA", str(district.data))
        papermill.execute_notebook(
            PROJECT / "notebooks" / f"{name}.ipynb",
            out,
            {"district": district.key, **parameters},
            kernel_name="python3",
            progress_bar=False,
        )
    results = {}
    for cell in nbformat.read(out, as_version=4).cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "execute_result":
                results[cell.source] = output.data.get("text/html") or output.data["text/plain"]
    return results


@pytest.mark.parametrize("name", ["compare_nights", "labels"])
def test_every_cell_is_one_line_of_the_library(name):
    notebook = nbformat.read(PROJECT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells[0].metadata.tags == ["parameters"]
    for cell in cells[1:]:
        last = ast.parse(cell.source).body[-1]
        assert isinstance(last, ast.Expr | ast.Assign), cell.source
        assert len(cell.source.splitlines()) <= 3, cell.source


def test_compare_nights_shows_any_two_nights(workbench_district, tmp_path):  # noqa: F811
    first, _, last = workbench_district.run_ids
    cells = shown("compare_nights", workbench_district, tmp_path / "out.ipynb", before=first, after=last)
    summary = cells["nights = d.compare(before, after)\nnights"]
    assert f"Runs {first} and {last}" in summary
    assert "Student Reporting Id" in cells["nights.file"]
    assert "<tr>" in cells['bars(nights.schools, "after")']


def test_labels_shows_the_fields_and_the_block_to_paste(workbench_district, tmp_path):  # noqa: F811
    cells = shown("labels", workbench_district, tmp_path / "out.ipynb")
    assert "state_student_id" in cells['d.labels("Student")']
    assert cells["d.synonyms()"].startswith("# No guess is likely.")
