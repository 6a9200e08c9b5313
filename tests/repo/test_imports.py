"""The rooms import one way: night -> qa -> extract; the sandbox serves the demo and the tests only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "district": {"district"},
    "extract": {"extract", "district"},
    "qa": {"qa", "extract", "district"},
    "night": {"night", "qa", "extract", "district"},
    "sandbox": {"sandbox", "district"},
}
MAY_USE_THE_SANDBOX = {"night/demo.py"}
ROOMS = set(ALLOWED)


def imported(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_imports_run_one_way(room: str) -> None:
    for module in (PROJECT / room).rglob("*.py"):
        path = module.relative_to(PROJECT).as_posix()
        allowed = ALLOWED[room] | ({"sandbox"} if path in MAY_USE_THE_SANDBOX else set())
        assert imported(module) & ROOMS <= allowed, path


def test_extract_knows_no_dbt_and_qa_no_http() -> None:
    for module in (PROJECT / "extract").rglob("*.py"):
        assert "dbt" not in imported(module), module.name
    for module in (PROJECT / "qa").rglob("*.py"):
        assert not imported(module) & {"requests", "urllib3", "http", "requests_oauthlib"}, module.name
