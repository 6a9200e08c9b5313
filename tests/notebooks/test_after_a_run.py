"""Notebooks that the settings name run after each nightly run; whatever they do, the run is as it is."""

from __future__ import annotations

import json
import os
import signal

from tests.night.conftest import published_files
from tests.notebooks.by_hand import outputs_of, write_notebook
from tests.notebooks.conftest import KEY, PERSONAL, Evening


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
        "notebook dies.ipynb: cell 3 ended its kernel",
    ):
        assert said.count(line) == 2, "once in the events, once in how the run ended"
        assert line in log
    assert PERSONAL not in said + log
    assert "Traceback" not in said + log


def test_they_are_in_the_runs_private_folder_for_its_owner_alone(evening: Evening) -> None:
    folder = evening.operator.nights(KEY)[0] / "private" / "notebooks"
    assert sorted(path.name for path in folder.iterdir()) == [
        "dies.failed.ipynb", "fails.failed.ipynb", "weekly.ipynb",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert PERSONAL in (folder / "fails.failed.ipynb").read_text(encoding="utf-8")


def test_they_know_the_run_and_hold_neither_a_secret_nor_the_districts_lock(evening: Evening) -> None:
    folder = evening.operator.nights(KEY)[0] / "private" / "notebooks"
    said = outputs_of(folder / "weekly.ipynb")
    variables = json.loads(said.partition("\n")[0])
    assert evening.secret not in variables.values()
    assert not [name for name in variables if name.endswith(("_SECRET", "_PASSWORD"))]
    assert "CREDENTIALS_DIRECTORY" not in variables
    assert "run True\nat work: None\n" in said


def test_a_run_that_is_interrupted_while_a_notebook_hangs_stays_published(evening: Evening) -> None:
    operator = evening.operator
    begun = operator.folder / "begun"
    os.mkfifo(begun)
    last = operator.folder / "notebooks" / "dies.ipynb"
    write_notebook(last, f"open({str(begun)!r}, 'w').close()\nwhile True:\n    pass")
    night = operator.started("night", KEY)
    try:
        begun.read_bytes()  # until the notebook opens it, too
        os.killpg(night.pid, signal.SIGINT)
        said, _ = night.communicate(timeout=120)
    finally:
        begun.unlink()
        write_notebook(last, "1 + 1")
    assert f"{KEY}  published" in said
    assert "not done: the district's process was ended while its notebooks ran" in said
    assert operator.record(KEY)["verdict"] == "published"
    published = operator.data / KEY / "published"
    assert published.resolve() == operator.nights(KEY)[-1]
    assert set(published_files(operator, KEY)) >= {"students.csv", "manifest.json"}
