"""The districts that the situations happen in: the public sample, and generated ones."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from bench.load_gate.rows import Records
from sandbox import ENDPOINTS, Profile, Source, folder, generated

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = Path(os.environ.get("PLUS360_GRAND_BEND", PROJECT.parent / "shared" / "data" / "grand-bend"))
EVERYTHING = 10_000_000


def sample_is_here() -> bool:
    return SAMPLE.is_dir()


@cache
def records_of(district: str, starts: str) -> Records:
    """All records of a district on a day. They are shared: copy them before you change them."""
    year, month, _day = map(int, starts.split("-"))
    if district == "sample":
        return _read(folder(SAMPLE))
    students, _, seed = district.partition("/")
    return _read(generated(int(students), int(seed or 1), school_year=year if month >= 8 else year - 1))


def _read(source: Source) -> Records:
    return {
        endpoint: [json.loads(line) for line in source.lines(endpoint, 0, EVERYTHING, Profile())]
        for endpoint in ENDPOINTS
    }
