"""A sandbox district whose records are changed before they are served."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox import ENDPOINTS, Profile, Source, folder

Record = dict[str, Any]


def rewritten(source: Source, directory: Path, change: Callable[[str, Record], Record | None]) -> Source:
    """A source with the records that `change(endpoint, record)` returns; None omits a record."""
    for endpoint in ENDPOINTS:
        records = (json.loads(line) for line in source.lines(endpoint, 0, 10**9, Profile()))
        changed = [kept for record in records if (kept := change(endpoint, record)) is not None]
        lines = "".join(json.dumps(record) + "\n" for record in changed)
        (directory / f"{endpoint}.ndjson").write_text(lines, encoding="utf-8")
    return folder(directory)


def canaries(endpoint: str, record: Record) -> Record:
    """A record with every value replaced by a text that a search can find."""
    return {label: f"CANARY-{endpoint}-{label}-{value}" for label, value in record.items()}


def canaries_but_school_names(endpoint: str, record: Record) -> Record:
    """The same with the schools' own names, which a district may show to its operator."""
    return canaries(endpoint, record) | ({"name": record["name"]} if endpoint == "School" else {})
