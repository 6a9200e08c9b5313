"""Any text goes through the files of the import and comes back: quotes, line ends, blanks, words for null."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from district.folder import DistrictFolder
from night.baseline import Baseline, write_baseline
from tests.night.imports import write_import

RUN = "20261123T020005123Z"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    [
        '"',
        '""',
        ",",
        "\r",
        "\n",
        "\r\n",
        '",\r\n"',
        "NULL",
        "null",
        "\\",
        '\\"',
        "'",
        "=1+1",
        " ",
        "\t",
        "\ufeff",
        "-",
    ]
)
CELLS = st.none() | TEXTS


@settings(max_examples=15)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=10, max_size=60))
def test_hostile_texts_come_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, ...]]
) -> None:
    folder = DistrictFolder.of(tmp_path_factory.mktemp("hostile"), "oak-hill").make()
    fields = ("last_name", "middle_name", "sis_internal_id")
    sent = [
        {"student_id": f"{place:03}", **dict(zip(fields, row, strict=True))} for place, row in enumerate(rows)
    ]
    write_import(folder.night(RUN), sent)
    folder.publish(folder.night(RUN))
    assert write_baseline(folder) == Baseline(RUN, None, {"students.csv": len(rows), "guardians.csv": 0})
    names = ", ".join(fields)
    with duckdb.connect(str(folder.baseline), read_only=True) as con:
        read = con.execute(f"select {names} from published.students order by student_id").fetchall()
    assert read == rows
