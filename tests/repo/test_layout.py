"""Folders and modules stay small enough to find one's way: neither too many modules, nor too long ones."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

from tests.repo.project_files import PACKAGES, project_files, text_of

MOST_MODULES = 12
MOST_LINES = 250
# Folders and modules that still break these rules. The sets may only become smaller.
ONE_FILE: set[str] = set()
TOO_MANY_MODULES: set[str] = set()
TOO_LONG = {
    "extract/outcomes.py",  # one table, read entry by entry
    "tests/dbt_project/test_nights.py",
    "tests/extract/test_preflight.py",
    "tests/qa/test_document.py",
}


def python_files() -> list[PurePosixPath]:
    folders = (*PACKAGES, "bench", "tests")
    paths = map(PurePosixPath, project_files())
    return [path for path in paths if path.suffix == ".py" and path.parts[0] in folders]


def modules_by_folder() -> dict[str, set[str]]:
    """The Python files in each folder, without `__init__.py` and those in its subfolders."""
    modules = defaultdict(set)
    for path in python_files():
        if path.name != "__init__.py":
            modules[str(path.parent)].add(path.name)
    return modules


def test_no_folder_has_only_one_module() -> None:
    modules = modules_by_folder()
    parents = {str(PurePosixPath(folder).parent) for folder in modules}
    assert {folder for folder in modules if len(modules[folder]) == 1 and folder not in parents} <= ONE_FILE


def test_no_folder_of_a_package_has_too_many_modules() -> None:
    too_many = {
        folder: len(names) for folder, names in modules_by_folder().items() if len(names) > MOST_MODULES
    }
    assert {folder for folder in too_many if not folder.startswith("tests")} <= TOO_MANY_MODULES, too_many


def test_no_module_is_too_long() -> None:
    lines = {str(path): len(text_of(str(path)).splitlines()) for path in python_files()}
    too_long = {path: number for path, number in lines.items() if number > MOST_LINES}
    assert too_long.keys() <= TOO_LONG, too_long


def test_every_package_and_subfolder_says_what_is_in_it() -> None:
    packages = [path for path in python_files() if path.name == "__init__.py" and path.parts[0] in PACKAGES]
    assert packages
    assert not [str(path) for path in packages if not text_of(str(path)).startswith('"""')]
