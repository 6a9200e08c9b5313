"""The import files of two nights, compared row by row and column by column."""

from __future__ import annotations

import pandas as pd
import pytest

from district.folder import DistrictFolder
from district.import_layouts import layout_columns
from qa.analyst.nights.files import compare_files

FIRST, SECOND = "20261121T020005000Z", "20261122T020005000Z"


def test_the_import_files_of_two_nights(workbench_district):
    district = workbench_district.open()
    first, _, last = workbench_district.run_ids
    files = district.compare(first, last).file
    for name, keys in (("students.csv", ["Student Id"]), ("guardians.csv", ["Student Id", "Guardian Id"])):
        before, after = (
            pd.read_csv(workbench_district.folder.night(run).export / name, dtype="string").set_index(keys)
            for run in (first, last)
        )
        shared = before.index.intersection(after.index)
        is_other = before.loc[shared].fillna("") != after.loc[shared].fillna("")
        whole = files[(files["file"] == name) & files["column"].isna()].iloc[0]
        assert [whole["before"], whole["after"]] == [len(before), len(after)]
        assert [whole["added"], whole["removed"]] == [len(after) - len(shared), len(before) - len(shared)]
        assert whole["changed"] == is_other.any(axis=1).sum() > 0
        columns = files[(files["file"] == name) & files["column"].notna()].set_index("column")["changed"]
        counted = is_other.sum()
        assert columns.to_dict() == counted[counted > 0].to_dict()
    schools = district.compare(first, last).schools
    assert schools["school"].notna().all()


@pytest.mark.parametrize("layout", sorted({one.layout for one in layout_columns()}))
def test_every_column_of_every_layout_is_compared(tmp_path, layout):
    nights = [DistrictFolder(tmp_path).night(run).make() for run in (FIRST, SECOND)]
    columns: dict[str, list[str]] = {}
    for one in layout_columns():
        if one.layout == layout:
            columns.setdefault(one.file, []).append(one.column_name)
    keys = {"Student Id", "Guardian Id"}
    for night in nights:
        night.export.mkdir()
        for file, names in columns.items():
            row = [name if name in keys else night.run_id for name in names]
            pd.DataFrame([row], columns=names).to_csv(night.export / file, index=False)
    found = compare_files(*nights)
    for file, names in columns.items():
        told = found[(found["file"] == file) & found["column"].notna()]["column"]
        assert told.tolist() == [name for name in names if name not in keys]
