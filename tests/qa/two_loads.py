"""A district whose second load would delete the guardians of a school."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from district.folder import NightFolder
from district.settings import DistrictSettings
from night.publication.publish import write_history
from qa.contract import QaDocument
from qa.document import write_qa_json
from qa.verdict.document_file import read_document
from tests.dbt_project.districts import District
from tests.qa.conftest import STUDENTS, Records, sound_records
from tests.shared_between_workers import SharedFolders, copy_of

FIRST, SECOND, THIRD = (f"202611{day}T020005123Z" for day in (21, 22, 23))
SCHOOL = "Hillview"  # a code that is a word: more than the school's number
LOST, NEWLY_BLANK, GONE = 39, 5, 2  # 39: of two schools, the one with 30 to 39 is shown
DONE = datetime(2026, 11, 23, 3, tzinfo=UTC)
DELETED = "load__guardians__deleted"
WITHOUT_GUARDIAN = "students__guardian__required"
ASKS = ("a decision", "person decides", "must decide", "plus360 release", "plus360 discard", "would do in")
SETTINGS = DistrictSettings(
    key="canary", name="Canary ISD", base_url="https://sis.example/api/v1/abc/", consumer_key="OneRoster_A_1"
)


def first_records() -> Records:
    records = sound_records()
    records["School"][1]["building"] = SCHOOL
    for student in records["Student"][30:]:
        student["building"] = SCHOOL
    return records


def second_records() -> Records:
    """The guardians of one school's students become contacts, and some students change."""
    records = first_records()
    for link in records["StudentContact"][30 : 30 + LOST]:
        link["contactType"] = "C"
    for student in records["Student"][:NEWLY_BLANK]:
        student["lastName"] = " "
    for contact in records["Contact"][80:83]:
        contact["email"] = f"new.{contact['email']}"
    for endpoint in ("Student", "StudentContact", "UDRegUser"):
        gone = {f"{700100 + STUDENTS - 1 - n}" for n in range(GONE)}
        records[endpoint] = [one for one in records[endpoint] if one["studentId"] not in gone]
    return records


@dataclass(frozen=True)
class Nights:
    """A published run and a held one."""

    district: District
    first: QaDocument
    held: QaDocument

    def night(self, run_id: str) -> NightFolder:
        return self.district.folder.night(run_id).make()

    def check(self, run_id: str, settings: DistrictSettings | None = SETTINGS) -> QaDocument:
        """The last build as a run's: what a further nightly run with the same records would say."""
        night = self.night(run_id)
        shutil.copyfile(self.district.folder.new_warehouse, night.warehouse)
        with closing(duckdb.connect(str(night.warehouse))) as con:
            con.execute("update checks.check_results set run_id = ?", [run_id])
        return write_qa_json(night, "Canary ISD", finished_at=DONE, settings=settings)


def two_loads(shared: SharedFolders, data: Path) -> Nights:
    """A published run, and one that would delete guardians, of a district in a folder of districts.

    The runs are made once in a run of pytest; each who asks has a copy of the folder.
    """
    made = shared.folder("two-loads", make=lambda folder: _two_loads(District(folder / "canary")))
    district = District(copy_of(made, data) / "canary")
    first, held = (read_document(district.folder.night(run_id))[0] for run_id in (FIRST, SECOND))
    return Nights(district, first, held)


def _two_loads(district: District) -> None:
    for run_id, records in ((FIRST, first_records()), (SECOND, second_records())):
        district.land(records, run_id).build(run_id=run_id)
        night = district.folder.night(run_id).make()
        shutil.copyfile(district.folder.new_warehouse, night.warehouse)
        document = write_qa_json(night, "Canary ISD", finished_at=DONE)
        if run_id == FIRST:
            district.publish(run_id)
            write_history(night, document, {})
