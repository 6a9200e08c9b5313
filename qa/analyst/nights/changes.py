"""The changes of an entity since an earlier run: record by record, and field by field."""

from __future__ import annotations

import sys
from datetime import date
from itertools import pairwise

import pandas as pd

from district.endpoints import Endpoint
from qa.analyst.errors import DataError, choose_endpoint
from qa.analyst.nights.choice import chosen_run, complete_pulls
from qa.analyst.nights.differences import Differences, read_differences
from qa.analyst.nights.schools import school_names
from qa.analyst.reader import Reader

# So many rows are shown unless more are asked for: a summer rollover changes every student.
MOST_ROWS = 1_000


def changes(
    reader: Reader, entity: str, since: str | date | None = None, limit: int | None = MOST_ROWS
) -> pd.DataFrame:
    """One row per value that changed, and one per record that was added or removed; the newest run first.

    Args:
        reader: the run's files.
        entity: an endpoint, or its mart.
        since: the run to start from, or its date (UTC): the last run of that day, or the first one of the day
            of the run that is read; without it, the run before the one that is read. Each run after it is
            compared with the one before: what changed twice is there twice.
        limit: so many rows at most, and a line that says how many there are; None for all.

    Returns:
        run_id (which received the change), change (added, removed, changed), the record's keys, name and
        school where it has them (the id of a school whose name is not known), field, before, after, position
        (in the pull that has the record).

    Raises:
        DataError: there is no such endpoint or run, or no earlier one that received the endpoint completely.
    """
    if limit is not None and limit < 0:
        raise DataError(f"limit is how many rows to show, or None for all; it can't be {limit}.")
    endpoint = choose_endpoint(entity)
    pulls = complete_pulls(reader)
    runs = [run for run, its in pulls.items() if endpoint.name in its and run <= reader.run_id]
    start = chosen_run(pulls, since, reader.run_id) if since else next(iter(runs[-2:-1]), reader.run_id)
    compared = list(pairwise(run for run in runs if run >= start))[::-1]
    if not compared:
        between = f"from {start} to {reader.run_id}" if since else f"up to {reader.run_id}"
        raise DataError(f"There are no two runs {between} that received {endpoint.name} completely.")
    frames: list[pd.DataFrame] = []
    for before, after in compared:
        (found,) = read_differences(reader, [endpoint], before, after)
        frames.append(_rows_of(found, after))
    whole = _with_names(reader, endpoint, _with_schools(reader, pd.concat(frames, ignore_index=True)))
    if limit is None or len(whole) <= limit:
        return whole
    sys.stdout.write(f"{limit:,} of {len(whole):,} rows; limit=None shows all.\n")
    return whole.head(limit)


def _rows_of(found: Differences, run_id: str) -> pd.DataFrame:
    rows = found.records.merge(found.told, on="record", how="left", sort=False)
    rows.insert(0, "run_id", run_id)
    rows["school"] = rows["school_after"].fillna(rows["school_before"])
    rows["position"] = rows["position_after"].fillna(rows["position_before"])
    return rows[
        ["run_id", "change", *found.keys, "name", "school", "field", "before", "after", "position"]
    ].astype({"run_id": "string"})


def _with_schools(reader: Reader, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, with the schools' names in place of their ids; an id that has none stays."""
    if not reader.built or rows["school"].isna().all():
        return rows
    names = school_names(reader)
    return rows.assign(school=rows["school"].map(names).astype("string").fillna(rows["school"]))


def _with_names(reader: Reader, endpoint: Endpoint, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, with the names of the people to whom the records of an endpoint belong."""
    is_blank = rows["name"].isna().all()
    if is_blank and endpoint.is_personal and reader.built and len(rows):
        key, mart = ("student_id", "students") if "student_id" in rows else ("contact_id", "contacts")
        people = reader.frame(
            f"select {key}, concat_ws(' ', first_name, last_name) as name from {mart} "
            f"where {key} in (select unnest($ids))",
            {"ids": rows[key].dropna().unique().tolist()},
        ).drop_duplicates(key)
        rows = rows.assign(name=rows[key].map(people.set_index(key)["name"]).astype("string"))
    return rows.drop(columns=[column for column in ("name", "school") if rows[column].isna().all()])
