"""Districts with the public sample, behind one sandbox server, and the commands that run them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load_gate.districts import SAMPLE
from district.data_folder import DataFolder
from district.folder import DistrictFolder
from sandbox import Sandbox, folder

JOBS = 2
PLUS360 = (sys.executable, "-m", "night.cli")


def sample_server() -> Sandbox:
    """The server of all districts: each pulls the same records."""
    return Sandbox(folder(SAMPLE))


@dataclass(frozen=True)
class Fleet:
    """Some districts below a folder.

    Attributes:
        path: where settings and data are.
        keys: of the districts.
        environment: with their secrets.
    """

    path: Path
    keys: Sequence[str]
    environment: dict[str, str]

    @classmethod
    def make(cls, path: Path, districts: int, server: Sandbox) -> "Fleet":
        """Write the settings of so many districts."""
        path.mkdir(parents=True)
        authority = path / "authority.pem"
        shutil.copyfile(server.ca_bundle, authority)
        keys = [f"district-{number:03d}" for number in range(1, districts + 1)]
        tables = (server.settings_table(key, f"District {key[-3:]}", ca_bundle=authority) for key in keys)
        (path / "districts.toml").write_text("\n".join(tables))
        secrets = {f"PLUS360_{key.upper().replace('-', '_')}_SECRET": server.consumer_secret for key in keys}
        # The checkout's own packages, wherever a command is run.
        environment = {**os.environ, **secrets, "PYTHONPATH": str(Path(__file__).parents[2])}
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        return cls(path, keys, environment)

    @property
    def data(self) -> DataFolder:
        """The folder of all districts."""
        return DataFolder(self.path / "data")

    def folder(self, key: str) -> DistrictFolder:
        """A district's folder."""
        return DistrictFolder.of(self.data.path, key)

    def run(self, command: Sequence[str | Path], **environment: str) -> float:
        """Run a command to its end; the CPU seconds of it and its children.

        Raises:
            SystemExit: it failed; its last words are shown.
        """
        process = subprocess.Popen(
            command,
            cwd=self.path,
            env={**self.environment, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr
        words = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{words.decode()[-800:]}")
        return usage.ru_utime + usage.ru_stime

    def night_of_all(self) -> None:
        """One command for all districts."""
        self.run([*PLUS360, "night", "--all", "--jobs", str(JOBS)])

    def nights_one_by_one(self) -> None:
        """One command for each district, as many at a time as the other contenders."""
        keys = self.path / "keys.txt"
        keys.write_text("\n".join(self.keys))
        self.run(["xargs", "-a", str(keys), "-P", str(JOBS), "-n", "1", *PLUS360, "night"])
