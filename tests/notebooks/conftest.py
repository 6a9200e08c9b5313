"""A district after one nightly run with notebooks of its own, and its sandbox: built once for these tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sandbox import Sandbox, generated
from tests.night.conftest import Operator
from tests.night.test_secrets import HOLD_SECRETS
from tests.notebooks.by_hand import write_notebook

KEY = "oak-hill"
# What a notebook's code may say, and no one else.
PERSONAL = "Zyfirst Qulast"


@dataclass
class Evening:
    """The operator, and what the nightly run with notebooks said."""

    operator: Operator
    said: subprocess.CompletedProcess[str]
    secret: str

    def run_again(self) -> subprocess.CompletedProcess[str]:
        return self.operator.plus360("night", KEY)


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    operator = Operator(tmp_path_factory.mktemp("evening"))
    home = operator.folder / "home"
    home.mkdir()
    notebooks = operator.folder / "notebooks"
    write_notebook(
        notebooks / "weekly.ipynb",
        "import json, os\nfrom pathlib import Path",
        "print(json.dumps(dict(os.environ)))",
        "from qa.analyst import District\nprint('run', District(district, run_id=run_id).run_id == run_id)",
        "from district.folder import DistrictFolder\nfrom night.lock import work_words\n"
        "print('at work:', work_words(DistrictFolder.of(Path(os.environ['PLUS360_DATA']), district)))",
    )
    write_notebook(notebooks / "fails.ipynb", "1 + 1", f"raise KeyError({PERSONAL!r})")
    write_notebook(notebooks / "dies.ipynb", "import os\nos.kill(os.getpid(), 9)")
    with Sandbox(generated(students=40, seed=1)) as box:
        named = [notebooks / f"{name}.ipynb" for name in ("weekly", "fails", "dies")]
        operator.knows(KEY, box, notebooks=named)
        operator.environment |= HOLD_SECRETS | {"HOME": str(home)}
        yield Evening(operator, operator.plus360("night", KEY), box.consumer_secret)
