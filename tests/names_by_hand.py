"""What can be wrong with names, and who shares a state id with whom: for the checks by hand."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from tests.records_by_hand import Fails, Record, birthday_of, text

NAMES = ("firstName", "middleName", "lastName")
MARKS = {"dup", "dupe", "dupes", "duplicate", "duplicated", "test"}


def means_blank(name: str) -> bool:
    """Whether a name that is there is none: a placeholder, punctuation only, or JSON."""
    if not any(character.isalnum() for character in name):
        return True
    if name.lower() in ("none", "n/a", "#n/a", "undefined", "(none)", "(null)", "(blank)"):
        return True
    return name in ("NULL", "null", "NaN") or is_json(name)


def is_json(name: str) -> bool:
    try:
        return isinstance(json.loads(name), dict | list)
    except ValueError:
        return False


def no_name(label: str) -> Fails:
    return lambda record: not text(record, label) or means_blank(text(record, label))


def has_odd_name(record: Record) -> bool:
    names = [name for label in NAMES if (name := text(record, label))]
    return any(
        means_blank(name)
        or name[0] in "=+-@"
        or any(unicodedata.category(c) == "Cc" or c == "\ufffd" for c in name)
        for name in names
    )


def is_marked_as_duplicate(student: Record) -> bool:
    name = " ".join(text(student, label) for label in (*NAMES, "generation")).lower()
    words = "".join(character if character.isalpha() else " " for character in name).split()
    return bool(MARKS & set(words)) or " do not use " in f" {' '.join(words)} "


def shared_with_another_child(students: Iterable[Record]) -> Fails:
    """Whether someone else has the state id who has neither the name nor the birth date."""
    groups = defaultdict(list)
    for student in students:
        if state_id := text(student, "stateReportId"):
            groups[state_id].append(student)

    def person(student: Record) -> tuple[str, object]:
        return f"{text(student, 'firstName')}|{text(student, 'lastName')}".lower(), birthday_of(student)

    def is_of_another(student: Record) -> bool:
        name, birthday = person(student)
        others = map(person, groups[text(student, "stateReportId")])
        return birthday is not None and any(
            other_name != name and other_birthday not in (None, birthday)
            for other_name, other_birthday in others
        )

    return is_of_another
