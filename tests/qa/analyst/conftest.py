"""A district after three nightly runs, for all tests that only read it: built once, by the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from district.folder import DistrictFolder
from qa.analyst import District
from sandbox import Sandbox, generated
from sandbox.demo_days import ChangingSource, GuardiansAsContacts
from tests.night.conftest import Operator
from tests.qa.analyst.traced_district import TracedDistrict
from tests.shared_between_workers import SharedFolders, copy_of

KEY = "maple-grove"
# Of the last run: the twin is one more.
STUDENTS = 151

# Two days ago; `TODAY` has some of it fixed, and something new. In between, guardians became contacts.
EARLIER = {
    "students__gender__accepted": 2,
    "students__state_student_id__required": 4,
    "contacts__email__valid": 5,
    "contacts__person__duplicated": 3,
    "contact_phones__phone_number__valid": 3,
}
TODAY = EARLIER | {
    "students__birth_date__required": 1,
    "students__state_student_id__required": 2,
    "students__twins__suspected": 1,
    "student_contacts__contact_id__exists": 1,
    "contact_addresses__postal_code__valid": 2,
}


@dataclass(frozen=True)
class WorkbenchDistrict:
    """A district of 151 students after three runs: published, held, published.

    It is shared by all tests of a session: read it, and copy it to change it.
    """

    data: Path
    key: str = KEY

    @property
    def folder(self) -> DistrictFolder:
        return DistrictFolder.of(self.data, self.key)

    @property
    def run_ids(self) -> list[str]:
        """Of the three runs, the oldest first."""
        return [night.run_id for night in self.folder.all_nights()]

    def open(self, run_id: str | None = None) -> District:
        return District(self.key, self.data, run_id)


@pytest.fixture(scope="session")
def workbench_district(tmp_path_factory: pytest.TempPathFactory) -> WorkbenchDistrict:
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent  # the workers of one session share it
    operator = Operator(place / "workbench-district")
    with FileLock(place / "workbench-district.lock"):
        if not operator.folder.exists():
            operator.folder.mkdir()
            _run_three_nights(operator)
    return WorkbenchDistrict(operator.data)


@pytest.fixture(scope="session")
def traced_district(shared: SharedFolders, tmp_path_factory: pytest.TempPathFactory) -> TracedDistrict:
    """Records by hand, in which every kind of thing happens to some student; `at` writes to this copy."""
    made = shared.folder("traced-district", make=lambda data: TracedDistrict(data).make())
    return TracedDistrict(copy_of(made, tmp_path_factory.mktemp("traced")))


def _run_three_nights(operator: Operator) -> None:
    with _changing_district() as (source, box):
        operator.knows(KEY, box)
        for verdict in ("published", "held", "published"):
            operator.plus360("night", KEY)
            assert operator.record(KEY)["verdict"] == verdict, operator.record(KEY)
            source.day = min(source.day + 1, 2)


@contextmanager
def _changing_district() -> Iterator[tuple[ChangingSource, Sandbox]]:
    earlier, today = (
        generated(STUDENTS - 1, 11, town="Maple Grove", defects=defects) for defects in (EARLIER, TODAY)
    )
    source = ChangingSource([earlier, GuardiansAsContacts(earlier), today])
    with Sandbox(source, abc="mgsd") as box:
        yield source, box
