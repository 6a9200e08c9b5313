"""Responses on disk: a generated district as gzipped pages, one file per endpoint and offset."""

import gzip
import json
from pathlib import Path

from sandbox import ENDPOINTS, Profile, generated

PAGE_SIZE = 1_000
_EMPTY = gzip.compress(b"[]", mtime=0)


def write_pages(folder: Path, students: int) -> dict[str, int]:
    """Write `folder`/<endpoint>/<offset>.json.gz unless they exist, and return the rows of each endpoint.

    The last offsets hold an empty array, for clients that request one more page to see that there is none.
    """
    counts_file = folder / "counts.json"
    if counts_file.exists():
        counts: dict[str, int] = json.loads(counts_file.read_text())
        return counts
    source, profile = generated(students, seed=1), Profile()
    counts = {}
    for endpoint in ENDPOINTS:
        (folder / endpoint).mkdir(parents=True, exist_ok=True)
        rows = counts[endpoint] = source.count(endpoint, profile)
        for offset in range(0, rows, PAGE_SIZE):
            lines = source.lines(endpoint, offset, PAGE_SIZE, profile)
            page = gzip.compress(b"[" + b",".join(lines) + b"]", 6, mtime=0)
            (folder / endpoint / f"{offset}.json.gz").write_bytes(page)
        for end in (rows, -(-rows // PAGE_SIZE) * PAGE_SIZE):
            (folder / endpoint / f"{end}.json.gz").write_bytes(_EMPTY)
    counts_file.write_text(json.dumps(counts))
    return counts
