"""What is not the same in two runs of one endpoint: record by record, and field by field."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat

import duckdb
import pandas as pd

from district.endpoints import Endpoint
from extract.preflight.field_labels import FieldLabels
from extract.store.label_columns import pointer
from qa.analyst.frames import frame_of
from qa.analyst.labels.mapping import by_field, read_mapping
from qa.analyst.reader import Reader, query
from qa.analyst.sql.connection import beside

# Where the name of the person or school is, and the school; of the endpoints that have them.
_NAME = {
    "School": ("name", ""),
    "Student": ("first_name", "last_name"),
    "Contact": ("first_name", "last_name"),
}
_SCHOOL = {"Student": "school_id", "School": "school_id"}


@dataclass(frozen=True)
class Differences:
    """How the records of one endpoint differ between two runs.

    Values are compared as text, without surrounding blanks; a blank one is as good as none. The order of the
    labels in a record says nothing. A label is compared by the field that it fills, so a label with a new
    name is no change of any record.

    Attributes:
        endpoint: which.
        keys: the fields that identify a record.
        labels: by field, the labels of it; an unmapped label is its own field.
        appeared: labels that only the later run received.
        vanished: labels that only the earlier run received.
        records: one row per record that was added, removed or changed: record (a number), change, its keys,
            name, school_before, school_after, position_before and position_after (in the pull).
        values: one row per value that changed: record, field, before, after.
    """

    endpoint: Endpoint
    keys: list[str]
    labels: dict[str, list[str]]
    appeared: list[str]
    vanished: list[str]
    records: pd.DataFrame
    values: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many records were added, removed and changed."""
        found = self.records["change"].value_counts()
        return {change: int(found.get(change, 0)) for change in ("added", "removed", "changed")}

    def field_of(self, label: str) -> str | None:
        """The field that a label fills; None for an unmapped one."""
        return next((field for field, its in self.labels.items() if label in its and field != label), None)


def read_differences(
    reader: Reader, endpoints: Sequence[Endpoint], before: str, after: str
) -> list[Differences]:
    """Compare two runs of endpoints that both received completely.

    Two endpoints at a time: half of a comparison is work that DuckDB does on one core.
    """
    reader.tell_newer()
    with reader.open() as con, ExitStack() as opened:
        connections = [opened.enter_context(beside(con)) for _ in endpoints]
        with ThreadPoolExecutor(2) as pool:
            try:
                return list(pool.map(_compare, connections, endpoints, repeat(before), repeat(after)))
            except BaseException:
                for one in connections:  # an analyst who interrupts a question waits for no query of it
                    one.interrupt()
                raise


def _compare(con: duckdb.DuckDBPyConnection, endpoint: Endpoint, before: str, after: str) -> Differences:
    mapping = read_mapping(con, endpoint.name)
    runs = {"before": before, "after": after}
    table = f"raw_store.plus360.{endpoint.name}"
    con.execute(
        f"create or replace temp table differing as {query('differing_records')}", {"table": table, **runs}
    )
    sent = con.execute(query("labels_of_differing")).fetchall()
    labels = by_field(mapping, {label for _, label in sent})
    of_run = {run: {label for run_id, label in sent if run_id == run} for run in (before, after)}
    both = _anywhere(con, table, before, of_run[before] ^ of_run[after])
    keys = _keys(endpoint, mapping, labels)
    con.execute(
        f"create or replace temp table record_changes as {query('record_changes')}",
        {**runs, **_places(labels), **_columns(endpoint, keys, list(labels))},
    )
    values = frame_of(con.execute(query("value_changes"), {"fields": list(labels)}))
    values["field"] = values["field"].fillna("")  # a label may be empty
    records = frame_of(con.execute(query("records_that_differ")))
    # Where only the order of the labels or blanks changed, the record is the same.
    is_other = (records["change"] != "changed") | records["record"].isin(values["record"])
    return Differences(
        endpoint,
        keys,
        labels,
        sorted(of_run[after] - of_run[before] - both),
        sorted(of_run[before] - of_run[after] - both),
        _with_keys(records[is_other], keys),
        values,
    )


def _keys(endpoint: Endpoint, mapping: FieldLabels, labels: dict[str, list[str]]) -> list[str]:
    """The fields that identify a record; those that number records come last, where they are sent."""
    required = [mapping.field(label) or label for label in endpoint.keys]
    numbered = [mapping.field(label) or label for label in endpoint.numbered_by]
    return [*required, *(field for field in numbered if field in labels)]


def _places(labels: dict[str, list[str]]) -> dict[str, object]:
    """Where the texts of a record are, and which of them, counted from 1, are of one field."""
    pointers = [pointer(label) for group in labels.values() for label in group]
    groups, first = [], 1
    for group in labels.values():
        groups.append(list(range(first, first + len(group))))
        first += len(group)
    return {"pointers": pointers, "groups": groups, "is_plain": len(pointers) == len(labels)}


def _columns(endpoint: Endpoint, keys: list[str], fields: list[str]) -> dict[str, object]:
    """The place of each field that the query reads, counted from 1; 0 for one that is not sent."""
    place = {field: number for number, field in enumerate(fields, start=1)}
    first_name, last_name = _NAME.get(endpoint.name, ("", ""))
    return {
        "keys": [place.get(key, 0) for key in keys],
        "required": len(endpoint.keys),
        "first_name": place.get(first_name, 0),
        "last_name": place.get(last_name, 0),
        "school": place.get(_SCHOOL.get(endpoint.name, ""), 0),
    }


def _anywhere(con: duckdb.DuckDBPyConnection, table: str, run_id: str, labels: set[str]) -> set[str]:
    """Those of some labels that a record has which is the same in both runs."""
    if not labels:
        return set()
    names = sorted(labels)
    found = con.execute(
        query("labels_anywhere"),
        {"table": table, "run_id": run_id, "pointers": [pointer(name) for name in names]},
    ).fetchall()
    return {names[number - 1] for (number,) in found}


def _with_keys(records: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The records with a column for each of their keys."""
    columns = pd.DataFrame(records["record_key"].tolist(), columns=keys, index=records.index, dtype="string")
    first, rest = records[["record", "change"]], records.drop(columns=["record", "change", "record_key"])
    return pd.concat([first, columns, rest], axis=1).reset_index(drop=True)
