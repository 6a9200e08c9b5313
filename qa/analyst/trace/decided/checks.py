"""Which checks the family's records fail, and what the build decided about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from qa.analyst.people.findings import show_failing
from qa.analyst.reader import query
from qa.analyst.trace import words
from qa.analyst.trace.decided.causes import with_causes, without_consequences
from qa.analyst.trace.family import Family
from qa.check_results import CheckResult
from qa.report.formats import in_words
from qa.report.words import FIELDS, LEVELS, OWNERS


@dataclass(frozen=True)
class Failed:
    """A check that a record fails.

    Attributes:
        meant: the check, as it is meant where every record fails it.
        value: as received; "" where nothing was.
        code: of the reason.
        field: its code, as "birth_date".
        cause: the failure, of a record that it is linked to, from which this one follows; None where there is
            none.
    """

    entity: str
    position: int
    record: str
    field: str
    value: str
    code: str
    meant: CheckResult
    cause: Failed | None = None

    @property
    def check_id(self) -> str:
        """The check."""
        return self.meant.check_id

    @property
    def field_name(self) -> str:
        """The field in words, as "Date of Birth"."""
        return in_words(self.field, FIELDS)

    @property
    def reason(self) -> str:
        """The reason in words."""
        return words.why(self.code)

    def row(self) -> dict[str, object]:
        """The row of a DataFrame."""
        fixed = self.cause or self
        first = f"Fix {fixed.check_id} first: " if self.cause else ""
        return {
            "level": LEVELS[self.meant.level],
            "record": self.record,
            "title": self.meant.title,
            "field": self.field_name,
            "value": self.value or None,
            "reason": self.reason,
            "fix": first + " ".join(fixed.meant.remedy),
            "where": fixed.meant.place,
            "who": OWNERS[fixed.meant.owner],
            "check_id": self.check_id,
        }


@dataclass(frozen=True)
class Decision:
    """What the build decided about a record.

    Attributes:
        file: of the import; the endpoint of a record that is quarantined.
        record: the contact's id, or the record's key; "" for the student.
        decision: refused, merged, carried, departed or quarantined.
        check_id: the check that refuses it; "" where none does.
        reason: a code; "" where the check says it all.
        since: the run since which it has been so; "" where that is not known.
        runs: for how many published runs, this one included; 0 where that is not known.
        position: of the record in the pull; None for one that is sent as last published.
    """

    file: str
    record: str
    decision: str
    check_id: str
    reason: str
    since: str
    runs: int
    position: int | None = None

    def row(self, student_id: str, names: dict[str, str]) -> dict[str, object]:
        """The row of a DataFrame."""
        record = self.record or student_id
        return {
            "file": self.file,
            "record": record,
            "name": names.get(record),
            "decision": words.DECISIONS[self.decision],
            "why": words.why(self.reason) or None,
            "since": words.moment(self.since).date() if self.since else None,
            "runs": self.runs or None,
            "check_id": self.check_id or None,
        }


def checks_of(
    con: duckdb.DuckDBPyConnection, family: Family, checks: Mapping[str, CheckResult]
) -> list[Failed]:
    """The checks that records of the family fail: what blocks the load first, a cause before what follows.

    Args:
        con: the warehouse of the family's run is attached to it.
        family: the records.
        checks: all checks of the run by their ids.
    """
    records = list(family.records)
    failing = con.execute(
        "select distinct entity, position from warehouse.checks.check_failures where position in "
        "(select unnest(cast(? as bigint[])))",
        [[one.position for one in records]],
    ).fetchall()
    # The view with the values joins every record of the district: only where there is anything to read.
    records = [one for one in records if (one.entity, one.position) in failing]
    if not records:
        return []
    show_failing(con)
    found = con.execute(
        query("trace_checks"),
        {"entities": [one.entity for one in records], "positions": [one.position for one in records]},
    )
    failed = [
        Failed(entity, position, record or "", field or "", value or "", reason or "", checks[check_id])
        for entity, position, record, check_id, field, value, reason in found.fetchall()
    ]
    return with_causes(failed, family)


def decisions_of(con: duckdb.DuckDBPyConnection, family: Family, failed: Sequence[Failed]) -> list[Decision]:
    """What was decided about the student, the guardians and the records of both, each with its true cause."""
    rows: Sequence[tuple[Any, ...]] = con.execute(
        query("trace_decisions"),
        {
            "student_id": family.student_id,
            "positions": [one.position for one in family.records],
            "records": [f"{one.endpoint}/{one.position}" for one in family.records],
        },
    ).fetchall()
    found = [
        Decision(file, record or "", decision, check_id or "", reason or "", since or "", runs or 0, position)
        for file, record, decision, check_id, reason, since, runs, position in rows
    ]
    return without_consequences(found, failed, family)
