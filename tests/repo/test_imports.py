"""Imports run one way, night -> qa -> extract -> district; only tests and the demo import sandbox."""

from __future__ import annotations

import ast

import pytest

from tests.repo.project_files import PACKAGES, project_files, text_of

# What each package may import of our own code, besides itself.
ALLOWED: dict[str, set[str]] = {
    "district": set(),
    "extract": {"district"},
    "qa": {"extract", "district"},
    "night": {"qa", "extract", "district"},
    "sandbox": {"district"},
}
OURS = {*PACKAGES, "bench", "tests"}
# The commands `plus360 demo` and `plus360 sandbox`.
MAY_IMPORT_SANDBOX = {"night/commands/sandbox.py"}
HTTP_LIBRARIES = {"http", "httpx", "requests", "requests_oauthlib", "urllib3"}


def modules_of(package: str) -> list[str]:
    return [path for path in project_files() if path.startswith(f"{package}/") and path.endswith(".py")]


def imported(module: str) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    tree = ast.parse(text_of(module))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_one_way(package: str) -> None:
    assert modules_of(package)
    for module in modules_of(package):
        allowed = ALLOWED[package] | {package} | ({"sandbox"} if module in MAY_IMPORT_SANDBOX else set())
        assert imported(module) & OURS <= allowed, module


def test_extract_does_not_import_dbt_and_qa_no_http_library() -> None:
    assert not [module for module in modules_of("extract") if "dbt" in imported(module)]
    assert not [module for module in modules_of("qa") if imported(module) & HTTP_LIBRARIES]
