"""Since when single records have had the value that fails a check, in the runs that are kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from district.endpoints import BY_MART
from district.run_id import started_at
from qa.analyst.pulls import complete_before
from qa.analyst.reader import Reader

# What decides about these is in the record itself. All others depend on other records, or on the day.
OWN_REASONS = frozenset(
    {
        "blank",
        "control_characters",
        "duplicate_label",
        "formula_sign",
        "json",
        "marked",
        "means_blank",
        "no_such_area_code",
        "not_a_date",
        "not_an_address",
        "not_five_or_nine_digits",
        "not_in_list",
        "not_letters_and_digits",
        "not_ten_digits",
        "set_to_99",
        "too_long",
        "unreadable_character",
    }
)
_KEYS = {
    "students": ("student_id",),
    "ud_fields": ("student_id",),
    "contacts": ("contact_id",),
    "contact_addresses": ("contact_id",),
    "contact_phones": ("contact_id", "phone_type"),
    "student_contacts": ("student_id", "contact_id", "contact_type"),
    "schools": ("school_id",),
}
# The fields that a check names in another way than staging.
_FIELDS = {
    "enrollment_status": ("status_code",),
    "name": ("first_name", "middle_name", "last_name"),
    "relation": ("relation_code",),
}
# A server sends records in the same order every night: a record is looked for near its position first.
_NEAR = 1_000
# Elsewhere in a run only so many records are looked for, as that reads the run's whole endpoint.
_MOST_ANYWHERE = 5
_MOST = 50


@dataclass(frozen=True)
class FailingRecord:
    """A record that fails a check: kind, key, position in the run; field and reason as codes."""

    kind: str
    key: str
    position: int
    field: str
    reason: str


def since_of(reader: Reader, failing: Sequence[FailingRecord]) -> list[date | None]:
    """For each record the day of the first kept run, without a break up to this one, that had the same value.

    None where the failure is not of the record's own value; also after the first fifty records.
    """
    with reader.open() as con:
        search = _Search(con, reader.run_id)
        return [search.since(one) if n < _MOST else None for n, one in enumerate(failing)]


class _Search:
    """Looks for records in the runs before one."""

    def __init__(self, con: duckdb.DuckDBPyConnection, run_id: str) -> None:
        self._con = con
        self._run_id = run_id
        self._anywhere = 0
        self._labels: dict[tuple[str, str], list[str]] = {}
        rows = con.execute(
            "select endpoint, field, label from warehouse.staging.stg_plus360__labels where field is not null"
        ).fetchall()
        for endpoint, field, label in rows:
            self._labels.setdefault((endpoint, field), []).append(label)

    def since(self, one: FailingRecord) -> date | None:
        """The day of the first run with the same value; None where that can't be said."""
        endpoint = BY_MART[one.kind].name if one.kind in BY_MART else None
        if endpoint is None or one.reason not in OWN_REASONS or "#" in one.key:
            return None
        fields = _FIELDS.get(one.field, (one.field,))
        labels = [label for field in fields for label in self._labels.get((endpoint, field), [])]
        now = self._near(endpoint, one, f"= '{self._run_id}'").get(self._run_id)
        if now is None or not (labels or one.field == "labels"):
            return None
        found = self._near(endpoint, one, f"< '{self._run_id}'")
        first = self._run_id
        for run_id in reversed(complete_before(self._con, endpoint, self._run_id)):
            record = found.get(run_id) or self._elsewhere(endpoint, one, run_id)
            if record is None or _value(record, labels) != _value(now, labels):
                break
            first = run_id
        return started_at(first).date()

    def _elsewhere(self, endpoint: str, one: FailingRecord, run_id: str) -> list[tuple[str, object]] | None:
        if self._anywhere >= _MOST_ANYWHERE:
            return None
        self._anywhere += 1
        return self._read(endpoint, one, f"run_id = '{run_id}'").get(run_id)

    def _near(self, endpoint: str, one: FailingRecord, runs: str) -> dict[str, list[tuple[str, object]]]:
        first, last = one.position - _NEAR, one.position + _NEAR
        return self._read(endpoint, one, f"run_id {runs} and position between {first} and {last}")

    def _read(self, endpoint: str, one: FailingRecord, where: str) -> dict[str, list[tuple[str, object]]]:
        """By run, the labels and values of the record with the key."""
        parts = one.key.split("/")
        rows = self._con.execute(
            f'select run_id, cast(payload as varchar) from raw_store.plus360."{endpoint}" '
            f"where {where} and contains(payload, ?) order by run_id, position",
            [parts[0]],
        ).fetchall()
        keys = [self._labels.get((endpoint, field), []) for field in _KEYS[one.kind]]
        found = {}
        for run_id, payload in rows:
            record: list[tuple[str, object]] = json.loads(payload, object_pairs_hook=list)
            if all(_text(record, labels) == [part] for labels, part in zip(keys, parts, strict=True)):
                found[run_id] = record
        return found


def _value(record: list[tuple[str, object]], labels: list[str]) -> list[str]:
    """What the record has under some labels; without any, the labels that it has twice."""
    if labels:
        return _text(record, labels)
    return sorted(label for label, n in Counter(label.lower() for label, _ in record).items() if n > 1)


def _text(record: list[tuple[str, object]], labels: list[str]) -> list[str]:
    texts = ["" if value is None else str(value).strip() for label, value in record if label in labels]
    return [text for text in texts if text]
