"""No notebook of the repository holds what a cell showed: that may be personal data."""

from __future__ import annotations

import json

from tests.repo.project_files import project_files, text_of


def test_notebooks_have_no_outputs() -> None:
    notebooks = [path for path in project_files() if path.endswith(".ipynb")]
    assert notebooks
    for path in notebooks:
        for cell in json.loads(text_of(path))["cells"]:
            assert not cell.get("outputs"), path
            assert cell.get("execution_count") is None, path
            assert not cell.get("attachments"), path
