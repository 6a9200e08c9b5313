"""What all rooms' tests share: where the project and the public sample district are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
GRAND_BEND = Path(os.environ.get("PLUS360_GRAND_BEND", PROJECT.parent / "shared" / "data" / "grand-bend"))


@pytest.fixture(scope="session")
def grand_bend_records() -> Path:
    """The folder of the public sample district: one NDJSON file an endpoint."""
    if not GRAND_BEND.is_dir():
        pytest.skip("the Grand Bend sample is not here; PLUS360_GRAND_BEND names its folder")
    return GRAND_BEND
