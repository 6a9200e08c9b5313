"""Notebooks and nightly runs: those of the settings change nothing of a run, an open one delays none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from district.checkout import JUPYTER
from district.folder import DistrictFolder
from district.temporary import temporary_folder
from night.notebooks.jupyter import jupyter_environment
from sandbox import Sandbox, generated
from tests.night.conftest import Operator, published_files
from tests.night.test_secrets import HOLD_SECRETS
from tests.notebooks.by_hand import outputs_of, write_notebook
from tests.notebooks.conftest import PERSONAL

KEY = "oak-hill"
Ask = Callable[[str], str]


@dataclass
class Evening:
    """The operator, and what the nightly run with notebooks said."""

    operator: Operator
    said: subprocess.CompletedProcess[str]
    secret: str


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    operator = Operator(tmp_path_factory.mktemp("evening"))
    home = operator.folder / "home"
    home.mkdir()
    notebooks = operator.folder / "notebooks"
    write_notebook(
        notebooks / "weekly.ipynb",
        "import json, os\nfrom pathlib import Path",
        "print(json.dumps(dict(os.environ)))\nPath('kept.csv').write_text('of its own')",
        "from qa.analyst import District\nprint('run', District(district, run_id=run_id).run_id == run_id)",
        "from district.folder import DistrictFolder\nfrom night.lock import work_words\n"
        "print('at work:', work_words(DistrictFolder.of(Path(os.environ['PLUS360_DATA']), district)))",
    )
    write_notebook(notebooks / "fails.ipynb", "1 + 1", f"raise KeyError({PERSONAL!r})")
    write_notebook(notebooks / "dies.ipynb", "import os, shutil\nshutil.rmtree(os.getcwd())\nos._exit(3)")
    with Sandbox(generated(students=40, seed=1)) as box:
        named = [notebooks / f"{name}.ipynb" for name in ("weekly", "fails", "dies")]
        operator.knows(KEY, box, notebooks=named)
        operator.environment |= HOLD_SECRETS | {"HOME": str(home)}
        yield Evening(operator, operator.process("night", KEY), box.consumer_secret)


@pytest.fixture(scope="module")
def ask(evening: Evening) -> Iterator[Ask]:
    """Runs code in a kernel as JupyterLab starts it; what the code said."""
    with temporary_folder() as runtime:
        folder = DistrictFolder.of(evening.operator.data, KEY)
        kernels = KernelSpecManager(kernel_dirs=[str(JUPYTER / "kernels")])
        manager = KernelManager(
            connection_file=str(runtime / "kernel.json"), transport="ipc", kernel_spec_manager=kernels
        )
        manager.start_kernel(env=jupyter_environment(folder, runtime), cwd=str(folder.private))
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=120)

        def said(code: str) -> str:
            texts: list[str] = []

            def hear(message: dict) -> None:
                content = message["content"]
                texts.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
                texts.extend(content.get("traceback", ()))

            client.execute_interactive(code, timeout=120, output_hook=hear)
            return "".join(texts)

        try:
            yield said
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def test_a_run_whose_notebooks_fail_is_published(evening: Evening) -> None:
    assert evening.said.returncode == 0, evening.said.stdout + evening.said.stderr
    record = evening.operator.record(KEY)
    assert record["verdict"] == "published"
    assert record["notebooks"] == {"ran": 3, "failed": 2}


def test_a_notebook_that_fails_is_said_in_one_line_without_its_words(evening: Evening) -> None:
    said = evening.said.stdout + evening.said.stderr
    log = (evening.operator.data / "logs" / "plus360.log").read_text(encoding="utf-8")
    for line in (
        "notebook fails.ipynb: cell 4 failed (KeyError)",
        "notebook dies.ipynb: cell 3 ended its kernel (exit code 3)",
    ):
        assert said.count(line) == 2, "once in the events, once in how the run ended"
        assert line in log
    assert PERSONAL not in said + log
    assert "Traceback" not in said + log


def test_they_are_in_the_runs_private_folder_for_its_owner_alone(evening: Evening) -> None:
    folder = evening.operator.nights(KEY)[0] / "private" / "notebooks"
    assert sorted(path.name for path in folder.iterdir()) == [
        "dies.failed.ipynb", "fails.failed.ipynb", "weekly", "weekly.ipynb",
    ], "one removed the folder in which it ran; another left a file in its own"  # fmt: skip
    assert [path.name for path in (folder / "weekly").iterdir()] == ["kept.csv"]
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert PERSONAL in (folder / "fails.failed.ipynb").read_text(encoding="utf-8")


def test_they_know_the_run_and_hold_neither_a_secret_nor_the_districts_lock(evening: Evening) -> None:
    folder = evening.operator.nights(KEY)[0] / "private" / "notebooks"
    said = outputs_of(folder / "weekly.ipynb")
    variables = json.loads(said.partition("\n")[0])
    assert evening.secret not in variables.values()
    assert not [name for name in variables if name.endswith(("_SECRET", "_PASSWORD"))]
    assert "CREDENTIALS_DIRECTORY" not in variables
    assert "run True\nat work: None\n" in said


@dataclass
class SecondNight:
    """A run while a notebook is open; it is interrupted while one of its own notebooks hangs.

    Attributes:
        before: the run before it.
        answered: what the open notebook said while the other one hung.
        refreshed: the run that it read after `d.refresh()`.
        said: what the command said.
    """

    before: str
    answered: str
    refreshed: str
    said: str


@pytest.fixture(scope="module")
def second_night(evening: Evening, ask: Ask) -> SecondNight:
    operator = evening.operator
    before = operator.nights(KEY)[-1].name
    ask(f"from qa.analyst.jupyter import workbench\nd = workbench({KEY!r})")
    ask(
        "frame = d.sql('from Student')\nrelation = d.relation('from Student')\nrecords = d.records('Student')"
    )
    ask("%%sql kept\nselect count(*) as students from students")
    begun = operator.folder / "begun"
    os.mkfifo(begun)
    hanging = f"open({str(begun)!r}, 'w').close()\nwhile True:\n    pass"
    write_notebook(operator.folder / "notebooks" / "weekly.ipynb", hanging)
    night = operator.started("night", KEY)
    begun.read_bytes()  # until the notebook opens it, too
    answered = ask("print(len(d.sql('from Student')), len(relation), len(records.df()), d.run_id)")
    refreshed = ask("d = d.refresh()\nprint(d.run_id)")
    os.killpg(night.pid, signal.SIGINT)
    said, _ = night.communicate(timeout=120)
    return SecondNight(before, answered, refreshed, said)


def test_a_run_publishes_while_a_notebook_is_open(evening: Evening, second_night: SecondNight) -> None:
    after = evening.operator.nights(KEY)[-1].name
    assert after > second_night.before
    newer = f"A newer run was published: {after}. You are reading {second_night.before}"
    assert newer in second_night.answered
    assert f"40 40 40 {second_night.before}" in second_night.answered
    assert f"\n{after}\n" in "\n" + second_night.refreshed


def test_a_run_that_is_interrupted_while_a_notebook_hangs_stays_published(
    evening: Evening, second_night: SecondNight
) -> None:
    operator = evening.operator
    assert f"{KEY}  published" in second_night.said
    assert "not done: the district's process was ended while its notebooks ran" in second_night.said
    assert operator.record(KEY)["verdict"] == "published"
    published = operator.data / KEY / "published"
    assert published.resolve() == operator.nights(KEY)[-1]
    assert set(published_files(operator, KEY)) >= {"students.csv", "manifest.json"}
