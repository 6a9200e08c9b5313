"""The nightly run that someone would make of known tools' command lines: dlt, dbt, papermill, nbconvert.

Its dlt pulls the seven endpoints into a database of its own; dbt builds what plus360 has landed, for the
project reads that layout. It does less than the product: no gate, no scan, no history, no publication.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from bench.load_gate.districts import SAMPLE
from bench.night.fleet import JOBS, PLUS360, Fleet
from district.checkout import DBT_PROJECT, NOTEBOOKS
from night.baseline import write_baseline
from sandbox import ENDPOINTS, Profile, Sandbox, folder

BIN = Path(sys.executable).parent


@dataclass
class ByHand:
    """The hand-made runs of a fleet.

    Attributes:
        fleet: the districts; each was run before, so that there is something to build and to report.
        server: where dlt pulls from.
        dlt_python: a Python with dlt; without one, `plus360 extract` stands in.
        cpu: seconds of each command so far, children included.
    """

    fleet: Fleet
    server: Sandbox
    dlt_python: Path | None
    cpu: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def prepare(self) -> None:
        """What an earlier run leaves: the project as dbt parsed it for each district, and the baseline."""
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(self._parse, self.fleet.keys))

    def run(self) -> None:
        """All districts, some at a time; each command waits for the one before it."""
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(self._district, self.fleet.keys))

    def _district(self, key: str) -> None:
        notebook = self.fleet.folder(key).build / "report.ipynb"
        report = [NOTEBOOKS / "district_qa.ipynb", notebook, "-p", "district", key, "--no-progress-bar"]
        commands: dict[str, Sequence[str | Path]] = {
            **self._extract(key),
            "dbt build": self._dbt(key, "build"),
            "papermill": [BIN / "papermill", *report],
            "nbconvert": [BIN / "jupyter-nbconvert", "--to", "html", notebook],
        }
        for name, command in commands.items():
            cpu = self.fleet.run(command, **self._environment(key))
            with self._lock:
                self.cpu[name] = self.cpu.get(name, 0.0) + cpu

    def _extract(self, key: str) -> dict[str, Sequence[str | Path]]:
        if not self.dlt_python:
            return {"plus360 extract (no dlt)": [*PLUS360, "extract", key]}
        source, profile = folder(SAMPLE), Profile()
        work = {
            "base_url": self.server.base_url,
            "ca_bundle": str(self.server.ca_bundle),
            "consumer_key": self.server.consumer_key,
            "consumer_secret": self.server.consumer_secret,
            "counts": {endpoint: source.count(endpoint, profile) for endpoint in ENDPOINTS},
            "folder": str(self.fleet.folder(key).build),
        }
        script = ["-m", "bench.extract.dlt_contender", "dlt documented", json.dumps(work)]
        return {"dlt": [self.dlt_python, *script]}

    def _environment(self, key: str) -> dict[str, str]:
        return {
            "PLUS360_DISTRICT_DIR": str(self.fleet.folder(key).path),
            "PLUS360_DATA": str(self.fleet.data.path),
        }

    def _parse(self, key: str) -> None:
        write_baseline(self.fleet.folder(key))
        self.fleet.run(self._dbt(key, "parse"), **self._environment(key))

    def _dbt(self, key: str, command: str) -> list[str | Path]:
        target = self.fleet.folder(key).build / "by-hand"
        project = ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT]
        return [BIN / "dbt", command, *project, "--target-path", target, "--log-path", target]
