"""What the values of a label look like: dates of birth, phone numbers, ids of students ..."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal

from district.checkout import CODES

Kind = Literal[
    "birth_date", "date", "time", "email", "phone", "postal_code", "state", "grade", "gender", "flag",
    "student_id", "contact_id", "school_id", "state_student_id", "name", "number",
]  # fmt: skip

# What the values of a field are. A field that is not here may hold anything.
KIND_OF: Mapping[str, Kind] = {
    "birth_date": "birth_date", "district_enrollment_date": "date", "changed_at": "time", "email": "email",
    "phone_number": "phone", "fax_number": "phone", "postal_code": "postal_code", "state": "state",
    "grade": "grade", "gender": "gender", "school_id": "school_id", "home_school_id": "school_id",
    "alternate_school_id": "school_id", "student_id": "student_id", "contact_id": "contact_id",
    "state_student_id": "state_student_id", "first_name": "name", "last_name": "name", "middle_name": "name",
    "nickname": "name", "city": "name", "contact_priority": "number", "phone_priority": "number",
    "street_number": "number",
}  # fmt: skip
_FLAGS = re.compile(r"(is|has|ferpa|mails|transports|use)_")

# As a sentence says it: "98% of the values are ...".
WORDS: Mapping[Kind, str] = {
    "birth_date": "dates on which a student can be born", "date": "dates", "time": "dates with a time",
    "email": "email addresses", "phone": "phone numbers", "postal_code": "ZIP codes",
    "state": "codes of states", "grade": "grade codes", "gender": "gender codes", "flag": "yes or no",
    "student_id": "ids of students", "contact_id": "ids of contacts", "school_id": "numbers of schools",
    "state_student_id": "long numbers, each of one record", "name": "names", "number": "small numbers",
}  # fmt: skip
IDS: Collection[Kind] = frozenset({"student_id", "contact_id", "school_id"})
# So seldom by chance that the values alone tell the field, where only one field of the kind is missing.
TELLING: Collection[Kind] = frozenset(
    {"birth_date", "email", "phone", "postal_code", "grade", "student_id", "contact_id", "state_student_id"}
)

_CODES: Mapping[Kind, str] = {"grade": "grade", "state": "state", "gender": "gender"}
_PATTERNS: Mapping[Kind, re.Pattern[str]] = {
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"),
    "phone": re.compile(r"(\+?1[ .-]?)?\(?[2-9]\d\d\)?[ .-]*[2-9]\d\d[ .-]*\d{4}( *(x|ext\.?) *\d+)?"),
    "postal_code": re.compile(r"\d{5}([- ]?\d{4})?"),
    "flag": re.compile(r"[YNTF01]|yes|no|true|false", re.IGNORECASE),
    "name": re.compile(r"[^\W\d_][^@]*"),
    "number": re.compile(r"\d{1,5}"),
    "time": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*"),
}
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%m-%d-%Y", "%Y%m%d", "%m/%d/%y")
_YOUNGEST, _OLDEST = 1, 23


@dataclass(frozen=True)
class Values:
    """Values of a label, as text without surrounding blanks.

    Attributes:
        texts: a sample of those that are filled.
        distinct: how many different ones all records have.
        filled: how many records fill the label.
    """

    texts: Collection[str]
    distinct: int
    filled: int


def kind_of(field: str) -> Kind | None:
    """What the values of a field are; None where it may be anything."""
    return KIND_OF.get(field) or ("flag" if _FLAGS.match(field) else None)


def share_of(kind: Kind, values: Values, ids: Mapping[Kind, Collection[str]], today: date) -> float:
    """How many of the values are of a kind, from 0 to 1.

    Args:
        kind: the kind.
        values: the values; without any, none is of the kind.
        ids: the ids that are known of each kind of ids.
        today: the day of the run.
    """
    if not values.texts:
        return 0.0
    if kind in _CODES:
        codes = _codes(_CODES[kind])
        return _share(values, lambda text: text.upper() in codes)
    if kind == "state_student_id":
        is_one_each = values.distinct >= 0.98 * values.filled > 1
        return _share(values, lambda text: text.isdigit() and 8 <= len(text) <= 12) if is_one_each else 0.0
    if kind in IDS:
        known = ids.get(kind, ())
        return _share(values, lambda text: text in known)
    if kind in ("birth_date", "date"):
        return _share(values, lambda text: _is_date(text, today if kind == "birth_date" else None))
    return _share(values, lambda text: _PATTERNS[kind].fullmatch(text) is not None)


@cache
def _codes(code_set: str) -> frozenset[str]:
    with CODES.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["code"].upper() for row in csv.DictReader(lines) if row["code_set"] == code_set)


def _share(values: Values, fits: Callable[[str], bool]) -> float:
    return sum(map(fits, values.texts)) / len(values.texts)


def _is_date(text: str, born_before: date | None) -> bool:
    day = re.split(r"[T ]", text, maxsplit=1)[0]
    for written in _FORMATS:
        try:
            read = datetime.strptime(day, written).date()  # noqa: DTZ007 - a day without a time
        except ValueError:
            continue
        return born_before is None or _YOUNGEST <= born_before.year - read.year <= _OLDEST
    return False
