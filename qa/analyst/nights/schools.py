"""Schools in two runs: how many students each has, and who came, left and moved."""

from __future__ import annotations

import pandas as pd

from extract.store.label_columns import pointer
from qa.analyst.nights.differences import Differences
from qa.analyst.reader import Reader, query

_NAMES = "select distinct on (school_id) school_id, name as school from schools"
_COLUMNS = ["before", "added", "removed", "moved_in", "moved_out", "changed", "after"]


def school_names(reader: Reader) -> pd.Series:
    """The schools' names by their ids, as the warehouse has them; none where no run was built."""
    if reader.built is None:
        return pd.Series(dtype="string")
    return reader.frame(_NAMES).set_index("school_id")["school"]


def compare_schools(reader: Reader, students: Differences, after: str) -> pd.DataFrame:
    """One row per school that has students in one of the runs: school_id, its name, and numbers of students.

    `changed` counts students who stayed at the school and of whom something else changed. A record without
    school is of the school NA. The earlier run's numbers follow from the later one's and what differs.

    Args:
        reader: the run's files.
        students: how the two runs differ.
        after: the later run.
    """
    labels = students.labels.get("school_id") or ["building"]
    counted = reader.frame(
        query("students_by_school"), {"run_id": after, "pointers": [pointer(label) for label in labels]}
    )
    records = students.records
    moved = records["school_before"].fillna("") != records["school_after"].fillna("")
    is_changed = records["change"] == "changed"
    schools = {
        "added": records.loc[records["change"] == "added", "school_after"],
        "removed": records.loc[records["change"] == "removed", "school_before"],
        "moved_in": records.loc[is_changed & moved, "school_after"],
        "moved_out": records.loc[is_changed & moved, "school_before"],
        "changed": records.loc[is_changed & ~moved, "school_after"],
    }
    numbers = {name: its.fillna("").value_counts() for name, its in schools.items()}
    numbers["after"] = counted.set_index(counted["school_id"].fillna(""))["records"]
    table = pd.DataFrame(numbers).fillna(0)
    table = table.reindex(sorted(table.index, key=_as_a_number))
    table["before"] = (
        table["after"] - table["added"] + table["removed"] - table["moved_in"] + table["moved_out"]
    )
    table["school_id"] = pd.array([school or pd.NA for school in table.index], dtype="string")
    table["school"] = school_names(reader).reindex(table.index).astype("string").array
    whole = table.astype(dict.fromkeys(_COLUMNS, "Int64")).reset_index(drop=True)
    return whole[["school_id", "school", *_COLUMNS]]


def _as_a_number(school_id: str) -> tuple[bool, int, str]:
    is_number = school_id.isascii() and school_id.isdigit()
    return not is_number, int(school_id) if is_number else 0, school_id
