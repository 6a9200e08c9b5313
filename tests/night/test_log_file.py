"""data/logs/plus360.log: whole lines, bounded, for its owner alone, and never a reason for a run to end."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from district.data_folder import DataFolder
from night.events import NightEvent
from night.log import log_file
from night.log.journal import Journal
from night.log.log_file import LogFile, log_outlet

LINES = 400


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    (tmp_path / "data").mkdir()
    return DataFolder(tmp_path / "data")


def entries(folder: DataFolder) -> list[dict]:
    """All that is in the logs, the oldest first; each line must be whole."""
    files = sorted(folder.logs.glob("plus360.log*"), reverse=True)
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def write(data: Path, process: int, most_bytes: int) -> None:
    log_file.MOST_BYTES = most_bytes
    journal = Journal("night", log_outlet(DataFolder(data)))
    for number in range(LINES):
        journal.listen(NightEvent(f"d{process}", "build", "waits", f"{number} {'.' * number}"))


def test_processes_that_write_at_once_lose_and_cut_no_line(folder: DataFolder) -> None:
    most_bytes = 500 * LINES  # the first one becomes an old one several times, and none is removed
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write, args=(folder.path, number, most_bytes)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert 2 <= len([*folder.logs.glob("plus360.log*")]) <= 1 + log_file.OLD_FILES
    found = [(entry["district"], entry["message"].split()[0]) for entry in entries(folder)]
    assert sorted(found) == sorted((f"d{writer}", str(line)) for writer in range(4) for line in range(LINES))
    assert folder.logs.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.logs.iterdir()} == {0o600}


def test_old_files_are_few(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MOST_BYTES", 100)
    log = LogFile(folder)
    for number in range(100):
        log.append(json.dumps({"number": number, "rest": "." * 40}))
    assert {path.name for path in folder.logs.glob("plus360.log*")} == {
        "plus360.log.1", "plus360.log.2", "plus360.log.3", "plus360.log.4",
        *(["plus360.log"] if folder.log.exists() else []),
    }  # fmt: skip
    numbers = [entry["number"] for entry in entries(folder)]
    assert numbers == [*range(numbers[0], 100)]
    assert sum(path.stat().st_size for path in folder.logs.iterdir()) < 1_500


def test_no_data_folder_is_made_for_a_log(tmp_path: Path) -> None:
    LogFile(DataFolder(tmp_path / "data")).append("{}")
    assert not (tmp_path / "data").exists()


def test_a_log_that_others_can_read_becomes_private(folder: DataFolder) -> None:
    folder.logs.mkdir(mode=0o755)
    folder.log.touch(mode=0o644)
    folder.log.chmod(0o644)
    LogFile(folder).append("{}")
    assert (folder.logs.stat().st_mode & 0o777, folder.log.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("place", ["folder is a link", "link", "pipe", "folder", "file for the folder"])
def test_what_is_not_a_log_is_not_written_to_and_said_once(
    folder: DataFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    if place == "folder is a link":
        folder.logs.symlink_to(elsewhere)
    elif place == "file for the folder":
        folder.logs.touch()
    else:
        folder.logs.mkdir()
        if place == "link":
            folder.log.symlink_to(elsewhere / "file")
        elif place == "pipe":
            os.mkfifo(folder.log)
        else:
            folder.log.mkdir()
    outlet = log_outlet(folder)
    for _ in range(3):
        Journal("night", outlet).listen(NightEvent("oak-hill", "build", "waits", "waiting"))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "must be a folder and a file, not links" in said[0]
    assert [path.name for path in elsewhere.iterdir()] == ["file"]
    assert not (elsewhere / "file").read_bytes()


FULL = """
import resource, signal, sys
from pathlib import Path
from district.data_folder import DataFolder
from night.events import NightEvent
from night.log.journal import Journal
from night.log.log_file import log_outlet
# No file may grow beyond this: a write is cut short there, the next one fails, as on a full disk.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
journal = Journal("night", log_outlet(DataFolder(Path(sys.argv[1]))))
for number in range(10):
    journal.listen(NightEvent("oak-hill", "build", "waits", f"{number}"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.listen(NightEvent("oak-hill", "build", "waits", "there is room again"))
"""


def test_a_full_disk_cuts_one_line_and_ends_nothing(folder: DataFolder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder.path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["log not written"]
    first, *_, cut, last = folder.log.read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["message"] == "0"
    assert cut.startswith('{"time": ')
    assert json.loads(last)["message"] == "there is room again"
