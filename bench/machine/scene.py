"""A district with one published run, copied for each failure, and the command as an operator runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from district.checkout import PROJECT
from district.data_folder import DataFolder
from district.folder import DistrictFolder
from sandbox import Sandbox

DISTRICT = "maple-grove"
# Every process that a failure's command starts, and their children, have it in their environment.
MARK = "PLUS360_BENCH_MARK"
# After the command has ended: so long its processes may take to notice.
SECONDS_TO_END = 20


@dataclass
class Seen:
    """What a failure left to see."""

    exit_code: int
    printed: list[str]
    night_json: str
    index: str
    published_stays: bool
    left: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What must not be, whatever the failure is."""
        text = "\n".join(self.printed)
        found = [word for word in ("Traceback", "resource_tracker", "unexpected") if word in text]
        if not self.published_stays:
            found.append("the published run is not complete")
        return found + [f"still there: {process}" for process in self.left]


class Started:
    """A command at work."""

    def __init__(self, scene: Scene, process: subprocess.Popen[str], mark: str) -> None:
        self.scene, self.process, self.mark = scene, process, mark
        self.said: list[str] = []

    def until(self, words: str) -> Started:
        """Wait until it prints these words, or ends."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if words in line:
                break
        return self

    def send(self, *signals: signal.Signals, pause: float = 0.0) -> Started:
        for number in signals:
            time.sleep(pause)
            self.process.send_signal(number)
        return self

    def children(self, words: str) -> list[int]:
        """Its processes whose command line has these words, the oldest first."""
        return [pid for pid, command in processes_of(self.mark) if words in command]

    def end(self, data: Path | None = None) -> Seen:
        """Wait for its end, and look."""
        out, err = self.process.communicate(timeout=900)
        left = self._left()
        lines = [*self.said, *out.splitlines()]
        return self.scene.look(self.process.returncode, [*lines, *err.splitlines()], data, left)

    def _left(self) -> list[str]:
        until = time.monotonic() + SECONDS_TO_END
        while (left := processes_of(self.mark)) and time.monotonic() < until:
            time.sleep(0.2)
        for pid, _ in left:
            os.kill(pid, signal.SIGKILL)
        return [command[:60] for _, command in left]


def processes_of(mark: str) -> list[tuple[int, str]]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found.append((int(folder.name), command))
        except OSError:  # it has just ended
            continue
    return sorted(found)


class Scene:
    """Where the failures happen."""

    def __init__(self, folder: Path, box: Sandbox) -> None:
        self.folder, self.seed, self.data = folder, folder / "seed", folder / "data"
        self.settings = folder / "districts.toml"
        self.secret = box.consumer_secret
        shutil.copyfile(box.ca_bundle, folder / "ca.pem")
        table = box.settings_table(DISTRICT, "Maple Grove Schools", ca_bundle=folder / "ca.pem")
        self.settings.write_text(table, encoding="utf-8")
        seen = self.start("night", DISTRICT, data=self.seed).end(self.seed)
        assert seen.exit_code == 0, seen

    def fresh(self) -> DistrictFolder:
        """Tonight's data folder: as the last run left it."""
        if self.data.exists():
            shutil.rmtree(self.data)
        shutil.copytree(self.seed, self.data, symlinks=True)
        return DistrictFolder.of(self.data, DISTRICT)

    def start(
        self,
        *words: str,
        inside: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        data: Path | None = None,
        command: Sequence[str] = (sys.executable, "-m", "night.cli"),
    ) -> Started:
        """Start a command, `inside` another one that prepares what fails."""
        mark = uuid.uuid4().hex
        environment = os.environ | {
            "PLUS360_CONFIG": str(self.settings),
            "PLUS360_DATA": str(data or self.data),
            "PLUS360_MAPLE_GROVE_SECRET": self.secret,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PYTHONPATH": str(PROJECT),
            MARK: mark,
        }
        process = subprocess.Popen(
            [*inside, *command, *words],
            cwd=self.folder,
            env=environment | (variables or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return Started(self, process, mark)

    def look(self, code: int, printed: list[str], data: Path | None, left: list[str]) -> Seen:
        """What there is to see in a data folder after a command ended."""
        folder = DistrictFolder.of(data or self.data, DISTRICT)
        nights = folder.all_nights()
        before = {night.run_id for night in DistrictFolder.of(self.seed, DISTRICT).all_nights()}
        tonight = [night for night in nights if night.run_id not in before]
        record = "no run"
        if tonight:
            record = "no night.json"
            if tonight[-1].record.exists():
                record = _state(json.loads(tonight[-1].record.read_text(encoding="utf-8")), "verdict")
        page = DataFolder(data or self.data).index_json
        index = "none"
        if page.exists():
            index = _state(json.loads(page.read_text(encoding="utf-8"))["districts"][0], "state")
        published = folder.published
        complete = published is not None and published.warehouse.exists() and published.qa_json.exists()
        return Seen(code, printed, record, index, complete, left)


def _state(record: dict[str, str], key: str) -> str:
    return f"{record[key]}: {record['headline']}"
