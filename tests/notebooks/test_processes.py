"""The processes of `explore` and `notebook`: none has a secret, and none outlives the command."""

from __future__ import annotations

import json
import os
import select
import signal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import psutil
import pytest

from tests.notebooks.by_hand import outputs_of, write_notebook
from tests.notebooks.conftest import KEY, Desk

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="looks at processes as Linux shows them"
)

# What a kernel can read of itself and of those that started it.
OTHERS = """import os
pid, told = os.getpid(), ""
while pid > 1:
    told += open(f"/proc/{pid}/cmdline").read() + open(f"/proc/{pid}/environ").read() + "\\n"
    pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
print(told)"""


def _start_kernel(address: str) -> None:
    parts = urlsplit(address)
    token = parse_qs(parts.query)["token"][0]
    order = Request(
        f"http://{parts.netloc}/api/kernels",
        data=json.dumps({"name": "python3"}).encode(),
        headers={"Authorization": f"token {token}"},
    )
    with urlopen(order, timeout=60) as answer:
        assert answer.status == 201


def test_a_killed_explore_takes_jupyterlab_and_its_kernels_with_it_and_none_has_a_secret(desk: Desk) -> None:
    explore = desk.operator.started("explore", KEY, "--no-browser", "--allow-root")
    assert explore.stdout
    explore.stdout.readline()
    _start_kernel(explore.stdout.readline().strip())
    command = psutil.Process(explore.pid)
    others = command.children(recursive=True)
    assert any("ipykernel_launcher" in other.cmdline() for other in others)
    for process in (command, *others):
        assert desk.secret not in process.environ().values()
    ends = [os.pidfd_open(other.pid) for other in others]
    explore.send_signal(signal.SIGKILL)
    explore.communicate()
    for end in ends:
        assert select.select([end], [], [], 120)[0], "it outlived the command"
        os.close(end)


def test_a_notebook_finds_no_secret_in_the_command_that_runs_it(desk: Desk, tmp_path: Path) -> None:
    write_notebook(tmp_path / "others.ipynb", OTHERS)
    done = desk.operator.plus360("notebook", "others", KEY, "--notebooks", str(tmp_path))
    assert done.returncode == 0, done.stderr
    told = outputs_of(Path(done.stdout.strip()))
    assert f"notebook\0others\0{KEY}" in told, "it read what the command was started with"
    assert desk.secret not in told
