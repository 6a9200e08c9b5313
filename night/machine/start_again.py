"""Starts this command again without secrets: what it starts could read them in its parent's environment."""

from __future__ import annotations

import os
import sys

from district.credentials import environment_without_secrets

# Set where this process was started again: what needs the secrets is done by then.
_AGAIN = "PLUS360_STARTED_AGAIN"


def is_started_again() -> bool:
    """Whether this process is the command's second one, which has no secrets."""
    return _AGAIN in os.environ


def start_again_without_secrets() -> None:
    """Replace this process by the same command without any secret, once; go on where there is none.

    On Linux, another process of the same account can read the environment that a process was started with,
    even after it was cleaned. This process's number, its terminal and its exit code stay the same.
    """
    clean = environment_without_secrets()
    if is_started_again() or clean == dict(os.environ):
        return
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], clean | {_AGAIN: "1"})  # noqa: S606 - ourselves
