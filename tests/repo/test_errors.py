"""Every error that we word has a text that is safe to show, and says so by its base class."""

from __future__ import annotations

import ast

from tests.repo.project_files import PACKAGES, project_files, text_of

BASE = ("district/errors.py", "Plus360Error")


def test_every_error_of_ours_is_shown_in_its_own_words() -> None:
    """Of any other error the operator sees its type and place only: what was said of the cause is lost."""
    modules = [path for path in project_files() if path.endswith(".py") and path.split("/")[0] in PACKAGES]
    bare = {
        (module, node.name)
        for module in modules
        for node in ast.walk(ast.parse(text_of(module)))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Exception" for base in node.bases)
    }
    assert bare == {BASE}
