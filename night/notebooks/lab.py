"""JupyterLab on one district's private folder: on this machine only, and without a word but its address."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from district.errors import Plus360Error
from district.folder import DistrictFolder
from district.private_files import make_private_folder
from district.temporary import temporary_folder
from night.notebooks.jupyter import jupyter_environment, transport

HOST = "127.0.0.1"
_ITS_FOLDER = "it shows the district's private folder only"
# Options of Jupyter that explore sets itself, by the end of their names, and why.
_OURS = {
    "ip": "it answers on this machine only",
    "port": "use --port before the --",
    "port_retries": "use --port before the --",
    "open_browser": "use --no-browser before the --",
    "no_browser": "use --no-browser before the --",
    "allow_root": "use --allow-root before the --",
    "root_dir": _ITS_FOLDER,
    "notebook_dir": _ITS_FOLDER,
    "default_url": "use --notebook before the --",
    "transport": "a kernel is reached through files that only this account can open",
}
# Between two looks whether it answers; and from asking it to end until it is ended.
_LOOK_SECONDS = 0.1
_GRACE_SECONDS = 15.0


class LabError(Plus360Error):
    """JupyterLab can't be started."""


@dataclass(frozen=True)
class Lab:
    """How JupyterLab is served.

    Attributes:
        folder: the district's; its private folder is all that JupyterLab shows.
        notebook: what it opens, in that folder.
        port: where; None for the first free one from 8888 on.
        browser: whether a browser is opened.
        as_root: whether it may run as root.
        options: Jupyter's own, such as `--ServerApp.token=`.
    """

    folder: DistrictFolder
    notebook: Path
    port: int | None = None
    browser: bool = True
    as_root: bool = False
    options: Sequence[str] = ()

    def serve(self, opened: Callable[[str], None]) -> int:
        """Serve until Ctrl-C, or until it is shut down in the browser.

        Args:
            opened: told the address, once it answers there.

        Returns:
            JupyterLab's exit code.

        Raises:
            LabError: the port is in use, this is root, or an option is one that explore sets itself.
        """
        for option in self.options:
            name = option.partition("=")[0]
            if why := _OURS.get(name.lstrip("-").rpartition(".")[2].replace("-", "_")):
                raise LabError(f"{name} is an option that explore sets itself: {why}")
        if not self.as_root and os.geteuid() == 0:
            raise LabError(
                "this is root, and a notebook could then change anything on this machine. Run it as another "
                "user, or add --allow-root"
            )
        if self.port is not None and not _is_free(self.port):
            raise LabError(f"port {self.port} is in use by another program. Choose another one with --port")
        make_private_folder(self.folder.private)
        make_private_folder(self.folder.jupyter)
        with temporary_folder() as runtime:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own options
                # -P: the analyst's own files, such as a json.py, are not JupyterLab's modules.
                [sys.executable, "-P", "-m", "night.notebooks.lab_process", *self._options(runtime)],
                env=jupyter_environment(self.folder, runtime),
                cwd=self.folder.private,
                stdin=subprocess.PIPE,  # the end of this process closes it, and that ends JupyterLab
                start_new_session=True,  # Ctrl-C reaches us alone; asked by us, it ends its kernels
            )
            try:
                if address := _address(process, runtime):
                    opened(f"{address['url']}lab/tree/{quote(self.notebook.name)}?token={address['token']}")
                return process.wait()
            finally:
                _end(process)

    def _options(self, runtime: Path) -> list[str]:
        """Jupyter's options; what comes last counts, so the analyst's change nothing that we promise."""
        return [
            *self.options,
            f"--LabApp.default_url=/lab/tree/{quote(self.notebook.name)}",
            f"--KernelManager.transport={transport(runtime)}",
            *([] if self.port is None else [f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"]),
            f"--ServerApp.open_browser={self.browser}",
            f"--ServerApp.allow_root={self.as_root}",
            f"--ServerApp.root_dir={self.folder.private}",
            f"--ServerApp.ip={HOST}",
        ]


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _address(process: subprocess.Popen[bytes], runtime: Path) -> dict[str, Any] | None:
    """What the server writes down once it listens; None where it ended before that."""
    while process.poll() is None:
        with suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((runtime / f"jpserver-{process.pid}.json").read_text())
            return found
        time.sleep(_LOOK_SECONDS)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that JupyterLab is gone, and its kernels with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin:
        process.stdin.close()
