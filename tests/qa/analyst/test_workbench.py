"""What one line sets up in a notebook: tables, relations and `%%sql`, asked of a real kernel."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import nbformat
import papermill
import pytest

from tests.qa.analyst.conftest import STUDENTS, WorkbenchDistrict

SET_UP = "from qa.analyst.jupyter import bars, workbench; d = workbench({!r})"

Run = Callable[..., list[nbformat.NotebookNode]]


@pytest.fixture
def run(workbench_district: WorkbenchDistrict, tmp_path, monkeypatch) -> Run:
    """The cells of a notebook after it was run, without the one that sets it up."""
    monkeypatch.setenv("PLUS360_DATA", str(workbench_district.data))

    def ran(*sources: str) -> list[nbformat.NotebookNode]:
        cells = [SET_UP.format(workbench_district.key), *sources]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        nbformat.write(notebook, tmp_path / "in.ipynb")
        with suppress(papermill.PapermillExecutionError):  # its cell has the error
            papermill.execute_notebook(
                tmp_path / "in.ipynb", tmp_path / "out.ipynb", kernel_name="python3", progress_bar=False
            )
        done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
        return [cell for cell in done.cells if cell.cell_type == "code"][1:]

    return ran


def shown(cell: nbformat.NotebookNode, mime: str = "text/html") -> str:
    (output,) = cell.outputs
    return output.data[mime]


def test_frames_and_relations_are_interactive_tables(run):
    frame, relation = run("d.nights()", 'd.records("Student")')
    assert "new ITable(" in shown(frame)
    assert "new ITable(" in shown(relation)
    assert shown(relation, "text/plain").startswith(f"{STUDENTS} rows: position, ")


def test_sql_has_a_cell_of_its_own(run, workbench_district):
    cells = run(
        'grade = "05"',
        "%%sql fifth\nselect student_id, grade from students\nwhere grade = $grade",
        "set(fifth['grade']), type(_).__name__",
        "%sql select count(*) as n from students",
        "len(d.sql('from students where grade = $grade', {'grade': grade})) == len(fifth)",
    )
    assert "new ITable(" in shown(cells[1])
    assert shown(cells[2], "text/plain") == "({'05'}, 'DataFrame')"
    assert "new ITable(" in shown(cells[3])
    assert shown(cells[4], "text/plain") == "True"


# What is wrong in a cell, and the line that it shows.
ERRORS = {
    "%%sql\nselect *\nfrom studens": (
        'Catalog Error: Table with name studens does not exist! Did you mean "students"? (line 2)'
    ),
    "%%sql\nfrom students where grade = $grade": (
        "The SQL names $grade, and the notebook has no variable grade."
    ),
    "%%sql my result\nselect 1": (
        "'my result' can't be the name of a variable: %%sql NAME keeps the result in it."
    ),
    'd.records("Studentz")': "There is no endpoint 'Studentz'; did you mean Student?",
}


@pytest.mark.parametrize("source", ERRORS)
def test_an_error_is_one_line(run, source):
    (cell,) = run(source)
    (error,) = cell.outputs
    assert error.traceback == [ERRORS[source]]
