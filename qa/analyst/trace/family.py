"""The records of one student in one run: the student's own, the contacts', the school's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from district.endpoints import BY_NAME
from qa.analyst.errors import DataError
from qa.analyst.reader import query

_NO_STUDENT = "There is no student {student!r} in the runs that are kept; {hint}"
_SEARCH = "in a notebook, d.find({student!r}) searches names, phones and addresses too."
_NEAR = "did you mean {ids}? If not: " + _SEARCH
_SEVERAL = "{student!r} may be {ids}: name one of them exactly."
_MOST_NEAR = 5


class UnknownStudentError(DataError):
    """An id stands for no student, or for several."""


@dataclass(frozen=True)
class Record:
    """A record of the family, as received.

    Attributes:
        position: its place in the pull.
        key: its key in eSchoolPLUS; the person's id, or what of the key there is.
        name: of the student, contact or school; "" for other records.
        payload: its JSON.
        quarantined: why it is not used, as a code; "" where it is.
    """

    endpoint: str
    position: int
    key: str
    name: str
    payload: str
    quarantined: str = ""

    @property
    def entity(self) -> str:
        """The mart of its endpoint."""
        return BY_NAME[self.endpoint].mart

    def pairs(self) -> list[tuple[str, object]]:
        """Its labels and values in the order received; a label may be there twice."""
        try:
            found = json.loads(self.payload, object_pairs_hook=list)
        except ValueError:
            return []
        return found if isinstance(found, list) else []


@dataclass(frozen=True)
class Family:
    """A student's records in the pinned run.

    Attributes:
        student_id: as eSchoolPLUS has it, which may differ in zeros from what was asked for.
        is_built: whether the run's own warehouse is there.
    """

    student_id: str
    records: Sequence[Record] = field(default_factory=tuple)
    is_built: bool = True

    @property
    def students(self) -> list[Record]:
        """The student's own records: more than one where the id was sent twice."""
        return [record for record in self.records if record.endpoint == "Student"]

    @property
    def name(self) -> str:
        """The student's name; "" where it is unknown."""
        used = sorted(self.students, key=lambda record: record.quarantined != "")
        return next((record.name for record in used if record.name), "")

    def names(self) -> dict[str, str]:
        """The contacts' names by their ids; a quarantined record may have only a part of a name."""
        used = [one for one in self.records if one.endpoint == "Contact" and not one.quarantined]
        return {record.key: record.name for record in used}

    def names_of_quarantined(self) -> dict[str, str]:
        """The same of the contacts' quarantined records."""
        quarantined = [one for one in self.records if one.endpoint == "Contact" and one.quarantined]
        return {record.key: record.name for record in quarantined}


def student_id_of(con: duckdb.DuckDBPyConnection, student: str) -> tuple[str | None, list[str]]:
    """The id of the built run that an id stands for, and those that are nearly the same.

    Raises:
        UnknownStudentError: it may be one of several.
    """
    rows = con.execute(query("trace_ids"), {"student": student}).fetchall()
    if rows and rows[0][1]:
        return rows[0][0], []
    same = [found for found, _, is_same in rows if is_same]
    if len(same) > 1:
        raise several(student, same)
    return (same[0], []) if same else (None, [found for found, *_ in rows][:_MOST_NEAR])


def several(student: str, ids: Sequence[str]) -> UnknownStudentError:
    """What an analyst is told of an id that stands for several."""
    return UnknownStudentError(_SEVERAL.format(student=student, ids=_or(ids)))


def unknown(student: str, near: Sequence[str]) -> UnknownStudentError:
    """What an analyst is told of an id that no record has."""
    hint = _NEAR.format(ids=_or(near), student=student) if near else _SEARCH.format(student=student)
    return UnknownStudentError(_NO_STUDENT.format(student=student, hint=hint))


def family_of(con: duckdb.DuckDBPyConnection, run_id: str, student_id: str) -> Family:
    """The records of a student in the run whose warehouse is attached."""
    rows = con.execute(query("trace_family"), {"student_id": student_id}).fetchall()
    payloads = {
        endpoint: _payloads(con, run_id, endpoint, [row[1] for row in rows if row[0] == endpoint])
        for endpoint in {row[0] for row in rows}
    }
    return Family(
        student_id,
        tuple(
            Record(endpoint, position, key or "", name or "", payloads[endpoint].get(position, ""), why or "")
            for endpoint, position, key, name, why in rows
        ),
    )


def same_id(student_id: str) -> str:
    """What ids that differ only in case, zeros before them or .0 after them have in common."""
    whole, _, rest = student_id.strip().partition(".")
    return (whole if rest and not rest.strip("0") else student_id.strip()).lower().lstrip("0")


def _payloads(
    con: duckdb.DuckDBPyConnection, run_id: str, endpoint: str, positions: Sequence[int]
) -> dict[int, str]:
    # A range of positions and a few of them: all else of the run is skipped.
    sql = f"""
        select position, cast(payload as varchar) from raw_store.plus360."{endpoint}"
        where run_id = ? and position in ({", ".join(map(str, positions))})
    """
    return dict(con.execute(sql, [run_id]).fetchall())


def _or(ids: Sequence[str]) -> str:
    return " or ".join(ids)
