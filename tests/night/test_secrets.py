"""No child process of ours has a district's secret in its environment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import Sandbox, generated
from sandbox.server.proxy import Proxy
from tests.conftest import PROJECT
from tests.night.conftest import Operator

# A kernel that writes down its environment before it becomes the usual one.
KERNEL = """
import json, os, pathlib, sys
pathlib.Path({seen!r}).write_text(json.dumps(dict(os.environ)))
os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *sys.argv[1:]])
"""
LOGIN = "plus360:the-password-of-the-proxy"
HOLD_SECRETS = {
    "PLUS360_ANOTHER_DISTRICT_SECRET": "the secret of another district",
    "CREDENTIALS_DIRECTORY": "/run/credentials/plus360.service",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "KEYRING_PROPERTY_KEYFILE": "of-a-keyring",
}


def variables_seen(operator: Operator) -> Path:
    """Make every notebook's kernel write its environment to the file that is returned."""
    seen = operator.folder / "environment.json"
    kernel = operator.folder / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.py").write_text(KERNEL.format(seen=str(seen)), encoding="utf-8")
    argv = [sys.executable, str(kernel / "kernel.py"), "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}), encoding="utf-8"
    )
    operator.environment |= HOLD_SECRETS | {"JUPYTER_PATH": str(operator.folder / "jupyter")}
    return seen


def holds_no_secret(variables: dict[str, str], secret: str) -> None:
    assert "PATH" in variables
    assert not variables.keys() & HOLD_SECRETS.keys()
    assert secret not in variables.values()
    assert not [name for name in variables if name.endswith("_SECRET")]


def test_a_nightly_run_starts_no_kernel(operator: Operator) -> None:
    """A notebook's kernel would have its environment, and the report needs none."""
    with Sandbox(generated(students=40, seed=1)) as box, Proxy(login=LOGIN) as proxy:
        operator.knows("oak-hill", box)
        seen = variables_seen(operator)
        operator.environment |= {"HTTPS_PROXY": proxy.address.replace("//", f"//{LOGIN}@")}
        for command in ("night", "report"):
            done = operator.process(command, "oak-hill")
            assert done.returncode == 0, done.stdout + done.stderr
            assert not seen.exists()
        assert proxy.requests, "the district's own process knows the proxy's login"


@pytest.mark.skipif(sys.platform != "linux", reason="reads another process's environment from /proc")
def test_jupyterlab_has_no_secret(operator: Operator) -> None:
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows("oak-hill", box)
        assert operator.plus360("extract", "oak-hill").returncode == 0
        environments = environments_of_jupyterlab(operator)
    assert environments
    for variables in environments:
        holds_no_secret(variables, box.consumer_secret)


def environments_of_jupyterlab(operator: Operator) -> list[dict[str, str]]:
    """Run `plus360 explore` until JupyterLab answers; the environments of the processes that it started."""
    operator.environment |= HOLD_SECRETS
    explore = operator.started("explore", "oak-hill", "--no-browser", "--allow-root")
    try:
        assert explore.stdout
        next(line for line in explore.stdout)  # it names the address as soon as it is there
        children = (
            Path(f"/proc/{explore.pid}/task/{explore.pid}/children").read_text(encoding="utf-8").split()
        )
        environments = [Path(f"/proc/{child}/environ").read_text(encoding="utf-8") for child in children]
    finally:
        explore.send_signal(signal.SIGINT)
        explore.communicate(timeout=60)
    return [
        dict(pair.split("=", 1) for pair in environment.split("\0") if "=" in pair)
        for environment in environments
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="asyncssh looks for a library with gcc")
def test_what_asyncssh_starts_sees_no_secret(tmp_path: Path) -> None:
    compiler = tmp_path / "gcc"
    compiler.write_text(f"#!/bin/sh\nenv >> {tmp_path / 'seen'}\n")
    compiler.chmod(0o700)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "PLUS360_OAK_HILL_SFTP_PASSWORD": "words",
    }
    code = (
        "from district.settings.delivery import DeliverySettings; from pydantic import SecretStr; "
        "from night.delivery.attempt import attempt_login; "
        "to = DeliverySettings(sftp='sftp://imports@127.0.0.1:1/incoming'); "
        "print(attempt_login('oak-hill', to, SecretStr('words')).outcome.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "connection_refused\n"
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert "PLUS360_OAK_HILL" not in seen
