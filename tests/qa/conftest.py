"""A small district, landed and built by the real dbt: every value is unique, and no check fails."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from district import folder
from district.checkout import FIELD_LABELS
from district.endpoints import ENDPOINTS
from district.folder import NightFolder
from extract.store.raw_store import open_store
from night.publication.publish import write_history
from qa.contract import QaDocument
from qa.document import write_qa_json
from qa.report.render import render_report
from tests.dbt_project.conftest import grand_bend  # noqa: F401 - the fixture
from tests.dbt_project.districts import RUN, District
from tests.shared_between_workers import SharedFolders, copy_of

TONIGHT = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
# So many that a dozen defects exceed no limit of the load.
STUDENTS = 140

BIRTH_DATE = "students__birth_date__required"
GUARDIAN = "students__guardian__required"
EMAIL = "contacts__email__valid"
SCHOOL_STATE_ID = "schools__state_school_id__required"

Records = dict[str, list[dict[str, Any]]]
Failing = Mapping[str, int]
States = Mapping[str, tuple[str, int | None]]

# The outcome of a pull, by its state and HTTP status.
OUTCOMES = {
    ("complete", 200): "complete", ("refused", 200): "web_page", ("refused", 302): "redirected",
    ("refused", 401): "credentials_refused", ("refused", 403): "not_subscribed",
    ("refused", 404): "not_found", ("broken", 500): "server_error", ("broken", 503): "server_error",
    ("broken", None): "connection_broken", ("unreconciled", 200): "total_contradicted",
}  # fmt: skip

# How many first records of an endpoint fail a check, and what makes them fail it.
_DEFECTS: dict[str, tuple[str, dict[str, Any]]] = {
    BIRTH_DATE: ("Student", {"birthdate": None}),
    GUARDIAN: ("StudentContact", {"contactType": "C"}),
    EMAIL: ("Contact", {"email": "nobody at home"}),
    SCHOOL_STATE_ID: ("School", {"stateCodeEquiv": None}),
}


def run_id_of(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}000Z"


def labels() -> dict[str, list[str]]:
    """The API's own labels of each endpoint: the first one of every field in the seed."""
    found: dict[tuple[str, str], str] = {}
    for line in csv.DictReader(FIELD_LABELS.read_text().splitlines()):
        found.setdefault((line["endpoint"], line["field"]), line["label"])
    return {
        endpoint.name: [label for (of, _), label in found.items() if of == endpoint.name]
        for endpoint in ENDPOINTS
    }


def sound_records() -> Records:
    """Families of one student and one guardian; whatever identifies a person is in no text of ours."""
    known = labels()

    def record(endpoint: str, **values: Any) -> dict[str, Any]:
        return dict.fromkeys(known[endpoint]) | values

    def link(n: int, contact_type: str) -> dict[str, Any]:
        return record(
            "StudentContact", studentId=f"{700100 + n}", contactId=f"{900200 + n}", contactType=contact_type,
            contactPriority=1, relationCode="MOTH", legalGuard="Y", custGuard="Y", livingWith="Y",
        )  # fmt: skip

    numbers = range(STUDENTS)
    return {
        "School": [
            record("School", building=n, name=f"School {n}", stateCodeEquiv=f"5{n}") for n in (1, 2, 3)
        ],
        "Student": [
            record("Student", studentId=f"{700100 + n}", firstName=f"Zyfirst{n}", lastName=f"Qulast{n}",
                   birthdate=f"{date(2011, 3, 4) + timedelta(days=n)}T00:00:00", gender="F",
                   currentStatus="A", grade="05", building=1 if n < 30 else 2,
                   stateReportId=f"8800{1000 + n}")
            for n in numbers
        ],
        "Contact": [
            record("Contact", contactId=f"{900200 + n}", firstName=f"Wyfirst{n}", lastName=f"O'Vulast{n}",
                   email=f"mail{n}.jx@vu.example")
            for n in numbers
        ],
        "ContactAddress": [
            record("ContactAddress", contactId=f"{900200 + n}", streetNumber=f"{50 + n}",
                   streetName="Gruzel Hagua", streetType="Way", city="Xanebend", state="MN", zip="55057")
            for n in numbers
        ],
        "ContactPhone": [
            record("ContactPhone", contactId=f"{900200 + n}", phoneType="H", phone=f"{9503250000 + n}",
                   phonePriority=1)
            for n in numbers
        ],
        "StudentContact": [link(n, "G") for n in numbers] + [link(n, "P") for n in numbers],
        "UDRegUser": [
            record("UDRegUser", studentId=f"{700100 + n}", meals=f"Zworeduced{n}") for n in numbers
        ],
    }  # fmt: skip


