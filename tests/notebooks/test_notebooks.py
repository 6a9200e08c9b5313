"""All notebooks are committed clean; explore.ipynb runs, each of its cells one line."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from tests.conftest import PROJECT
from tests.qa.analyst.conftest import WorkbenchDistrict, workbench_district  # noqa: F401 - the fixture

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
EXPLORE = PROJECT / "notebooks" / "explore.ipynb"


@pytest.fixture(scope="module")
def explored(
    workbench_district: WorkbenchDistrict,  # noqa: F811 - the fixture
    tmp_path_factory: pytest.TempPathFactory,
) -> nbformat.NotebookNode:
    """explore.ipynb, executed."""
    out = tmp_path_factory.mktemp("explored") / "out.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUS360_DATA", str(workbench_district.data))
        papermill.execute_notebook(
            EXPLORE, out, {"district": workbench_district.key}, kernel_name="python3", progress_bar=False
        )
    return nbformat.read(out, as_version=4)


def html_of(notebook: nbformat.NotebookNode, source: str) -> str:
    """What the cell with this source shows."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(source)]
    (output,) = [output for output in cells[0].outputs if output.output_type == "execute_result"]
    return output.data["text/html"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_without_outputs_and_for_any_python3(path):
    stripped = subprocess.run(
        [str(Path(sys.executable).with_name("nbstripout")), "--verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert stripped.returncode == 0, stripped.stdout
    assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "python3"


def test_every_cell_of_explore_is_one_line_of_the_library():
    cells = [cell for cell in nbformat.read(EXPLORE, as_version=4).cells if cell.cell_type == "code"]
    assert cells[0].metadata.tags == ["parameters"]
    statements = [ast.parse(cell.source).body for cell in cells[2:] if not cell.source.startswith("%%sql")]
    assert statements
    assert all(len(body) == 1 and isinstance(body[0], ast.Expr) for body in statements)


def test_explore_shows_what_was_received(explored, workbench_district):  # noqa: F811
    assert workbench_district.run_ids[0] in html_of(explored, "d.nights()")
    assert "StudentContact" in html_of(explored, "d.endpoints()")
    assert "lastName" in html_of(explored, 'd.records("Student")')
    assert "guardians of a student" in html_of(explored, "bars(d.links())")
    assert "year_of_birth" in html_of(explored, "%%sql")


def test_a_column_that_the_text_of_explore_explains_is_in_the_table_below_it(explored):
    below = list(zip(explored.cells, explored.cells[1:], strict=False))
    explained = [
        (column, cell.source)
        for text, cell in below
        if text.cell_type == "markdown" and cell.cell_type == "code" and cell.source.startswith("d.")
        for column in re.findall(r"`([a-z_]+)`", text.source)
    ]
    assert len(explained) > 3
    for column, source in explained:
        if column == "payload":  # as the text says: only in .df()
            continue
        assert f">{column}</th>" in html_of(explored, source), (column, source)


def test_explore_fetches_nothing(explored):
    pages = [
        output.data["text/html"]
        for cell in explored.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(pages) > 10
    assert not [page for page in pages if "unpkg" in page and "_itables_" not in page]
    assert not [
        page for page in pages if 'src="http' in page or "from 'http" in page or "import('http" in page
    ]


def test_a_table_without_its_script_shows_its_rows(explored):
    page = html_of(explored, "d.endpoints()")
    static = page[page.index("_fallback") : page.index("<script")]
    assert "<td" in static
    assert "ContactPhone" in static
