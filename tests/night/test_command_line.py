"""Wrong use: one clear line that says what to do, exit code 2, nothing touched."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator


@pytest.fixture
def known(operator: Operator) -> Operator:
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows("oak-hill", box)
        yield operator


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What a refusal said; it must be one line on stderr with exit code 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_a_command_loads_no_library_that_only_others_need() -> None:
    """dbt takes 4 seconds, and `status` is asked by people and monitors all day."""
    slow = {"dbt", "duckdb", "IPython", "jupyter_client", "nbformat", "pandas", "papermill"}
    code = f"import sys, night.cli; print(*sorted({slow} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


def test_no_settings(operator: Operator) -> None:
    assert "districts.example.toml" in refused(operator.process("night", "--all"))


def test_unknown_district(known: Operator) -> None:
    assert "The districts there: oak-hill" in refused(known.process("night", "elm-hill"))


def test_neither_a_district_nor_all(known: Operator) -> None:
    assert "--all" in refused(known.process("night"))


def test_no_secret(known: Operator) -> None:
    known.environment.clear()
    assert "PLUS360_OAK_HILL_SECRET" in refused(known.process("night", "oak-hill"))


@pytest.mark.parametrize("command", ["build", "report", "explore", "export"])
def test_nothing_pulled_yet(known: Operator, command: str) -> None:
    assert "plus360 night oak-hill" in refused(known.plus360(command, "oak-hill"))


def test_plain_http_is_refused(known: Operator) -> None:
    settings = known.folder / "districts.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("https://", "http://"), encoding="utf-8")
    assert "base_url" in refused(known.process("night", "oak-hill"))


def test_step_by_step(operator: Operator) -> None:
    with Sandbox(generated(students=60, seed=1)) as box:
        operator.knows("oak-hill", box)
        pulled = operator.plus360("extract", "oak-hill")
        assert pulled.returncode == 0, pulled.stdout + pulled.stderr
        assert "StudentContact" in pulled.stdout
        built = operator.process("build", "oak-hill")
        assert built.returncode == 0, built.stdout + built.stderr
        assert "oak-hill  published\n  first import, " in built.stdout
        reported = operator.plus360("report", "oak-hill")
        assert reported.returncode == 0, reported.stdout + reported.stderr
        assert (operator.nights("oak-hill")[-1] / "report.html").exists()
        unredacted = operator.plus360("report", "oak-hill", "--unredacted")
        assert "names students" in unredacted.stdout
        assert (operator.nights("oak-hill")[-1] / "private" / "report.html").exists()
        elsewhere = operator.folder / "elsewhere"
        assert operator.plus360("export", "oak-hill", "--to", str(elsewhere)).returncode == 0
        assert (elsewhere / "students.csv").read_bytes() == (
            operator.data / "oak-hill" / "export" / "students.csv"
        ).read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--without", "Teacher"], "no such endpoint: Teacher"),
        (["--defect", "students__gender__accepted"], "The defects: "),
        (["--students", "20", "--defect", "students__gender__accepted=300"], "too few families"),
    ],
)
def test_a_sandbox_that_cannot_be(operator: Operator, words: list[str], said: str) -> None:
    assert said in refused(operator.process("sandbox", *words))


def test_what_nobody_foresaw_is_a_line_without_data(known: Operator) -> None:
    folder = known.data / "oak-hill"
    folder.mkdir(parents=True)
    (folder / "raw.duckdb").write_bytes(b"Jane Doe is not a database" * 100)
    done = known.process("build", "oak-hill")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "Jane Doe" not in done.stderr


def test_a_data_folder_that_is_a_file_is_wrong_use(known: Operator) -> None:
    (known.folder / "a-file").write_text("", encoding="utf-8")
    known.environment["PLUS360_DATA"] = str(known.folder / "a-file")
    done = known.process("night", "oak-hill")
    assert done.returncode == 2
    assert "PLUS360_DATA" in done.stderr
    assert "Traceback" not in done.stderr
