"""`plus360 trace`: on the terminal, and as a page that only the district's owner can read."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from district.folder import DistrictFolder
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, refused

RUN = "20261123T020005000Z"
DEFECTS = {"students__birth_date__required": 1}


@pytest.fixture(scope="module")
def traced(module_operator: Operator) -> Operator:
    """A district after one nightly run; its server is gone."""
    with Sandbox(generated(120, 3, defects=DEFECTS)) as box:
        module_operator.knows("oak-hill", box)
        module_operator.plus360("night", "oak-hill")
    assert module_operator.record("oak-hill")["verdict"] == "published"
    return module_operator


@pytest.fixture(scope="module")
def left_out(traced: Operator) -> tuple[str, str]:
    """Id and last name of the student without a birth date."""
    return _student(traced, "birth_date is null")


def test_it_answers_in_a_sentence_and_writes_a_private_page(traced, left_out):
    student_id, name = left_out
    done = traced.plus360("trace", "oak-hill", student_id)
    assert (done.returncode, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert f"Student {student_id} (" in text
    assert "and was never published, because the Date of Birth can't be loaded (blank;" in text
    assert all(len(line) <= 80 for line in done.stdout.splitlines()[:-1]), "it fits on a terminal"
    page = Path(done.stdout.splitlines()[-1])
    run_id = traced.nights("oak-hill")[-1].name
    private = traced.data / "oak-hill" / "private"
    assert page.resolve() == (private / f"trace-{student_id}-{run_id}.html").resolve()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    assert name in page.read_text(encoding="utf-8")


def test_nothing_of_it_is_in_the_log(traced, left_out):
    traced.plus360("trace", "oak-hill", left_out[0])
    logs = [path for path in traced.data.rglob("*") if path.is_file() and "log" in path.name]
    assert logs, "the nightly run wrote one"
    assert not [path for path in logs if left_out[0] in path.read_text(errors="replace")]


def test_what_is_not_there_is_refused_in_one_line(traced):
    assert "There is no student 'nobody' in the runs that are kept" in refused(
        traced.plus360("trace", "oak-hill", "nobody")
    )
    assert "There is no run 'never'" in refused(
        traced.plus360("trace", "oak-hill", "nobody", "--night", "never")
    )
    assert "is not a district of" in refused(traced.plus360("trace", "elm-hill", "1"))


def test_a_run_can_be_named_or_its_date(traced):
    student_id, _ = _student(traced, "birth_date is not null")
    run_id = traced.nights("oak-hill")[-1].name
    date = f"{run_id[:4]}-{run_id[4:6]}-{run_id[6:8]}"
    for night in (run_id, date):
        done = traced.plus360("trace", "oak-hill", student_id, "--night", night)
        assert (done.returncode, done.stderr) == (0, "")
        assert "in the import of" in done.stdout
        assert done.stdout.splitlines()[-1].endswith(f"{run_id}.html")
    assert "There is no run '2020-01-01'" in refused(
        traced.plus360("trace", "oak-hill", student_id, "--night", "2020-01-01")
    )


def test_while_the_file_is_being_written_it_says_so_in_one_line(traced, left_out):
    with _writing(traced.data / "oak-hill" / "raw.duckdb"):
        done = traced.plus360("trace", "oak-hill", left_out[0])
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("raw.duckdb is open in python")


def test_the_name_of_the_page_holds_nothing_that_a_path_obeys(tmp_path):
    folder = DistrictFolder.of(tmp_path, "oak-hill")
    hostile = ["../../etc/passwd", "..", "", "a/b", "a b", "x" * 500, "\u202e12", "a\nb", "a_b"]
    pages = [folder.trace(one, RUN) for one in hostile]
    assert {page.parent for page in pages} == {folder.private}
    assert all(page.name.isascii() and len(page.name) < 100 for page in pages)
    assert len(set(pages)) == len(hostile), "each id has a page of its own"
    assert folder.trace("12345", RUN).name == f"trace-12345-{RUN}.html", "and each run"


def _student(operator: Operator, condition: str) -> tuple[str, str]:
    warehouse = operator.data / "oak-hill" / "warehouse.duckdb"
    with closing(duckdb.connect(str(warehouse.resolve()), read_only=True)) as con:
        row = con.execute(
            f"select student_id, last_name from intermediate.int_students_keyed where {condition} limit 1"
        ).fetchone()
    assert row is not None
    return row


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """A process has the file open for writing."""
    code = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate("\n")
