"""What all tests share: where the project and the public sample district are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# On how many inputs hypothesis tries a property; `pytest --hypothesis-profile=nightly` takes its time.
settings.register_profile("usual", max_examples=1_000, deadline=None)
settings.register_profile("nightly", max_examples=100_000, deadline=None)
settings.load_profile("usual")

# A proxy of this machine is none of the tests' business: they talk to loopback.
for name in ("https_proxy", "HTTPS_PROXY"):
    os.environ.pop(name, None)

PROJECT = Path(__file__).resolve().parent.parent
GRAND_BEND = Path(os.environ.get("PLUS360_GRAND_BEND", PROJECT.parent / "shared" / "data" / "grand-bend"))


@pytest.fixture(scope="session")
def grand_bend_records() -> Path:
    """The folder of the public sample district: one NDJSON file an endpoint."""
    if not GRAND_BEND.is_dir():
        pytest.skip("the Grand Bend sample is not here; PLUS360_GRAND_BEND names its folder")
    return GRAND_BEND
