"""All notebooks are committed clean, papermill runs them, and each of their cells is one line."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest

from qa.analyst import District
from tests.conftest import PROJECT
from tests.notebooks.conftest import Desk

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
EXPLORE = PROJECT / "notebooks" / "explore.ipynb"


Executed = Callable[[str], nbformat.NotebookNode]


@pytest.fixture(scope="module")
def executed(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """Each of our notebooks as papermill's own command runs it, once."""
    folder = tmp_path_factory.mktemp("executed")
    first, _, last = desk.run_ids
    students = District(desk.key, desk.operator.data).sql("select student_id from students limit 1")
    values = {
        "compare_nights": {"before": first, "after": last},
        "trace": {"student": students.student_id[0]},
    }

    @cache
    def run(name: str) -> nbformat.NotebookNode:
        out = folder / f"{name}.ipynb"
        given = {"district": desk.key, "run_id": last, **values.get(name, {})}
        done = subprocess.run(
            [sys.executable, "-m", "papermill", str(PROJECT / "notebooks" / out.name), str(out)]
            + [word for pair in given.items() for word in ("-p", *pair)],
            env=desk.operator.env() | {"PLUS360_DATA": str(desk.operator.data)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return nbformat.read(out, as_version=4)

    return run


@pytest.fixture(scope="module")
def explored(executed: Executed) -> nbformat.NotebookNode:
    return executed("explore")


def html_of(notebook: nbformat.NotebookNode, source: str) -> str:
    """What the cell with this source shows."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith(source)]
    (output,) = [output for output in cells[0].outputs if output.output_type == "execute_result"]
    return output.data.get("text/html") or output.data["text/plain"]


def test_they_are_committed_without_outputs_and_for_any_python3():
    stripped = subprocess.run(
        [str(Path(sys.executable).with_name("nbstripout")), "--verify", *map(str, NOTEBOOKS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert stripped.returncode == 0, stripped.stdout
    names = {path.stem: nbformat.read(path, as_version=4).metadata.kernelspec.name for path in NOTEBOOKS}
    assert names == {path.stem: "python3" for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_papermill_runs_it(executed, desk, path):
    cells = [cell for cell in executed(path.stem).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert any(desk.run_ids[-1] in json.dumps(cell) for cell in cells)


@pytest.mark.parametrize("name", ["compare_nights", "labels"])
def test_every_cell_is_one_line_of_the_library(name):
    notebook = nbformat.read(PROJECT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells[0].metadata.tags == ["parameters"]
    for cell in cells[1:]:
        last = ast.parse(cell.source).body[-1]
        assert isinstance(last, ast.Expr | ast.Assign), cell.source
        assert len(cell.source.splitlines()) <= 3, cell.source


def test_every_cell_of_explore_is_one_line_of_the_library():
    cells = [cell for cell in nbformat.read(EXPLORE, as_version=4).cells if cell.cell_type == "code"]
    assert cells[0].metadata.tags == ["parameters"]
    statements = [ast.parse(cell.source).body for cell in cells[2:] if not cell.source.startswith("%%sql")]
    assert statements
    assert all(len(body) == 1 and isinstance(body[0], ast.Expr) for body in statements)


def test_explore_shows_what_was_received(explored, desk):
    assert desk.run_ids[0] in html_of(explored, "d.nights()")
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


def test_compare_nights_shows_any_two_nights(executed, desk):
    first, _, last = desk.run_ids
    notebook = executed("compare_nights")
    assert f"Runs {first} and {last}" in html_of(notebook, "nights = d.compare(before, after)\nnights")
    assert "Student Reporting Id" in html_of(notebook, "nights.file")
    assert "<tr>" in html_of(notebook, 'bars(nights.schools, "after")')


def test_labels_shows_the_fields_and_the_block_to_paste(executed):
    notebook = executed("labels")
    assert "state_student_id" in html_of(notebook, 'd.labels("Student")')
    assert html_of(notebook, "d.synonyms()").startswith("# No guess is likely.")
