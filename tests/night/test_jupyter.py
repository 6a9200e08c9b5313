"""What an analyst gets to work in."""

from __future__ import annotations

from pathlib import Path

import nbformat

from night.commands.workbench.explore import explore_notebook


def test_each_district_has_a_notebook_of_its_own_that_is_kept(tmp_path: Path) -> None:
    notebook = explore_notebook(tmp_path, "oak-hill")
    assert notebook.parent == tmp_path / "oak-hill" / "private"
    assert notebook.parent.stat().st_mode & 0o077 == 0
    assert 'district = "oak-hill"' in "\n".join(cell.source for cell in nbformat.read(notebook, 4).cells)

    notebook.write_text("what the analyst made of it", encoding="utf-8")
    assert explore_notebook(tmp_path, "oak-hill").read_text(encoding="utf-8") == "what the analyst made of it"
