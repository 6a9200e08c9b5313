"""An analyst's copy of a notebook: the district's own, and kept once it was changed."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from district.checkout import NOTEBOOKS
from district.folder import DistrictFolder
from night.notebooks import library, own_copy
from night.notebooks.library import NotebookError
from night.notebooks.own_copy import notebook_to_open
from tests.notebooks.by_hand import write_notebook


@pytest.fixture
def folder(tmp_path: Path) -> DistrictFolder:
    return DistrictFolder.of(tmp_path, "oak-hill")


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes explore.ipynb another one, as an upgrade of plus360 does."""
    ours = write_notebook(tmp_path / "ours" / "explore.ipynb", "'of the new version'")
    monkeypatch.setattr(own_copy, "find_notebook", lambda _: ours)


def cells_of(path: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


def change(path: Path, source: str | None = None, output: str | None = None) -> None:
    """Write into the second cell, or run it."""
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.source = source or cell.source
    if output:
        cell.outputs = [nbformat.v4.new_output("stream", text=output)]
        cell.execution_count = 1
    nbformat.write(notebook, path)


@pytest.mark.parametrize("name", library.names_in())
def test_each_of_ours_is_copied_for_the_district_alone(folder: DistrictFolder, name: str) -> None:
    opened = notebook_to_open(folder, name)
    assert opened.path == folder.private / f"{name}.ipynb"
    assert opened.path.stat().st_mode & 0o077 == folder.private.stat().st_mode & 0o077 == 0
    assert 'district = "oak-hill"' in cells_of(opened.path)
    assert 'district = ""' in cells_of(NOTEBOOKS / f"{name}.ipynb")


@pytest.mark.usefixtures("newer")
def test_a_copy_that_only_ran_is_replaced_by_a_newer_one(
    folder: DistrictFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(own_copy, "find_notebook", library.find_notebook)
        change(notebook_to_open(folder, "explore").path, output="2 rows")
    opened = notebook_to_open(folder, "explore")
    assert "of the new version" in cells_of(opened.path)
    assert opened.note == ""


@pytest.mark.usefixtures("newer")
def test_a_copy_that_was_changed_is_kept(folder: DistrictFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(own_copy, "find_notebook", library.find_notebook)
        change(notebook_to_open(folder, "explore").path, source="my_own = 1")
        assert notebook_to_open(folder, "explore").note == ""
    opened = notebook_to_open(folder, "explore")
    assert "my_own = 1" in cells_of(opened.path)
    assert opened.note.startswith("explore.ipynb is your own version")


def test_what_is_no_notebook_is_kept(folder: DistrictFolder) -> None:
    folder.private.mkdir(parents=True)
    (folder.private / "explore.ipynb").write_text("what the analyst made of it", encoding="utf-8")
    assert (
        notebook_to_open(folder, "explore").path.read_text(encoding="utf-8") == "what the analyst made of it"
    )


def test_one_in_the_private_folder_is_opened_as_it_is(folder: DistrictFolder) -> None:
    mine = write_notebook(folder.private / "mine.ipynb", "1")
    assert notebook_to_open(folder, "mine").path == mine
    with pytest.raises(NotebookError, match=r"no notebook 'nine'\. There are .*explore.*, mine"):
        notebook_to_open(folder, "nine")


def test_the_latest_that_ran_after_a_nightly_run_is_copied(folder: DistrictFolder) -> None:
    for run, name, said in (("1", "weekly", "old"), ("2", "weekly", "new"), ("3", "other", "another")):
        write_notebook(folder.night(f"2026112{run}T020000000Z").notebooks / f"{name}.ipynb", said)
    opened = notebook_to_open(folder, "weekly")
    assert opened.path == folder.private / "weekly-20261122T020000000Z.ipynb"
    assert opened.path.stat().st_mode & 0o077 == 0
    assert "new" in cells_of(opened.path)
    assert "as it ran after run 20261122T020000000Z" in opened.note
    change(opened.path, source="my_own = 1")
    assert "my_own = 1" in cells_of(notebook_to_open(folder, "weekly").path)
    with pytest.raises(NotebookError, match=r"There are .*, weekly-20261122T020000000Z, weekly, other$"):
        notebook_to_open(folder, "nine")
