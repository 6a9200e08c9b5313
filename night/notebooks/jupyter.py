"""What a district's Jupyter processes are told: where to keep what, and nothing secret."""

from __future__ import annotations

import os
from pathlib import Path

from district.checkout import JUPYTER
from district.credentials import environment_without_secrets
from district.folder import DistrictFolder
from district.private_files import make_private_folder

# Sockets have short names on every system (104 bytes on macOS, with the zero at the end).
_LONGEST_SOCKET = 103
_KERNEL = "kernel-00000000-0000-0000-0000-000000000000-ipc-5"


def jupyter_environment(folder: DistrictFolder, runtime: Path) -> dict[str, str]:
    """The environment of JupyterLab, papermill and their kernels for a district.

    Their settings come from notebooks/jupyter; what they keep is in the district's private folder, and
    nothing is read from or written to the user's home folder.

    Args:
        folder: the district's.
        runtime: for connection files and sockets, which are of no use after this.
    """
    own = folder.jupyter
    # IPython would put a README there that others may read, if it made the folder itself.
    make_private_folder(own / "ipython" / "profile_default" / "startup")
    return environment_without_secrets() | {
        "PLUS360_DATA": str(folder.path.parent),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_CONFIG_PATH": str(JUPYTER),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_PATH": str(JUPYTER),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "IPYTHONDIR": str(own / "ipython"),
    }


def transport(runtime: Path) -> str:
    """How a kernel is reached: files that only this user can open, or TCP where their paths are too long."""
    return "ipc" if len(os.fsencode(runtime / _KERNEL)) <= _LONGEST_SOCKET else "tcp"


def connection(runtime: Path) -> dict[str, str]:
    """The settings with which papermill's kernel is reached: its sockets belong to this run alone."""
    how = transport(runtime)
    return {"transport": how} | ({"ip": str(runtime / "kernel-ipc")} if how == "ipc" else {})
