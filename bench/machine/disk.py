"""What a disk, a folder or a limit can refuse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bench.machine.scene import DISTRICT, Scene, Seen

NOBODY = 65534
# Mounts in a namespace of its own. What the command left is copied out before the mount is gone.
_ON_TMPFS = """
mount -t tmpfs -o size="$BYTES",mode=0700 tmpfs "$PLUS360_DATA" && cp -a "$SEED/." "$PLUS360_DATA"
"$@"; code=$?; mkdir "$OUT"; cp -a "$PLUS360_DATA/." "$OUT"; exit $code
"""
_READ_ONLY = """
mount --bind "$PLUS360_DATA" "$PLUS360_DATA" && mount -o remount,ro,bind "$PLUS360_DATA"
"$@"
"""
_SMALL_TMP = """
mount -t tmpfs -o size=64k,mode=1777 tmpfs /tmp
(cd /tmp && dd if=/dev/zero of=full bs=1k count=64 2>/dev/null)
"$@"
"""
_NO_TMP = """
for folder in /tmp /var/tmp /usr/tmp /mnt; do
  if [ -d "$folder" ]; then mount -t tmpfs -o ro,size=4k tmpfs "$folder"; fi
done
cd /mnt
"$@"
"""


def _mounted(script: str) -> list[str]:
    who = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *who, "--mount", "sh", "-c", script, "sh"]


def almost_full(megabytes: float) -> Callable[[Scene], Seen]:
    """A nightly run on a file system on which so much is free."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        used = sum(path.stat().st_blocks * 512 for path in scene.data.rglob("*") if not path.is_symlink())
        shutil.rmtree(scene.data)
        scene.data.mkdir()
        out = scene.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        variables = {
            "BYTES": str(used + int(megabytes * 2**20)),
            "SEED": str(scene.seed),
            "OUT": str(out),
        }
        return scene.start("night", DISTRICT, inside=_mounted(_ON_TMPFS), variables=variables).end(out)

    return run


def read_only(*words: str) -> Callable[[Scene], Seen]:
    def run(scene: Scene) -> Seen:
        scene.fresh()
        return scene.start(*words, inside=_mounted(_READ_ONLY)).end()

    return run


def of_another_account(*words: str) -> Callable[[Scene], Seen]:
    """The data folder is another account's; only root can try that."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return scene.start(*words, inside=user, variables={"HOME": "/nonexistent"}).end()

    return run


def few_files(limit: int) -> Callable[[Scene], Seen]:
    def run(scene: Scene) -> Seen:
        scene.fresh()
        return scene.start("night", DISTRICT, inside=["prlimit", f"--nofile={limit}:{limit}"]).end()

    return run


def small_files(megabytes: int) -> Callable[[Scene], Seen]:
    """No file may become larger: a quota says the same."""

    def run(scene: Scene) -> Seen:
        scene.fresh()
        return scene.start("night", DISTRICT, inside=["prlimit", f"--fsize={megabytes * 2**20}"]).end()

    return run


def full_tmp(scene: Scene) -> Seen:
    scene.fresh()
    return scene.start("night", DISTRICT, inside=_mounted(_SMALL_TMP)).end()


def no_tmp(scene: Scene) -> Seen:
    scene.fresh()
    return scene.start("night", DISTRICT, inside=_mounted(_NO_TMP)).end()


def no_home(scene: Scene) -> Seen:
    """Jupyter and dbt like to keep things in the home folder."""
    scene.fresh()
    return scene.start("night", DISTRICT, variables={"HOME": "/proc/nowhere"}).end()


def link_outside(name: str) -> Callable[[Scene], Seen]:
    """A folder of the district is a link to one elsewhere."""

    def run(scene: Scene) -> Seen:
        folder = scene.fresh()
        elsewhere = scene.folder / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        place = folder.path / name
        place.rename(elsewhere)
        place.symlink_to(elsewhere)
        before = _listed(elsewhere)
        seen = scene.start("night", DISTRICT).end()
        if _listed(elsewhere) != before:
            seen.left.append("something written through the link")
        place.unlink()
        elsewhere.rename(place)
        return seen

    return run


def _listed(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")}
