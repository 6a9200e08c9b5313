"""Districts that several tests read; each is built once in a run of pytest."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import generated
from tests.dbt_project.districts import NIGHTLY, District, records_of
from tests.shared_between_workers import SharedFolders


@pytest.fixture(scope="session")
def small(shared: SharedFolders) -> District:
    """A sound district of some hundred students, and dbt's own files of its build. Only to read.

    The columns of the models are compared with their contracts, and dbt writes what it compiled.
    """

    def make(folder: Path) -> None:
        District(folder).land(records_of(generated(300, seed=5))).build(*NIGHTLY, compare_contracts=True)

    return District(shared.folder("small", make=make))


@pytest.fixture(scope="session")
def grand_bend(grand_bend_records: Path, shared: SharedFolders) -> District:
    """The public sample district, built as a nightly run builds it. Only to read."""
    lines = {path.stem: path.read_bytes().splitlines() for path in grand_bend_records.glob("*.ndjson")}
    return District(shared.folder("grand-bend", make=lambda folder: District(folder).land(lines).build()))
