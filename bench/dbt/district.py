"""A generated district of any size, landed without a network."""

import json
from collections.abc import Iterator
from pathlib import Path

from district.run_id import new_run_id
from extract.store.raw_store import FILE_NAME
from sandbox import ENDPOINTS, Profile, Source, generated
from tests.land_records import land_records

PAGE = 20_000


def land(directory: Path, students: int) -> int:
    """Land the district if it is not there yet, and return the number of its raw rows."""
    done = directory / "rows"
    if done.exists():
        return int(done.read_text())
    directory.mkdir(parents=True, exist_ok=True)
    source = generated(students, seed=1)
    records = {endpoint: _lines(source, endpoint) for endpoint in ENDPOINTS}
    rows = land_records(directory / FILE_NAME, new_run_id(), records)
    done.write_text(json.dumps(rows))
    return rows


def _lines(source: Source, endpoint: str) -> Iterator[bytes]:
    profile = Profile()
    for offset in range(0, source.count(endpoint, profile), PAGE):
        yield from source.lines(endpoint, offset, PAGE, profile)