def with_defects(records: Records, failing: Failing) -> Records:
    """The records, the first ones of an endpoint changed so that they fail a check."""
    changed = {endpoint: list(lines) for endpoint, lines in records.items()}
    for check_id, number in failing.items():
        endpoint, values = _DEFECTS[check_id]
        changed[endpoint][:number] = [line | values for line in changed[endpoint][:number]]
    return changed


@dataclass(frozen=True)
class Builds:
    """Warehouses by what is planted in them; each is built once in a run of pytest."""

    shared: SharedFolders

    def of(self, records: Records, states: Mapping[str, str]) -> Path:
        """The warehouse that dbt builds from these records. Only to read."""

        def make(folder: Path) -> None:
            District(folder).land(records, states=states).build()  # type: ignore[arg-type]

        return self.shared.folder("build", records, states, make=make) / "build" / "warehouse.duckdb"


@dataclass
class DistrictFolder:
    """One district below a data folder. Runs are added to it one by one."""

    data: Path
    builds: Builds
    key: str = "canary"
    name: str = "Canary ISD"
    message: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)
    last_run: str = ""
    records: Records = field(default_factory=sound_records)
    removed: Mapping[str, list[str]] = field(default_factory=lambda: {"Student": ["ssn"]})

    @property
    def path(self) -> Path:
        return self.data / self.key

    @property
    def warehouse(self) -> Path:
        return self.folder().warehouse

    def folder(self, run_id: str = "") -> NightFolder:
        """The folder of a run, of the last one where none is named."""
        return folder.DistrictFolder.of(self.data, self.key).night(run_id or self.last_run).make()

    def pull(self, moment: datetime, failing: Failing | None = None, states: States | None = None) -> str:
        """Land a run; `states` names the endpoints that were not received, with their HTTP status."""
        run_id = self.last_run = run_id_of(moment)
        records, pull_states = self._planted(failing, states)
        District(self.path).land(records, run_id, pull_states)
        with closing(open_store(self.path / "raw.duckdb")) as store:
            store.execute("update plus360.pulls set message = ? where run_id = ?", [self.message, run_id])
            for endpoint, answer in (states or {}).items():
                outcome = self.outcomes.get(endpoint, OUTCOMES[answer])
                store.execute(
                    "update plus360.pulls set http_status = ?, outcome = ? where run_id = ? and endpoint = ?",
                    [answer[1], outcome, run_id, endpoint],
                )
            for endpoint, removed in self.removed.items():
                store.execute(
                    "update plus360.pulls set stripped_labels = ? where run_id = ? and endpoint = ?",
                    [removed, run_id, endpoint],
                )
        return run_id

    def build(self, run_id: str, failing: Failing | None = None, states: States | None = None) -> None:
        """The warehouse of a run, as dbt built it from the same records."""
        built = self.builds.of(*self._planted(failing, states))
        shutil.copyfile(built, self.warehouse)
        shutil.copyfile(built.with_name("baseline.duckdb"), self.folder().district.make().baseline)
        with closing(duckdb.connect(str(self.warehouse))) as con:
            con.execute("update checks.check_results set run_id = ?", [run_id])

    def _planted(self, failing: Failing | None, states: States | None) -> tuple[Records, dict[str, str]]:
        records = with_defects(self.records, failing or {})
        return records, {endpoint: state for endpoint, (state, _) in (states or {}).items()}

    def night(
        self,
        moment: datetime = TONIGHT,
        failing: Failing | None = None,
        states: States | None = None,
        build: bool = True,
    ) -> QaDocument:
        """A whole run up to qa.json and the history."""
        run_id = self.pull(moment, failing, states)
        if build:
            self.build(run_id, failing, states)
        return self.check(moment)

    def check(self, moment: datetime = TONIGHT) -> QaDocument:
        """qa.json and the history of a run that was pulled."""
        night = self.folder(run_id_of(moment))
        document = write_qa_json(night, self.name, finished_at=moment + timedelta(seconds=95))
        write_history(night, document, {})
        return document


@pytest.fixture(scope="session")
def builds(shared: SharedFolders) -> Builds:
    return Builds(shared)


@pytest.fixture(scope="session")
def sample_run(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[NightFolder, QaDocument]:
    """The run of the public sample, with its redacted report."""
    sample = request.getfixturevalue("grand_bend").directory
    own = copy_of(sample, tmp_path_factory.mktemp("grand-bend"))
    night = folder.DistrictFolder(own).make().night(RUN).make()
    shutil.copyfile(night.district.new_warehouse, night.warehouse)
    document = write_qa_json(night, "Grand Bend", finished_at=TONIGHT)
    render_report(night)
    return night, document


@pytest.fixture(scope="session")
def new_district(builds: Builds) -> Callable[..., DistrictFolder]:
    """Makes a district below a data folder."""
    return lambda data, **changes: DistrictFolder(data, builds, **changes)


@pytest.fixture
def district(tmp_path: Path, new_district: Callable[..., DistrictFolder]) -> DistrictFolder:
    return new_district(tmp_path)
