"""What a reader of a district sees at one moment: one complete nightly run, or faults in plain words.

The reader knows the layout on disk (docs/operations.md, "What is on disk") and nothing else of ours: it
reads JSON, CSV and DuckDB with their own libraries. It resolves `published` once and reads everything from
there.
"""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.crash.nights import District, Fork
from district.data_folder import DataFolder
from district.folder import MANIFEST, DistrictFolder, NightFolder

# Reading everything costs as much as a step of a run: a reader that never rests would slow the runs down.
POLL_SECONDS = 1.0
Polled = Callable[[], tuple[str, ...]]


@dataclass(frozen=True)
class Seen:
    """What a reader saw.

    Attributes:
        run_id: the run that `published` names; None where nothing was published.
        faults: why it is not one complete nightly run; empty where it is.
    """

    run_id: str | None
    faults: tuple[str, ...]


def look(folder: DistrictFolder, *, alone: bool) -> Seen:
    """Read everything that is published of a district.

    Args:
        folder: the district's.
        alone: whether no nightly run is at work: then raw.duckdb must be readable.
    """
    while True:
        link = folder.published_link
        if not link.is_symlink():
            leftover = [path.name for path in (link, folder.warehouse, folder.export) if path.exists()]
            return Seen(None, tuple(f"{name} without a published run" for name in leftover))
        night = NightFolder(folder.path / link.readlink())
        faults = tuple(_faults(folder, night, alone=alone))
        # A run that is published while we read may forget the files of the one before the last.
        if not faults or (link.is_symlink() and folder.path / link.readlink() == night.path):
            return Seen(night.run_id, faults)


def _faults(folder: DistrictFolder, night: NightFolder, *, alone: bool) -> Iterator[str]:
    if not night.path.is_dir():
        yield "published leads nowhere"
        return
    yield from _files_of(night)
    yield from _import_of(night)
    for link, target in ((folder.warehouse, night.warehouse), (folder.export, night.export)):
        if not link.exists():
            yield f"{link.name} beside published is missing"
        elif link.resolve() != target and folder.published_link.resolve() == night.path:
            yield f"{link.name} beside published leads elsewhere"
    yield from _history_of(folder, night, alone=alone)
    yield from _index_of(folder, night)


def _files_of(night: NightFolder) -> Iterator[str]:
    for path in (night.qa_json, night.record):
        told = _json(path)
        if told is None:
            yield f"{path.name} is missing"
        elif (told.get("run_id"), told.get("verdict")) != (night.run_id, "published"):
            yield f"{path.name} is not of a published run"
    if not night.report.is_file():
        yield f"{night.report.name} is missing"
    elif night.run_id not in night.report.read_text(encoding="utf-8"):
        yield f"{night.report.name} is of another run"


def _import_of(night: NightFolder) -> Iterator[str]:
    manifest = _json(night.export / MANIFEST)
    if manifest is None:
        yield f"{MANIFEST} is missing"
        return
    if manifest.get("run_id") != night.run_id:
        yield f"{MANIFEST} is of another run"
    try:
        expected = _import_in(night.warehouse)
    except duckdb.Error as error:
        yield f"the warehouse can't be read ({type(error).__name__})"
        return
    if manifest["files"].keys() != expected.keys():
        yield f"{MANIFEST} names other files than the warehouse"
    for name, rows in expected.items():
        path = night.export / name
        if not path.is_file():
            yield f"{name} is missing"
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["files"].get(name, {}).get("sha256"):
            yield f"{name} is not what {MANIFEST} says"
        with path.open(encoding="utf-8", newline="") as file:
            if sorted(map(tuple, csv.reader(file))) != rows:
                yield f"{name} differs from the warehouse"


def _import_in(warehouse: Path) -> dict[str, list[tuple[str, ...]]]:
    """The files that the marts of a warehouse give, header and rows, sorted."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        layout = con.execute("select file, column_names, field_names from marts.import_files").fetchall()
        files = {}
        for file, columns, fields in layout:
            mart = f"marts.import_{Path(file).stem}"
            rows = con.execute(f"select {', '.join(fields)} from {mart}").fetchall()
            texts = [tuple("" if value is None else str(value) for value in row) for row in rows]
            files[file] = sorted([tuple(columns), *texts])
    return files


def _history_of(folder: DistrictFolder, night: NightFolder, *, alone: bool) -> Iterator[str]:
    try:
        verdicts = history(folder)
    except duckdb.Error as error:
        if alone:
            yield f"raw.duckdb can't be read ({type(error).__name__})"
        return
    if verdicts.get(night.run_id) != "published":
        yield "history lacks the run"


def history(folder: DistrictFolder) -> dict[str, str]:
    """The verdict of each run in history.

    Raises:
        duckdb.Error: raw.duckdb is being written, or can't be read.
    """
    with closing(duckdb.connect(str(folder.raw), read_only=True)) as con:
        return dict(con.execute("select run_id, verdict from history.nights").fetchall())


def _index_of(folder: DistrictFolder, published: NightFolder) -> Iterator[str]:
    """Once there is an index, the run that it names is on disk with the verdict that it says."""
    index = _json(DataFolder(folder.path.parent).index_json)
    for line in index["districts"] if index else ():
        if line["run_id"] is None:
            continue
        if line["verdict"] == "published" and line["run_id"] > published.run_id:
            yield "the index calls a run published that is not"
        record = _json(folder.night(line["run_id"]).record)
        if record is None or record["verdict"] != line["verdict"]:
            yield "the index differs from the night.json that it names"
        if line["report"] and not (folder.path.parent / line["report"]).is_file():
            yield "the index names a report that is not there"


def _json(path: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told


@contextmanager
def polling(district: District) -> Iterator[Polled]:
    """A reader in a process of its own; the function says what it saw since it was last asked."""
    log = district.place / "polled"
    log.touch()
    reader = Fork(lambda: _poll(district.folder, log))
    read = 0

    def polled() -> tuple[str, ...]:
        nonlocal read
        lines = log.read_text(encoding="utf-8").splitlines()
        new, read = lines[read:], len(lines)
        return tuple(sorted({fault for line in new for fault in json.loads(line)}))

    try:
        yield polled
    finally:
        reader.send(signal.SIGKILL)
        reader.wait()


def _poll(folder: DistrictFolder, log: Path) -> None:
    while True:
        faults = look(folder, alone=False).faults
        if faults:
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(faults) + "\n")
        time.sleep(POLL_SECONDS)
