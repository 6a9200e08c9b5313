"""A Dask scheduler and its workers, each in a process of its own, on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so, which another process makes so."""
    for _ in range(PATIENCE * 50):
        if condition():
            return
        threading.Event().wait(0.02)
    raise TimeoutError


@dataclass
class Cluster:
    """The scheduler, its address, and the workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def kill_the_worker_above(self, pid: int) -> None:
        """Kill the worker that a process descends from, at once."""
        ours = {worker.pid: worker for worker in self.workers}
        while pid not in ours:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        ours[pid].send_signal(signal.SIGKILL)
        ours[pid].wait()


@contextmanager
def cluster(folder: Path, environment: Mapping[str, str], *, workers: int) -> Iterator[Cluster]:
    file = folder / "scheduler.json"
    with ExitStack() as processes:
        scheduler = processes.enter_context(
            _running(
                "distributed.cli.dask_scheduler",
                "--host=127.0.0.1", "--port=0", "--no-dashboard", "--no-jupyter",
                f"--scheduler-file={file}",
                folder=folder,
                environment=environment,
            )
        )  # fmt: skip
        until(file.exists)
        started = [
            processes.enter_context(
                _running(
                    "distributed.cli.dask_worker",
                    f"--scheduler-file={file}", "--no-nanny", "--nthreads=1", "--no-dashboard",
                    folder=folder,
                    environment=environment,
                )
            )
            for _ in range(workers)
        ]  # fmt: skip
        yield Cluster(json.loads(file.read_text())["address"], scheduler, started)


@contextmanager
def _running(
    module: str, *words: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    call = f"import {module} as it; it.main()"
    with (folder / "dask.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", call, *words], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment_of(more: Mapping[str, str]) -> dict[str, str]:
    """What a worker's machine has in its environment."""
    return os.environ | {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s"} | dict(more)
