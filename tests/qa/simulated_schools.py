"""Districts whose schools change by chance: what is shared of them goes through the real rules."""

from __future__ import annotations

from random import Random
from typing import Any

import duckdb

from district.run_id import started_at
from qa.check_results import CheckResult
from qa.contract import QaDocument
from qa.contract_types import NIGHTS_SHOWN
from qa.failing.schools import FailingBySchool
from qa.findings import build_findings
from qa.load.contract import Effects
from qa.load.effects import HoldRow, LoadRows, SchoolRow
from qa.load.findings import Judged, with_causes
from qa.load.redact import load_parts
from qa.profile.contract import Completeness, SchoolCompleteness
from qa.redaction.schools.renewal import Renewal
from qa.redaction.schools.shares import SMALLEST_GROUP, steps_shown
from qa.redaction.suppression import small_populations
from tests.qa.conftest import EMAIL, TONIGHT, run_id_of

DELETED = "load__guardians__deleted"
CONCENTRATED = "load__schools__concentrated"
FILES = ("students.csv", "guardians.csv")
EFFECTS = ("add", "update", "carried", "departed", "delete")
FIELDS = ("birth_date", "gender", "state_student_id")
# What a limit at one school counts, its name there, and its floor.
_AT_ONE_SCHOOL = {
    ("guardians.csv", "delete"): ("deleted", 10),
    ("students.csv", "departed"): ("departed", 5),
}
_LARGEST_SHARE = 0.3


class NoHistory:
    """A district's first run."""

    is_empty, run_id = True, run_id_of(TONIGHT)

    def failing_runs(self, check_id):
        return []

    def trend(self, check_id, state, failed):
        return [None] * NIGHTS_SHOWN


class NumbersForCodes:
    """Stands for a crosswalk; no code of these districts needs one."""

    def of(self, records):
        return dict.fromkeys(records, "B-2222-2222")


class SimulatedDistrict:
    """Schools of various sizes, in which records change and fail: none, few, some, or many at one school."""

    def __init__(self, schools: int, seed: int, store: duckdb.DuckDBPyConnection | None = None) -> None:
        self.store = store
        self.random = Random(seed)
        self.sizes = {f"{n + 1}": self.random.choice((8, 30, 45, 90, 300, 900)) for n in range(schools)}
        self.students = sum(self.sizes.values())

    def document(self, base: QaDocument, run_id: str) -> QaDocument:
        """A run: the base document with other numbers by school."""
        rows, failing = self._load(), self._counts()
        renewal = Renewal(self.store, run_id)
        small = small_populations([], {}, {}, rows, has_baseline=True)
        codes: Any = NumbersForCodes()
        load, load_schools, _ = load_parts(rows, run_id, codes, small, renewal)
        deleted = rows.totals["guardians.csv"]["delete"]
        history: Any = NoHistory()
        found = build_findings(
            [self._result(DELETED, "hold", deleted), self._result(EMAIL, "warn", sum(failing.values()))],
            [],
            {},
            history,
            codes,
            failing=FailingBySchool({EMAIL: failing}, len(self.sizes)),
            renewal=renewal,
            small=small,
        )
        changes = {
            "run_id": run_id,
            "started_at": started_at(run_id),
            "load": load,
            "load_schools": load_schools,
            "findings": with_causes(found, Judged("canary", load, load_schools)),
        }
        document = base.model_copy(update=changes | self._completeness(renewal))
        renewal.write()
        return document

    def _counts(self) -> dict[str, int]:
        """Records by school."""
        kind = self.random.choice(("none", "few", "some", "one school"))
        most = {"none": 0, "few": 3, "some": 60, "one school": 4}[kind]
        counts = {school: self.random.randint(0, min(most, size)) for school, size in self.sizes.items()}
        if kind == "one school":
            school = self.random.choice([*counts])
            counts[school] = self.random.randint(0, self.sizes[school])
        return counts

    def _load(self) -> LoadRows:
        rows = [
            SchoolRow(file, school, effect, number)  # type: ignore[arg-type]
            for file in FILES
            for effect in EFFECTS
            for school, number in self._counts().items()
            if number
        ]
        numbers = dict.fromkeys(Effects.model_fields, 0) | {"before": self.students, "now": self.students}
        totals = {file: dict(numbers) for file in FILES}
        for row in rows:
            totals[row.file][row.effect] += row.records
        deleted = totals["guardians.csv"]["delete"]
        share = deleted / self.students
        holds = [HoldRow(DELETED, None, "district", deleted, self.students, share, 0.1, 10, "hold")]
        holds += [hold for row in rows for hold in self._limit(row)]
        return LoadRows(totals, rows, dict.fromkeys(FILES, len(self.sizes)), [], holds, [])

    def _limit(self, row: SchoolRow) -> list[HoldRow]:
        """The limit that a school's number exceeds, if it does."""
        variant, floor = _AT_ONE_SCHOOL.get((row.file, row.effect), ("", 0))
        size = self.sizes[row.school_id]
        if not variant or row.records <= max(floor, _LARGEST_SHARE * size):
            return []
        scope, share = f"school:{row.school_id}", row.records / size
        limit = _LARGEST_SHARE
        return [HoldRow(CONCENTRATED, variant, scope, row.records, size, share, limit, floor, "hold")]

    def _result(self, check_id: str, level: Any, failed: int) -> CheckResult:
        return CheckResult(
            check_id=check_id,
            level=level,
            title="A title",
            why="A reason.",
            remedy=[],
            owner="district SIS admin",
            population="contacts",
            endpoints=[],
            state="failed" if failed else "passed",
            failed=failed,
            total=self.students,
            when_all=None,
        )

    def _completeness(self, renewal: Renewal) -> dict[str, list]:
        whole, steps = [], {}
        large = renewal.large_schools(
            "large/students",
            "students.csv",
            lambda: {school: 1 for school, size in self.sizes.items() if size >= SMALLEST_GROUP},
        )
        for field in FIELDS:
            blank = self._counts()
            schools = {school: (size - blank[school], size) for school, size in self.sizes.items()}
            steps[field] = steps_shown(schools, large)
            filled = sum(number for number, _ in schools.values())
            whole.append(Completeness(group="students", field=field, filled=filled, total=self.students))
        by_school = [
            SchoolCompleteness(
                school=school,
                group="students",
                filled=None
                if school not in large
                else {field: its[school] for field, its in steps.items() if school in its},
            )
            for school in self.sizes
        ]
        return {"completeness": whole, "school_completeness": by_school}
