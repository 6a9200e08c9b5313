"""`plus360 extract` begins with the same repairs as a nightly run."""

from __future__ import annotations

from sandbox import Sandbox, generated
from tests.night.conftest import Operator

DISTRICT = "oak-hill"


def test_without_raw_duckdb_extract_brings_history_and_a_pause_back(operator: Operator) -> None:
    with Sandbox(generated(students=20, seed=1)) as box:
        operator.knows(DISTRICT, box)
        assert operator.plus360("pause", DISTRICT, "--until", "2999-01-01").returncode == 0
        (operator.data / DISTRICT / "raw.duckdb").unlink()
        done = operator.plus360("extract", DISTRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "repaired: raw.duckdb was missing" in done.stdout
    assert "paused" in operator.plus360("night", DISTRICT).stdout
