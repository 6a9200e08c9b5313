"""How a nightly run ended: in words, and in night.json. Nothing in it identifies a person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from district.credentials import CredentialError
from district.errors import Plus360Error
from district.folder import DistrictFolder, NightFolder
from district.private_files import write_private
from district.run_id import started_at
from night.events import Steps
from night.headline import SENTENCES
from night.lock import DistrictLockedError
from night.machine.interruption import came
from night.rows import EndpointRows, exported_shown, rows_shown
from night.terminal.console import in_a_line
from qa.contract import QaDocument, RunDecision
from qa.contract_types import Moment, Verdict
from qa.redaction.scan import LeakError, Scanner

# How a run ended; a paused district's run did nothing.
Outcome = Verdict | Literal["paused"]


@dataclass(frozen=True)
class NightResult:
    """How one district's nightly run ended, in words for the operator.

    Attributes:
        trouble: why there is no report: the run may be published all the same.
        repairs: what was left by a run or a program that was killed, and repaired; one line each.
        recorded: whether night.json says the same; not where the disk is full or the district is locked.
        undelivered: why the import of a published run was not delivered, where the settings ask for it.
        uncopied: why the marts of a published run are not in data/marts, where the settings ask for it.
        tried: whether it says something of the district; not where another command is at work on it, or this
            one was interrupted before its turn: what the district's runs said stays true.
        decided: whether a person has decided on the held run: it waits for no one.
        notebook_faults: which notebooks of the settings failed, and in which cell: the run is as it is.
        run_id: of the run; empty where none began.
        seconds: it took.
    """

    district: str
    verdict: Outcome
    headline: str
    report: Path | None = None
    trouble: str | None = None
    repairs: tuple[str, ...] = ()
    recorded: bool = True
    undelivered: str | None = None
    uncopied: str | None = None
    tried: bool = True
    decided: bool = False
    notebook_faults: tuple[str, ...] = ()
    run_id: str = ""
    seconds: float = 0.0

    @classmethod
    def of_error(cls, district: str, error: Exception) -> NightResult:
        """The result of a run that an error ended: stopped where only a person can help, else failed."""
        # After an interruption, an error is its doing, and another run needs no one.
        needs_a_person = not came() and isinstance(error, Plus360Error) and error.needs_a_person
        words = in_a_line(error)
        if isinstance(error, CredentialError) and not came():
            words = error.fault  # the district is named already, wherever this is shown
        tried = not isinstance(error, DistrictLockedError)
        return cls(district, "stopped" if needs_a_person else "failed", words, tried=tried)

    @classmethod
    def died(cls, district: str, exit_code: int | None) -> NightResult:
        """The result of a district whose process ended without a word (killed, out of memory)."""
        code = "" if exit_code is None else f" (exit code {exit_code})"
        return cls(
            district,
            "failed",
            f"its process was ended from outside{code}, for example because the machine "
            "ran out of memory. Nothing from this run was published",
        )


class NotebookCounts(BaseModel):
    """How many of the notebooks that the settings name ran after a run, and how many of them failed."""

    model_config = ConfigDict(extra="forbid")

    ran: int
    failed: int


class NightRecord(BaseModel):
    """One district's nightly run."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    district: str
    run_id: str
    started_at: Moment
    finished_at: Moment
    verdict: Verdict
    decision: RunDecision | None = None
    headline: str
    rows: dict[str, EndpointRows | None]
    exported: dict[str, int | None]
    seconds: dict[str, float]
    repairs: list[str] = []
    notebooks: NotebookCounts | None = None

    def write(self, night: NightFolder) -> None:
        """Put night.json in the run's folder, complete or not at all."""
        write_private(night.record, self.model_dump_json(by_alias=True, indent=2) + "\n")

    @classmethod
    def of(cls, night: NightFolder) -> NightRecord | None:
        """The record of a run; None where it has none, or none that can be read (a pipe would never end)."""
        try:
            if not night.record.is_file():
                return None
            return cls.model_validate_json(night.record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    @classmethod
    def of_document(cls, document: QaDocument) -> NightRecord:
        """What qa.json says of a run that was killed before it wrote its record."""
        return cls(
            district=document.district,
            run_id=document.run_id,
            started_at=document.started_at,
            finished_at=document.finished_at,
            verdict=document.verdict,
            headline=document.headline,
            rows={},
            exported={},
            seconds={},
        )

    @classmethod
    def of_failed(cls, night: NightFolder, headline: str) -> NightRecord:
        """The record of a run that wrote none, or one that is not true: it failed."""
        started = started_at(night.run_id)
        return cls(
            district=night.district.key,
            run_id=night.run_id,
            started_at=started,
            finished_at=started,
            verdict="failed",
            headline=headline,
            rows={},
            exported={},
            seconds={},
        )

    @classmethod
    def of_district(cls, folder: DistrictFolder) -> list[NightRecord]:
        """Every recorded run of a district, the oldest first; a run that was killed has no record."""
        return [record for night in folder.all_nights() if (record := cls.of(night)) is not None]


def record_result(
    night: NightFolder,
    result: NightResult,
    steps: Steps,
    *,
    rows: dict[str, EndpointRows] | None = None,
    exported: dict[str, int] | None = None,
    document: QaDocument | None = None,
    scanner: Scanner | None = None,
) -> NightRecord:
    """Write night.json; returns what it says.

    A headline that contains a personal value is replaced by that of qa.json. The rest is counts, times,
    ids and our own sentences by its type, any of which may happen to equal a house number.
    """
    record = NightRecord(
        district=night.district.key,
        run_id=night.run_id,
        started_at=started_at(night.run_id),
        finished_at=steps.now(),
        verdict=cast(Verdict, result.verdict),  # a paused district's run leaves no record
        headline=result.headline,
        rows=rows_shown(rows or {}, document) if document else {},
        exported=exported_shown(exported or {}, document) if document else {},
        seconds=steps.seconds,
        repairs=list(result.repairs),
    )
    if document and scanner:
        allowed = scanner.allowed_text(document, SENTENCES)
        try:
            scanner.check(night.record, record.model_dump_json(include={"headline"}), allowed)
        except LeakError:
            record = record.model_copy(update={"headline": document.headline})
    record.write(night)
    return record
