"""night.json: what one night did, in counts and times. Holds nothing of a person."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from district.private_files import write_private
from qa.contract import Moment, Verdict

FILE_NAME = PurePath("night.json")


class EndpointRows(BaseModel):
    """Where an endpoint's rows are: rows in raw = rows in the mart + quarantined rows with a reason."""

    model_config = ConfigDict(extra="forbid")

    raw: int
    mart: int
    quarantined: int

    @property
    def reconciled(self) -> bool:
        """No row was lost and none was doubled."""
        return self.raw == self.mart + self.quarantined


class NightRecord(BaseModel):
    """One district's night."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    district: str
    run_id: str
    started_at: Moment
    finished_at: Moment
    verdict: Verdict
    headline: str
    rows: dict[str, EndpointRows]
    exported: dict[str, int]
    seconds: dict[str, float]

    def write(self, night: Path) -> None:
        """Put night.json in the night's folder, whole or not at all."""
        write_private(night / FILE_NAME, self.model_dump_json(by_alias=True, indent=2) + "\n")

    @classmethod
    def of_nights(cls, nights: Path) -> list[NightRecord]:
        """Every recorded night of a district, the earliest first; nights killed half-way have no record."""
        return [
            cls.model_validate_json(path.read_text(encoding="utf-8"))
            for path in sorted(nights.glob(f"*/{FILE_NAME}"))
        ]
