"""The labels of the endpoints: ours by name, the district's by number; private/labels.csv has the names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from district.endpoints import BY_NAME, is_few
from district.run_id import started_at
from qa.profile.contract import Label, OwnField
from qa.profile.rows import LabelRow
from qa.redaction.labels import is_known
from qa.redaction.schools.shares import step_of
from qa.redaction.suppression import SmallPopulations

OWN_ENDPOINT = "UDRegUser"


@dataclass(frozen=True)
class SeenLabel:
    """A label as a run received it, or a field that it did not.

    Attributes:
        number: its line among its endpoint's in private/labels.csv; None where its name is ours.
        first_run_id: the first run that received it; None where it was never sent.
        new: whether earlier runs received the endpoint without it.
    """

    row: LabelRow
    number: int | None
    first_run_id: str | None
    new: bool

    @property
    def is_own(self) -> bool:
        """Whether it is a field that the district defined itself."""
        return self.row.endpoint == OWN_ENDPOINT and self.row.field is None

    @property
    def kind(self) -> str:
        """What private/labels.csv calls it."""
        if self.is_own:
            return "district-defined"
        return "unrecognized" if self.row.field is None else "mapped"


def remember_labels(
    store: duckdb.DuckDBPyConnection, run_id: str, rows: Sequence[LabelRow]
) -> list[SeenLabel]:
    """The labels with when each was seen first; history.labels is told that this run received them.

    What the first recorded run of an endpoint received is not new. A run that is built again leaves
    history.labels as it was, also if it is not the last one. The transaction is the caller's.
    """
    before = _first_runs(store, run_id)
    known_endpoints = {endpoint for endpoint, _ in before}
    numbers: dict[str, int] = {}
    seen = []
    for row in rows:
        if row.label is None:
            seen.append(SeenLabel(row, None, None, False))
            continue
        number = None
        if not is_known(row.endpoint, row.label):
            number = numbers[row.endpoint] = numbers.get(row.endpoint, 0) + 1
        first = before.get((row.endpoint, row.label))
        seen.append(
            SeenLabel(row, number, first or run_id, first is None and row.endpoint in known_endpoints)
        )
    _write(
        store,
        run_id,
        {(one.row.endpoint, one.row.label): one.first_run_id for one in seen if one.first_run_id},
    )
    return seen


def _first_runs(store: duckdb.DuckDBPyConnection, run_id: str) -> dict[tuple[str, str], str]:
    """By endpoint and label: the first of the earlier runs that received it."""
    rows = store.execute(
        "select endpoint, label, min(first_run_id) from history.labels where first_run_id < ? group by all",
        [run_id],
    ).fetchall()
    return {(endpoint, label): first for endpoint, label, first in rows}


def _write(
    store: duckdb.DuckDBPyConnection, run_id: str, first_runs: Mapping[tuple[str, str | None], str]
) -> None:
    """Write down that a run received these labels; a later run that did stays their last one."""
    lists = {
        "endpoints": [endpoint for endpoint, _ in first_runs],
        "labels": [label for _, label in first_runs],
        "first_runs": [*first_runs.values()],
    }
    # As lists in one statement: a row at a time is slow.
    store.execute(
        """
        create or replace temp table received as
        select
            sent.endpoint, sent.label, sent.first_run_id,
            greatest(max(known.last_run_id), max(known.first_run_id), $run_id) as last_run_id
        from (
            select
                unnest($endpoints) as endpoint, unnest($labels) as label, unnest($first_runs) as first_run_id
        ) as sent
        left join history.labels as known on sent.endpoint = known.endpoint and sent.label = known.label
        group by all
        """,
        {"run_id": run_id, **lists},
    )
    store.execute(
        "delete from history.labels where (endpoint, label) in (select (endpoint, label) from received)"
    )
    store.execute("insert into history.labels by name from received")
    store.execute("drop table received")


def lines_of(seen: Iterable[SeenLabel]) -> list[tuple[object, ...]]:
    """The lines of private/labels.csv: of labels that the redacted files only number."""
    return [
        (one.number, one.row.endpoint, one.row.label, one.row.records, one.row.filled, one.kind,
         f"{started_at(one.first_run_id):%Y-%m-%d}" if one.first_run_id else None)
        for one in seen
        if one.number is not None
    ]  # fmt: skip


def unrecognized(seen: Iterable[SeenLabel]) -> Mapping[str, int]:
    """By endpoint: how many labels no field maps."""
    numbers: dict[str, int] = {}
    for one in seen:
        if one.kind == "unrecognized":
            numbers[one.row.endpoint] = numbers.get(one.row.endpoint, 0) + 1
    return numbers


def labels_of(seen: Iterable[SeenLabel], records: Mapping[str, int], small: SmallPopulations) -> list[Label]:
    """The labels of the endpoints as qa.json shows them, without the district's own fields.

    Args:
        seen: the labels.
        records: how many records each endpoint sent; not each of them carries every label.
        small: the populations that are not counted.
    """
    return [
        Label(
            endpoint=one.row.endpoint,
            label=one.row.label if one.number is None else None,
            number=one.number,
            field=one.row.field,
            state="never_sent" if one.row.label is None else "mapped" if one.row.field else "unmapped",
            filled=_share(one.row, records, small),
            first_seen=started_at(one.first_run_id) if one.first_run_id else None,
            new=one.new,
        )
        for one in seen
        if not one.is_own
    ]


def own_fields_of(
    seen: Iterable[SeenLabel], records: Mapping[str, int], small: SmallPopulations
) -> list[OwnField]:
    """The fields that the district defined itself; nothing where they are of few people. As labels_of."""
    if _hides(OWN_ENDPOINT, small):
        return []
    return [
        OwnField.model_validate(
            {
                "number": one.number,
                "shape": one.row.shape or "empty",
                "filled": _share(one.row, records, small),
                "first_seen": started_at(one.first_run_id) if one.first_run_id else None,
                "new": one.new,
            }
        )
        for one in seen
        if one.is_own and one.number is not None
    ]


def _share(row: LabelRow, records: Mapping[str, int], small: SmallPopulations) -> int | None:
    """How many of its endpoint's records fill a label, in steps of five percent."""
    of = records.get(row.endpoint, 0)
    if row.label is None or not of or is_few(of) or _hides(row.endpoint, small):
        return None
    return step_of(row.filled, of)


def _hides(endpoint: str, small: SmallPopulations) -> bool:
    return BY_NAME[endpoint].mart in small.marts
