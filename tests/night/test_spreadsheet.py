"""The lists in private/: no spreadsheet runs a cell of them, and all of them are written or none."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from district.folder import DistrictFolder, NightFolder
from night.machine.troubles import watch, words_of
from qa.redaction.labels import write_labels
from qa.redaction.spreadsheet import ENCODING, MOST_CHARACTERS, lists_together

RUN = "20261123T020005123Z"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return DistrictFolder.of(tmp_path, "oak-hill").night(RUN).make()


def test_a_label_is_a_text_for_a_spreadsheet_and_of_a_sane_length(night: NightFolder) -> None:
    long = "Zoë" * 5000
    numbered = [(1, "Student", "=cmd|x", 5, 3, "unrecognized", None), (2, "Student", long, 5, 3, None, None)]
    write_labels(night, numbered, [("Student", "@ssn")])
    assert night.labels.read_bytes().startswith(b"\xef\xbb\xbfnumber,")
    with night.labels.open(encoding=ENCODING, newline="") as file:
        labels = [row["label"] for row in csv.DictReader(file)]
    assert labels == ["'=cmd|x", f"{long[:MOST_CHARACTERS]}…", "'@ssn"]


def test_where_one_list_can_not_be_written_none_is_changed_and_the_folder_is_named(
    night: NightFolder,
) -> None:
    first, second = night.worklist("first"), night.worklist("second")
    with lists_together() as lists:
        assert lists.write(first, ["a"], [["before"]]) == 1
    before = first.read_bytes()

    def rows_until_the_disk_is_full() -> Iterator[list[str]]:
        yield ["a"]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    watch(night.district.path.parent)
    with pytest.raises(OSError) as full, lists_together() as lists:
        lists.write(first, ["a"], [["after"]])
        lists.write(second, ["a"], rows_until_the_disk_is_full())
    assert first.read_bytes() == before
    assert [path.name for path in night.private.iterdir()] == ["first.csv"]
    assert words_of(full.value) == (
        f"the disk is full: no room in oak-hill/nights/{RUN}/private in the data folder. Free some space "
        "there, then run it again. Nothing of an earlier run was lost"
    )
