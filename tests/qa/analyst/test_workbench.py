"""What one line sets up in a notebook: tables, relations and `%%sql`, asked of a real kernel."""

from __future__ import annotations

from contextlib import suppress

import nbformat
import papermill
import pytest

from tests.qa.analyst.conftest import STUDENTS, WorkbenchDistrict

SET_UP = "from qa.analyst.jupyter import bars, workbench; d = workbench({!r})"

RECORDS = 'd.records("Student")'
SQL = (
    'grade = "05"',
    "%%sql fifth\nselect student_id, grade from students\nwhere grade = $grade",
    "set(fifth['grade']), type(_).__name__",
    "%sql select count(*) as n from students",
    "len(d.sql('from students where grade = $grade', {'grade': grade})) == len(fifth)",
)
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


Cells = dict[str, nbformat.NotebookNode]


@pytest.fixture(scope="module")
def ran(workbench_district: WorkbenchDistrict, tmp_path_factory: pytest.TempPathFactory) -> Cells:
    """All cells of these tests after one kernel ran them, by their source."""
    folder = tmp_path_factory.mktemp("workbench")
    # Errors come first: what later cells define would make some of them right.
    sources = [SET_UP.format(workbench_district.key), *ERRORS, "d.nights()", RECORDS, *SQL]
    tagged = {"tags": ["raises-exception"]}  # then papermill goes on with the next cell
    cells = [nbformat.v4.new_code_cell(source, metadata=tagged) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "in.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUS360_DATA", str(workbench_district.data))
        with suppress(papermill.PapermillExecutionError):  # at the end, all cells have run
            papermill.execute_notebook(
                folder / "in.ipynb", folder / "out.ipynb", kernel_name="python3", progress_bar=False
            )
    done = nbformat.read(folder / "out.ipynb", as_version=4)
    return {cell.source: cell for cell in done.cells}


def shown(cell: nbformat.NotebookNode, mime: str = "text/html") -> str:
    (output,) = cell.outputs
    return output.data[mime]


def test_frames_and_relations_are_interactive_tables(ran):
    assert "new ITable(" in shown(ran["d.nights()"])
    assert "new ITable(" in shown(ran[RECORDS])
    assert shown(ran[RECORDS], "text/plain").startswith(f"{STUDENTS} rows: position, ")


def test_sql_has_a_cell_of_its_own(ran):
    assert "new ITable(" in shown(ran[SQL[1]])
    assert shown(ran[SQL[2]], "text/plain") == "({'05'}, 'DataFrame')"
    assert "new ITable(" in shown(ran[SQL[3]])
    assert shown(ran[SQL[4]], "text/plain") == "True"


@pytest.mark.parametrize("source", ERRORS)
def test_an_error_is_one_line(ran, source):
    (error,) = ran[source].outputs
    assert error.traceback == [ERRORS[source]]
