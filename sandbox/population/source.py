"""Where a simulated district's records come from: any `Source`, or files in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sandbox.server.profile import ENDPOINTS, Profile

Record = dict[str, Any]


class Source(Protocol):
    """Records of the seven endpoints in a fixed order, each as the bytes of one JSON object."""

    def count(self, endpoint: str, profile: Profile) -> int:
        """How many records the API Profile includes."""

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """At most `limit` of those records, from `offset` on."""


class FolderSource:
    """Records from NDJSON files named after the endpoints; a missing file is an endpoint without records."""

    def __init__(self, folder: Path) -> None:
        """Read every file once; lines are served unchanged, except blank ones."""
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
        self._lines = {name: _read_lines(folder / f"{name}.ndjson") for name in ENDPOINTS}
        self._select = cache(self._selected)

    def count(self, endpoint: str, profile: Profile) -> int:
        """See `Source`."""
        return len(self._select(endpoint, profile.include_preregistered, profile.include_out_of_district))

    def lines(self, endpoint: str, offset: int, limit: int, profile: Profile) -> list[bytes]:
        """See `Source`."""
        lines = self._select(endpoint, profile.include_preregistered, profile.include_out_of_district)
        return lines[offset : offset + limit]

    def _selected(self, endpoint: str, preregistered: bool, out_of_district: bool) -> list[bytes]:
        lines = self._lines[endpoint]
        if preregistered and out_of_district:
            return lines
        buildings = set() if out_of_district else self._keys("School", _is_out_of_district, "building")
        students: set[str] = set()
        if not preregistered:
            students |= self._keys("Student", lambda r: text(r, "currentStatus") == "P", "studentId")
        students |= self._keys("Student", lambda r: text(r, "building") in buildings, "studentId")

        def is_served(record: Record) -> bool:
            if endpoint == "School":
                return text(record, "building") not in buildings
            return text(record, "studentId") not in students

        return [line for line in lines if is_served(json.loads(line))]

    def _keys(self, endpoint: str, matches: Callable[[Record], bool], label: str) -> set[str]:
        records = map(json.loads, self._lines[endpoint])
        return {text(record, label) for record in records if matches(record)}


def folder(path: str | Path) -> FolderSource:
    """A district served line by line from `path`/Student.ndjson and one file for each other endpoint."""
    return FolderSource(Path(path))


def text(record: Record, label: str) -> str:
    """A value to compare: numbers as text, without padding, missing values as the empty string."""
    value = record.get(label)
    return "" if value is None else str(value).strip()


def _is_out_of_district(record: Record) -> bool:
    return text(record, "outOfDistrict") == "Y"


def _read_lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    return [line for line in path.read_bytes().split(b"\n") if line.strip()]
