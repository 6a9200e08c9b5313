"""Only three modules of district/ know the names of files and folders below the data folder."""

from __future__ import annotations

import ast

from tests.repo.project_files import project_files, text_of

KNOW_PATHS = ("district/folder.py", "district/night_folder.py", "district/data_folder.py")
CHECKED = ("district/", "extract/", "qa/", "night/")
NAMES = {
    "nights",
    "qa.json", "night.json", "manifest.json", "index.html", "index.json", "report.html",
}  # fmt: skip
# Also words of their own: they count only in a path, such as `folder / "published"`.
ALSO_WORDS = {"private", "published", "build", "marts", "export"}
# Modules that still hard-code a path. This set may only become smaller.
OFFENDERS = {
    "extract/store/raw_store.py",
    "night/dbt_build.py",
    "qa/document.py",
    "qa/history.py",
}


def hard_coded(module: str) -> set[str]:
    """String literals of a module that name a file or folder below the data folder, docstrings excluded."""
    tree = ast.parse(text_of(module))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    literals = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    }
    operands = {
        node.right.value
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.Constant)
        and isinstance(node.right.value, str)
    }
    paths = {literal for literal in literals if not any(map(str.isspace, literal))}
    in_paths = operands | {path for path in paths if "/" in path}
    return {path for path in paths if any(part in NAMES or ".duckdb" in part for part in path.split("/"))} | {
        path for path in in_paths if set(path.split("/")) & ALSO_WORDS
    }


def test_no_other_module_hard_codes_a_data_path() -> None:
    modules = [path for path in project_files() if path.startswith(CHECKED) and path.endswith(".py")]
    found = {module: literals for module in modules if (literals := hard_coded(module))}
    for module in KNOW_PATHS:
        assert found.pop(module), "the test finds no path where the paths are"
    assert not found.keys() - OFFENDERS, found
