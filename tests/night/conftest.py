"""Districts to run nights over, by the command line, as an operator would."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox import Sandbox, generated
from tests.conftest import PROJECT
from tests.night.command_here import run_here

# Where the tests keep it, for all of them.
PARSED = PROJECT / ".pytest_cache" / "parsed-project"

# Commands that replace their process by another one.
STARTED_AGAIN = {"explore", "notebook"}


@dataclass
class Operator:
    """A folder with districts.toml and data/, and the `plus360` command run in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    data_folder: str = "data"

    @property
    def data(self) -> Path:
        return self.folder / self.data_folder

    def knows(self, key: str, box: Sandbox, *, secret: str | None = None, **settings: object) -> None:
        """Write a district of districts.toml, and put its secret where plus360 looks for it."""
        # A copy, so that the commands that ask nothing of the sandbox work after it has ended.
        authority = self.folder / f"{key}-ca.pem"
        shutil.copyfile(box.ca_bundle, authority)
        self.tables[key] = box.settings_table(
            key, f"{key.replace('-', ' ').title()} Schools", ca_bundle=authority.resolve(), **settings
        )
        (self.folder / "districts.toml").write_text("\n".join(self.tables.values()), encoding="utf-8")
        variable = f"PLUS360_{key.upper().replace('-', '_')}_SECRET"
        self.environment[variable] = box.consumer_secret if secret is None else secret

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "night.cli", *words]

    def env(self) -> dict[str, str]:
        return os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"} | self.environment

    def started(self, *words: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """A command that runs, in a session of its own; its stderr is a pipe."""
        self._take_parsed_project(*words)
        return subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            env=self.env(),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def plus360(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a command says and does: in this process, which has loaded what it needs, if that can be."""
        return self.process(*words) if words[0] in STARTED_AGAIN else self.here(*words)

    def here(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same, also of a command that starts again: for what it refuses before that."""
        self._take_parsed_project(*words)
        done = run_here(words, folder=self.folder, environment=self.env())
        self._leave_parsed_project()
        return done

    def process(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own, as people and schedulers start it."""
        self._take_parsed_project(*words)
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.env(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        self._leave_parsed_project()
        return done

    def nights(self, key: str) -> list[Path]:
        nights = self.data / key / "nights"
        return sorted(nights.iterdir()) if nights.exists() else []

    def qa(self, key: str) -> dict:
        """The qa.json of the district's last night."""
        return json.loads((self.nights(key)[-1] / "qa.json").read_text(encoding="utf-8"))

    def record(self, key: str) -> dict:
        """The night.json of the district's last night."""
        return json.loads((self.nights(key)[-1] / "night.json").read_text(encoding="utf-8"))

    def index(self) -> dict[str, dict]:
        lines = json.loads((self.data / "index.json").read_text(encoding="utf-8"))["districts"]
        return {line["district"]: line for line in lines}

    def _take_parsed_project(self, *words: str) -> None:
        """Put the parsed dbt project in place: else each test's first run would parse it for seconds."""
        if words[0] in ("night", "build") and PARSED.is_dir():
            with suppress(OSError):  # the disk of the data folder is what some tests are about
                self.data.mkdir(mode=0o700, exist_ok=True)
                shutil.copytree(PARSED, self.data / "dbt", dirs_exist_ok=True)

    def _leave_parsed_project(self) -> None:
        """Keep it for the tests to come, where a command has parsed it."""
        for path in (self.data / "dbt").glob("*.msgpack"):
            if not (PARSED / path.name).exists():
                PARSED.mkdir(parents=True, exist_ok=True)
                draft = shutil.copyfile(path, PARSED / f"{path.name}.{os.getpid()}")
                Path(draft).replace(PARSED / path.name)


def published_files(operator: Operator, key: str) -> dict[str, str]:
    """Digest of every file a reader of the published night sees."""
    folder = operator.data / key
    files = [folder / "warehouse.duckdb", *sorted((folder / "export").iterdir())]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def without_events(stderr: str) -> list[str]:
    """The lines of stderr that are not one of the run's events."""
    event = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error) ")
    return [line for line in stderr.splitlines() if not event.match(line)]


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What a refusal said, in its one line."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture(scope="module")
def module_operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    yield Operator(tmp_path_factory.mktemp("operator"))


@pytest.fixture(scope="module")
def known(module_operator: Operator) -> Operator:
    """An operator whose settings name oak-hill; nothing of it was ever pulled, and its server is gone."""
    with Sandbox(generated(students=20, seed=1)) as box:
        module_operator.knows("oak-hill", box)
    return module_operator
