"""A district of the session's own, with runs to look at: a copy of the one that all tests only read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.night.conftest import Operator
from tests.night.test_secrets import HOLD_SECRETS
from tests.qa.analyst.conftest import KEY, WorkbenchDistrict, workbench_district  # noqa: F401 - the fixture

# What a notebook's code may say, and no one else.
PERSONAL = "Zyfirst Qulast"


@dataclass
class Desk:
    """Where an operator opens and runs notebooks on a district after three nightly runs."""

    operator: Operator
    secret: str
    key: str = KEY

    @property
    def private(self) -> Path:
        return self.operator.data / self.key / "private"

    @property
    def run_ids(self) -> list[str]:
        """Of the three runs, the oldest first."""
        return [night.name for night in self.operator.nights(self.key)]


@pytest.fixture(scope="session")
def desk(
    workbench_district: WorkbenchDistrict,  # noqa: F811 - the fixture
    tmp_path_factory: pytest.TempPathFactory,
) -> Desk:
    operator = Operator(tmp_path_factory.mktemp("desk"))
    shutil.copytree(workbench_district.data, operator.data, symlinks=True)
    shutil.copy(workbench_district.data.parent / "districts.toml", operator.folder)
    home = operator.folder / "home"
    home.mkdir()
    secret = "invented-secret-of-maple-grove"
    operator.environment |= HOLD_SECRETS | {"HOME": str(home), "PLUS360_MAPLE_GROVE_SECRET": secret}
    return Desk(operator, secret)
