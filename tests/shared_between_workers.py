"""What many tests read and none changes, made once in a run of pytest, by the worker that needs it first."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock


@dataclass(frozen=True)
class SharedFolders:
    """Folders that all workers of one run of pytest read: the same fixture `shared` in each of them."""

    root: Path

    def folder(self, name: str, *decides: object, make: Callable[[Path], object]) -> Path:
        """The folder of this name; `make` fills it, unless a worker has done so.

        Its files are read-only afterwards. A test that changes them works on a `copy_of` it.

        Args:
            name: what it is, in letters, digits and dashes.
            decides: all that decides what is in it, as values that JSON knows; bytes count, too.
            make: is given the empty folder. If it raises, the next one who asks makes it again.
        """
        key = hashlib.sha256(json.dumps(decides, sort_keys=True, default=_hex).encode()).hexdigest()
        folder, done = self.root / f"{name}-{key[:16]}", self.root / f"{name}-{key[:16]}.done"
        with FileLock(self.root / f"{name}-{key[:16]}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                for path in folder.rglob("*"):
                    if path.is_file() and not path.is_symlink():
                        path.chmod(path.stat().st_mode & ~0o222)
                done.touch()
        return folder


def copy_of(shared: Path, copy: Path) -> Path:
    """A copy of a shared folder, or of a folder in it, whose files may be changed; `copy` may exist."""

    def writable(source: str, target: str) -> str:
        shutil.copy2(source, target)
        Path(target).chmod(Path(target).stat().st_mode | 0o200)
        return target

    return Path(shutil.copytree(shared, copy, copy_function=writable, symlinks=True, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SharedFolders:
    """What the workers of this run share; without workers, what its tests share."""
    own = tmp_path_factory.getbasetemp()
    root = (own.parent if hasattr(request.config, "workerinput") else own) / "shared"
    root.mkdir(exist_ok=True)
    return SharedFolders(root)


def _hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"not a value that JSON knows: {type(value).__name__}")
