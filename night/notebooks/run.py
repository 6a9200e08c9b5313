"""Runs one notebook for a district in a process of its own, within a time limit, and puts it in its place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from district.folder import DistrictFolder
from district.private_files import make_private_folder, sync_file, sync_folder
from district.temporary import temporary_folder
from night.machine.troubles import shortage, words_of
from night.notebooks.jupyter import connection, jupyter_environment
from night.notebooks.library import for_papermill

TIME_LIMIT = timedelta(minutes=30)
# From its end, or from asking it to end, until its process is gone.
GRACE = timedelta(seconds=30)


@dataclass(frozen=True)
class Ran:
    """How a notebook ended.

    Attributes:
        trouble: what went wrong, with no text of the error: that may quote data. None where nothing did.
        path: the notebook with its outputs; None where it did not get so far that there is one.
    """

    trouble: str | None
    path: Path | None


def run_notebook(
    notebook: Path,
    to: Path,
    parameters: Mapping[str, Any],
    folder: DistrictFolder,
    *,
    inside: Path | None = None,
    limit: timedelta = TIME_LIMIT,
) -> Ran:
    """Run a notebook; write it with its outputs to a place of the district's private folders.

    One that fails is beside that place, as `<name>.failed.ipynb`; a good one of before stays.

    Args:
        notebook: which.
        to: its place: `<name>.ipynb`.
        parameters: its values; each is declared by the notebook.
        folder: the district's.
        inside: the folder in which it runs, made for it and kept if it leaves something there; that of its
            place if None.
        limit: how long it may take.
    """
    make_private_folder(folder.private)
    make_private_folder(to.parent)
    make_private_folder(inside or to.parent)
    draft = to.with_name(f".{to.stem}.{os.getpid()}.ipynb")  # not a name that a run's repair removes
    failed = to.with_name(f"{to.stem}.failed.ipynb")
    try:
        with temporary_folder() as runtime:
            order = {
                "notebook": for_papermill(notebook),
                "draft": str(draft),
                "output": for_papermill(draft),
                "parameters": dict(parameters),
                "folder": str(inside or to.parent),
                "seconds": limit.total_seconds(),
                "kernel": connection(runtime),
                "trusted_in": str(folder.jupyter / "data"),
                "ended": str(runtime / "ended.json"),
            }
            trouble = _trouble(_run(order, folder, runtime, limit), limit)
        if not draft.exists():
            return Ran(trouble or "it left nothing", None)
        place = failed if trouble else to
        draft.chmod(0o600)
        sync_file(draft)
        draft.replace(place)
        if not trouble:
            failed.unlink(missing_ok=True)
        sync_folder(to.parent)
        return Ran(trouble, place)
    finally:
        draft.unlink(missing_ok=True)
        if inside:
            with suppress(OSError):  # it left something there, or removed it
                inside.rmdir()


def _run(order: Mapping[str, Any], folder: DistrictFolder, runtime: Path, limit: timedelta) -> dict[str, Any]:
    """Run it; what its process said of its end."""
    make_private_folder(folder.jupyter)
    make_private_folder(folder.jupyter / "data")
    process = subprocess.Popen(
        [sys.executable, "-m", "night.notebooks.process"],
        env=jupyter_environment(folder, runtime),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # Ctrl-C reaches us alone, and we end it
    )
    try:
        _tell(process, order)
        process.wait((limit + GRACE).total_seconds())
    except subprocess.TimeoutExpired:
        return {"how": "late"}
    finally:
        _end(process)
    with suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(Path(order["ended"]).read_text(encoding="utf-8"))
        return found
    return {"how": "killed", "code": process.returncode}


def _tell(process: subprocess.Popen[str], order: Mapping[str, Any]) -> None:
    """Say what to run. Its stdin stays open as long as this process lives: the end of it ends the other."""
    if process.stdin:
        with suppress(BrokenPipeError):  # how it ended says why
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()


def _end(process: subprocess.Popen[str]) -> None:
    """See to it that the process is gone; its kernel ends with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE.total_seconds())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _trouble(ended: Mapping[str, Any], limit: timedelta) -> str | None:
    """What went wrong, in words without any of the notebook's own."""
    where = f"cell {ended['cell']}" if ended.get("cell") else "it"
    if ended["how"] == "well":
        return None
    if ended["how"] == "failed":
        return f"{where} failed ({ended['error']})"
    if ended["how"] == "died":
        return f"{where} ended its kernel{_code_words(ended['code'])}"
    if ended["how"] == "late":
        return f"{where} was still at work after {limit.total_seconds() / 60:.3g} minutes, and was ended"
    number = ended.get("number")
    if lacking := words_of(OSError(number, "")) if number else shortage():
        return lacking
    why = f" ({ended['error']})" if "error" in ended else _code_words(ended["code"])
    return f"its process ended before it was done{why}"


def _code_words(code: int | None) -> str:
    """With what a process ended; a kernel that is killed was often the largest process of a full memory."""
    if code is None:
        return ""
    if code == -signal.SIGKILL:
        return " (it was killed; the machine may have run out of memory)"
    return f" (signal {-code})" if code < 0 else f" (exit code {code})"
