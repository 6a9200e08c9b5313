"""Opens JupyterLab on the analyst's notebook of one district."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import papermill

from district.folder import NOTEBOOKS, DistrictFolder

NOTEBOOK = NOTEBOOKS / "explore.ipynb"

# On loopback, and without JupyterLab's own calls to the outside (news, updates, extensions).
SILENT = [
    "--ip=127.0.0.1",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]


def explore_notebook(data: Path, district_key: str) -> Path:
    """The analyst's own copy of explore.ipynb for a district, made when it is not there.

    It lies in the district's private folder: what it shows is personal, and never gets into the checkout.
    """
    notebook = DistrictFolder.of(data, district_key).path / "private" / NOTEBOOK.name
    if not notebook.exists():
        notebook.parent.mkdir(exist_ok=True, mode=0o700)
        papermill.execute_notebook(
            NOTEBOOK, notebook, {"district": district_key}, prepare_only=True, progress_bar=False
        )
    return notebook


def open_explore(data: Path, district_key: str) -> int:
    """Serve JupyterLab on loopback until it is closed; returns its exit code."""
    notebook = explore_notebook(data, district_key)
    return subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-m", "jupyterlab", *SILENT, str(notebook)],
        env=os.environ | {"PLUS360_DATA": str(data.resolve())},
        check=False,
    ).returncode
