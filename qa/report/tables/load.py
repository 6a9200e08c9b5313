"""The tables of the report's section Changes, from qa.json: files, schools, fields, limits, what is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qa.contract import QaDocument
from qa.load.causes import causes_of
from qa.load.contract import Carried, Effects, Hold, Load, SchoolEffect
from qa.load.words import FILES, field_label, file_of, is_about_a_field, sentence


@dataclass(frozen=True)
class LimitLine:
    """A limit that is exceeded.

    Attributes:
        place: the school's code, or the field's heading; "" for the whole district or file.
        is_school: whether it is a school's code.
    """

    hold: Hold
    sentence: str
    file: str
    place: str
    is_school: bool


@dataclass(frozen=True)
class LoadTables:
    """Rows of the tables, in words and numbers; None stands for a number that is not shown."""

    files: list[tuple[str, Effects]]
    schools: list[tuple[str, str, dict[str, int]]]
    schools_as_of: list[tuple[str, str, datetime]]
    most: list[tuple[str, str, str]]
    fields: list[tuple[str, str, str, int, int]]
    limits: list[LimitLine]
    causes: list[LimitLine]
    carried: list[Carried]
    departed: list[Carried]

    @classmethod
    def of(cls, qa: QaDocument) -> LoadTables | None:
        """The tables of a run; None where no import was built."""
        if qa.load is None:
            return None
        failed = {check.id for check in qa.checks if check.state == "failed"}
        holds = [hold for hold in qa.load.holds if hold.rule in failed]
        files = (("students.csv", qa.load.students), ("guardians.csv", qa.load.guardians))
        return cls(
            files=[(FILES[file], effects) for file, effects in files if effects is not None],
            schools=_schools(qa),
            schools_as_of=sorted(
                {(FILES[one.file], one.effect, one.as_of) for one in qa.load_schools if one.as_of}
            ),
            most=[(FILES[one.file], one.effect, one.school) for one in qa.load.most_at],
            fields=[
                (
                    field_label(one.file, one.field),
                    one.field,
                    FILES[one.file],
                    one.overwritten or 0,
                    one.emptied or 0,
                )
                for one in qa.load.fields
                if one.overwritten or one.emptied
            ],
            limits=[_limit(qa.load, hold, qa.load_schools) for hold in holds],
            causes=[_limit(qa.load, cause.holds[0], qa.load_schools) for cause in causes_of(holds)],
            carried=[kept for kept in qa.carried if kept.effect == "carried"],
            departed=[kept for kept in qa.carried if kept.effect == "departed"],
        )


def _schools(qa: QaDocument) -> list[tuple[str, str, dict[str, int]]]:
    """School, file and records by effect, for the schools in which something changes."""
    rows: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for seen in qa.load_schools:
        rows[seen.school, FILES[seen.file]][seen.effect] = seen.records_from
    return [(school, file, effects) for (school, file), effects in rows.items()]


def _limit(load: Load, hold: Hold, schools: Sequence[SchoolEffect]) -> LimitLine:
    kind, _, school = hold.scope.partition(":")
    file = file_of(hold)
    field = kind.rpartition(".")[2]
    return LimitLine(
        hold,
        sentence(hold, load, schools),
        FILES[file],
        school or (field_label(file, field) if is_about_a_field(hold) else ""),
        bool(school),
    )
