"""The folder of all districts, and the pages in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFolder:
    """The folder of all districts."""

    path: Path

    @property
    def index_page(self) -> Path:
        """All districts at a glance."""
        return self.path / "index.html"

    @property
    def index_json(self) -> Path:
        """The same for machines."""
        return self.path / "index.json"

    @property
    def reserve(self) -> Path:
        """Some space, so that a run on a full disk can still say how it ended."""
        return self.path / "reserve"
