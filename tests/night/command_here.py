"""The `plus360` command in the process of the tests: it says and does the same, and starts at once."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from multiprocessing import forkserver
from pathlib import Path

from night.machine.interruption import SIGNALS


def run_here(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Call the console script's own entry point as a process would: in a folder, with an environment.

    A night's districts are processes all the same: forks of the one server that the first night has started.
    """
    from night import cli

    said, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code: object = 0
    with ExitStack() as process:
        for its in (
            chdir(folder),
            _environment(environment),
            _as_it_was(),
            _not_replaced(),
            redirect_stdout(said),
            redirect_stderr(errors),
        ):
            process.enter_context(its)
        sys.argv = ["plus360", *words]
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
    text = [stream.buffer.getvalue().decode() for stream in (said, errors)]
    return subprocess.CompletedProcess(["plus360", *words], code, *text)


def end_fork_server() -> None:
    """Let the next night start another one: each keeps the folder for temporary files that it began with."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _not_replaced() -> Iterator[None]:
    """A command that would replace this process by another one fails: it needs a process of its own."""

    def replace(*_: object) -> None:
        raise AssertionError("this command starts again: run it in a process of its own")

    execve, os.execve = os.execve, replace  # type: ignore[assignment]
    try:
        yield
    finally:
        os.execve = execve


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Afterward, what a command sets for its process alone is as before."""
    arguments, mask = sys.argv, os.umask(0o022)
    os.umask(mask)
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        sys.argv = arguments
        os.umask(mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
