"""Records of the API in plain Python, and conditions on them: what the checks by hand are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

Record = Mapping[str, Any]
Fails = Callable[[Record], bool]


def text(record: Record, label: str) -> str:
    """A value without padding; missing values are the empty string."""
    value = record.get(label)
    return "" if value is None else str(value).strip()


def key_of(record: Record, labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(text(record, label) for label in labels)


def birthday_of(student: Record) -> date | None:
    """The birth date; None where it is missing or not a date."""
    try:
        return date.fromisoformat(text(student, "birthdate")[:10])
    except ValueError:
        return None


def latest_of_each(records: Iterable[Record], labels: Iterable[str]) -> list[Record]:
    """The last changed record of each key, and all records whose key is not complete."""
    labels = tuple(labels)
    latest: dict[object, Record] = {}
    for position, record in enumerate(records):
        key = key_of(record, labels)
        known = latest.get(key)
        if not all(key):
            latest[position] = record
        elif known is None or text(record, "changeDateTime") >= text(known, "changeDateTime"):
            latest[key] = record
    return list(latest.values())


def blank(label: str) -> Fails:
    return lambda record: not text(record, label)


def not_in(label: str, values: Iterable[str]) -> Fails:
    known = set(values)
    return lambda record: text(record, label) not in known


def not_like(label: str, pattern: re.Pattern[str]) -> Fails:
    """Whether there is a value that doesn't match."""
    return lambda record: bool(text(record, label)) and not pattern.fullmatch(text(record, label))


def shared(records: Iterable[Record], *labels: str) -> Fails:
    """Whether another record has the same values; values that are not complete are never shared."""
    numbers = Counter(key_of(record, labels) for record in records)
    return lambda record: all(key := key_of(record, labels)) and numbers[key] > 1


def latest_district_fields(records: Iterable[Record]) -> list[Record]:
    """All records of district-defined fields that differ in their numbers, their labels or their values."""
    latest: dict[object, Record] = {}
    for position, record in enumerate(records):
        numbers = key_of(record, ("screenNumber", "fieldNumber", "listSequence"))
        content = sorted(record) if any(numbers) else sorted((k, text(record, k)) for k in record)
        is_blank = not text(record, "studentId")
        key = position if is_blank else (text(record, "studentId"), numbers, str(content))
        known = latest.get(key)
        if known is None or text(record, "changeDateTime") >= text(known, "changeDateTime"):
            latest[key] = record
    return list(latest.values())
