"""Opens JupyterLab on the analyst's notebook of one district."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from night.folder import DistrictFolder

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "explore.ipynb"


def open_explore(data: Path, district_key: str) -> int:
    """Serve JupyterLab on loopback until it is closed; returns its exit code.

    The analyst gets a copy of the notebook in the district's private folder: what it shows is personal, and
    never lies in the checkout.
    """
    folder = DistrictFolder.of(data, district_key)
    private = folder.path / "private"
    private.mkdir(exist_ok=True, mode=0o700)
    notebook = private / NOTEBOOK.name
    if not notebook.exists():
        shutil.copyfile(NOTEBOOK, notebook)
    environment = os.environ | {"PLUS360_DATA": str(data.resolve()), "PLUS360_DISTRICT": district_key}
    return subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", str(notebook)], env=environment, check=False
    ).returncode
