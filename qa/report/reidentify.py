"""Whose records the pseudonyms stand for. For the unredacted edition only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

from district.folder import NightFolder
from extract.store.raw_store import read_store
from qa.failing.values import (
    FailingRecord,
    count_failing,
    failing_records,
    guardian_page,
    has_failing_values,
)
from qa.redaction.pseudonyms import Pseudonyms
from qa.report.formats import in_words
from qa.report.words import FIELDS
from qa.warehouse import nights_to_read, open_warehouse

_PERSON = "concat_ws(' ', first_name, last_name)"
# The mart that names a record of each kind, its key (the first part of the record's key) and the name.
# A link between student and contact goes by its student.
_NAMED_BY = {
    "students": ("students", "student_id", _PERSON),
    "student_contacts": ("students", "student_id", _PERSON),
    "ud_fields": ("students", "student_id", _PERSON),
    "contacts": ("contacts", "contact_id", _PERSON),
    "contact_addresses": ("contacts", "contact_id", _PERSON),
    "contact_phones": ("contacts", "contact_id", _PERSON),
    "schools": ("schools", "school_id", "name"),
}


# Of each finding: a page with more of them is slow to open, and the worklists have them all.
VALUES_SHOWN = 2_000
_OF_CONTACTS = ("contacts", "contact_addresses", "contact_phones")
_OF_LINKS = "student_contacts"


@dataclass(frozen=True)
class Identity:
    """The record behind a pseudonym.

    Attributes:
        record_key: its key in eSchoolPLUS.
        name: the person's or school's name; "" if it has none.
        url: its page in eSchoolPLUS; "" where none is known.
    """

    record_key: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class FailingValue:
    """One record that a finding is about, with the value that fails.

    Attributes:
        record_key: its key in eSchoolPLUS.
        name: of the person or school that it is of; "" if there is none.
        school: name and code of the student's school, or of the school itself; "" where none is known.
        field: the field in words, such as "Date of Birth".
        value: as received; "" where nothing was.
        reason: a code, as in qa.json.
        url: the record's page in eSchoolPLUS; "" where none is known.
        student: of a contact's record, name and id of the student through whom the contact is found.
        pseudonym: what stands for the record in the redacted edition of any run; "" if nothing does.
    """

    record_key: str
    name: str
    school: str
    field: str
    value: str
    reason: str
    url: str = ""
    student: str = ""
    pseudonym: str = ""


@dataclass(frozen=True)
class FailingValues:
    """The records of one finding, sorted by school and key.

    Attributes:
        values: the first of them, up to a number that a page can hold.
        total: how many there are; the worklists have them all.
    """

    values: tuple[FailingValue, ...]
    total: int


def identities_of(night: NightFolder, pseudonyms: Iterable[str], sis_url: str = "") -> dict[str, Identity]:
    """The records behind pseudonyms of a district, from its crosswalk and its latest warehouse.

    Args:
        night: the run's folder.
        pseudonyms: those that are to be shown.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.
    """
    with closing(read_store(night.district.raw)) as store:
        crosswalk = store.execute(
            "select pseudonym, kind, record_key from history.pseudonyms where list_contains(?, pseudonym)",
            [list(pseudonyms)],
        ).fetchall()
    names = _names(night, {kind for _, kind, _ in crosswalk})
    students = _students_of_guardians(night) if sis_url else {}

    def url_of(kind: str, record_key: str) -> str:
        student = _student_of(kind, record_key, students)
        return guardian_page(sis_url, *student) if student else ""

    return {
        pseudonym: Identity(
            record_key, names.get((kind, record_key.partition("/")[0]), ""), url_of(kind, record_key)
        )
        for pseudonym, kind, record_key in crosswalk
    }


def failing_values(
    night: NightFolder, check_ids: Collection[str], sis_url: str = ""
) -> dict[str, FailingValues]:
    """The records that fail each check of a run; none where its warehouse is gone.

    Args:
        night: the run's folder.
        check_ids: of the findings that are shown.
        sis_url: where the district's staff open eSchoolPLUS; "" for no links.
    """
    if not night.warehouse.exists():
        return {}
    pseudonyms = pseudonyms_of(night)
    with open_warehouse(night) as con:
        if not has_failing_values(con):
            return {}
        # One check after another: only the first records of each need be kept in memory.
        return {
            check_id: FailingValues(
                tuple(
                    _value_of(record, sis_url, pseudonyms)
                    for record in failing_records(con, [check_id], VALUES_SHOWN)
                ),
                total,
            )
            for check_id, total in count_failing(con, list(check_ids)).items()
        }


def pseudonyms_of(night: NightFolder) -> dict[tuple[str, str], str]:
    """What stands for a record in the redacted editions, by its kind and key. Few records have any."""
    with closing(read_store(night.district.raw)) as store:
        return Pseudonyms(store).known()


def _value_of(record: FailingRecord, sis_url: str, pseudonyms: Mapping[tuple[str, str], str]) -> FailingValue:
    is_of_a_school = record.record_key == record.school_id
    person = record.contact if record.contact_id else record.student
    return FailingValue(
        record_key=record.record_key,
        name=(record.school if is_of_a_school else person) or "",
        school=_with_id(record.school, record.school_id),
        field=in_words(record.field, FIELDS),
        value=record.value or "",
        reason=record.reason,
        url=record.url(sis_url),
        student=_with_id(record.student, record.student_id) if record.contact_id else "",
        pseudonym=pseudonyms.get((record.entity, record.record_key), ""),
    )


def _with_id(name: str | None, record_id: str | None) -> str:
    """A name and its id, such as "Oak Hill Elementary (107)"; what there is of the two."""
    return f"{name} ({record_id})" if name and record_id else name or record_id or ""


def _student_of(kind: str, record_key: str, students: dict[str, str]) -> tuple[str, str] | None:
    """The guardian that a record belongs to and one of the guardian's students; None for other records."""
    student, _, contact = record_key.partition("/")
    if kind in _OF_CONTACTS:
        contact = student
        student = students.get(contact, "")
    elif kind == _OF_LINKS and contact.endswith("/G"):
        contact = contact.removesuffix("/G")
    else:
        return None
    return (contact, student) if contact in students and student else None


def _students_of_guardians(night: NightFolder) -> dict[str, str]:
    """A student of each guardian, by the guardian's contact id."""
    newest = next(iter(nights_to_read(night)), None)
    if newest is None:
        return {}
    with open_warehouse(newest) as con:
        return dict(
            con.execute(
                "select contact_id, min(student_id) from marts.student_contacts "
                "where contact_type = 'G' group by contact_id"
            ).fetchall()
        )


def _names(night: NightFolder, kinds: Iterable[str]) -> dict[tuple[str, str], str]:
    newest = next(iter(nights_to_read(night)), None)
    if newest is None:
        return {}
    names: dict[tuple[str, str], str] = {}
    with open_warehouse(newest) as con:
        for kind in kinds:
            mart, key, name = _NAMED_BY[kind]
            rows = con.execute(f"select {key}, {name} from marts.{mart}").fetchall()
            names.update({(kind, str(record_key)): named or "" for record_key, named in rows})
    return names
