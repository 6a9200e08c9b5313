"""Districts that several tests read; each is built once a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import generated
from tests.dbt_project.districts import District, records_of


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> District:
    """A sound district of some hundred students, built as a nightly run builds it."""
    return District(tmp_path_factory.mktemp("small")).land(records_of(generated(300, seed=5))).build()


@pytest.fixture(scope="session")
def grand_bend(grand_bend_records: Path, tmp_path_factory: pytest.TempPathFactory) -> District:
    """The public sample district, built as a nightly run builds it."""
    lines = {path.stem: path.read_bytes().splitlines() for path in grand_bend_records.glob("*.ndjson")}
    return District(tmp_path_factory.mktemp("grand-bend")).land(lines).build()
