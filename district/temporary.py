"""Folders in the system's temporary folder, which the next run finds and removes if a process is killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The name says whose it is: a process that is gone needs it no more.
_NAME = re.compile(r"plus360-(\d+)-\w+")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of this process alone, mode 0700, removed at the end; what killed ones left goes first."""
    remove_stale_folders()
    with tempfile.TemporaryDirectory(prefix=f"plus360-{os.getpid()}-") as folder:
        yield Path(folder)


def remove_stale_folders() -> None:
    """Remove the temporary folders of this user's processes that are gone."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            name = _NAME.fullmatch(path.name)
            if name and _is_gone(int(name[1])) and path.lstat().st_uid == os.getuid():
                shutil.rmtree(path, ignore_errors=True)  # it refuses links


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
