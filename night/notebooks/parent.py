"""Ends a process of ours when its parent does, also where the parent was killed."""

from __future__ import annotations

import os
import signal
import threading

# From asking this process to end until it is ended.
_GRACE_SECONDS = 15.0


def end_with_parent(alone: threading.Event | None = None) -> None:
    """From here on, the end of stdin ends this process: the parent holds it open while it is there.

    The kernels of a process that is ended see that their parent is gone, and end as well.

    Args:
        alone: set when the parent is gone.
    """
    threading.Thread(target=_wait, args=(alone or threading.Event(),), daemon=True).start()


def _wait(alone: threading.Event) -> None:
    os.read(0, 1)  # sys.stdin could not be closed while a thread waits for it
    alone.set()
    os.kill(os.getpid(), signal.SIGTERM)
    if not threading.Event().wait(_GRACE_SECONDS):
        os.kill(os.getpid(), signal.SIGKILL)
