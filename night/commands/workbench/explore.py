"""JupyterLab on one district's data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from district.checkout import NOTEBOOKS
from district.credentials import environment_without_secrets
from district.folder import DistrictFolder
from district.private_files import make_private_folder
from night.commands.options import (
    CONFIG,
    DATA,
    ConfigOption,
    DataOption,
    DistrictArgument,
    choose_district,
    last_pulled_night,
)
from night.machine.troubles import MachineError

NOTEBOOK = NOTEBOOKS / "explore.ipynb"

# On loopback, and without JupyterLab's own calls to the outside (news, updates, extensions).
SILENT = [
    "--ip=127.0.0.1",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]


def explore(district: DistrictArgument, config: ConfigOption = CONFIG, data: DataOption = DATA) -> None:
    """JupyterLab on the district's raw data, opened read-only."""
    chosen = choose_district(district, config)
    last_pulled_night(data, chosen)
    if not os.access(Path.home(), os.W_OK):
        raise MachineError(
            "nothing can be written to the home folder, where JupyterLab keeps its settings. Set HOME to a "
            "folder that can be written to, then run it again"
        )
    raise typer.Exit(_serve_jupyterlab(data, explore_notebook(data, chosen.key)))


def explore_notebook(data: Path, district_key: str) -> Path:
    """The analyst's own copy of explore.ipynb for a district, made when it is not there.

    It is in the district's private folder: what it shows is personal, and never gets into the checkout.
    """
    notebook = DistrictFolder.of(data, district_key).private / NOTEBOOK.name
    if not notebook.exists():
        import papermill  # noqa: PLC0415 - it takes a second, and `plus360 --help` should be quick

        make_private_folder(notebook.parent)
        papermill.execute_notebook(
            NOTEBOOK, notebook, {"district": district_key}, prepare_only=True, progress_bar=False
        )
    return notebook


def _serve_jupyterlab(data: Path, notebook: Path) -> int:
    """Serve JupyterLab on loopback until it is closed; no district's secret is in its environment."""
    return subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-m", "jupyterlab", *SILENT, str(notebook)],
        env=environment_without_secrets() | {"PLUS360_DATA": str(data.resolve())},
        check=False,
    ).returncode
